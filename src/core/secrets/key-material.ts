/**
 * Making keys, and taking them in. This is slow cryptography: it happens before the transaction
 * that keeps the key (`keys.ts`), never inside one.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import { Failure } from '../../base/failure.ts'
import { Secret } from '../../base/secret.ts'
import { CURVES, type Curve } from './elliptic-curves.ts'
import type { Vault } from './vault.ts'

export type KeyType = 'RSA' | 'RSA-HSM' | 'EC' | 'EC-HSM'

/** The public half, in Key Vault's names: `n` and `e`, or `crv`, `x` and `y`; base64url. */
export type PublicKeyMembers =
  | { readonly n: string; readonly e: string }
  | { readonly crv: string; readonly x: string; readonly y: string }

export interface KeyMaterial {
  readonly kty: KeyType
  readonly members: PublicKeyMembers
  /** PKCS#8 DER. */
  readonly privateKey: Secret<Buffer>
}

/** How each type of key is made, and what it can do if nobody says less. */
const KEY_TYPES: Readonly<Record<KeyType, { family: 'rsa' | 'ec'; hsm: boolean }>> = {
  RSA: { family: 'rsa', hsm: false },
  'RSA-HSM': { family: 'rsa', hsm: true },
  EC: { family: 'ec', hsm: false },
  'EC-HSM': { family: 'ec', hsm: true },
}

const USES: Readonly<Record<'rsa' | 'ec', readonly string[]>> = {
  rsa: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
  ec: ['sign', 'verify'],
}

const RSA_KEY_BITS: readonly number[] = [2048, 3072, 4096]
const DEFAULT_RSA_KEY_BITS = 2048
const PUBLIC_EXPONENT = 65537
const DEFAULT_CURVE = 'P-256'

const generate = promisify(generateKeyPair)

/** All a key of this type can be used for, in the order Azure lists it. */
export function usesOf(kty: KeyType): readonly string[] {
  return USES[KEY_TYPES[kty].family]
}

/**
 * Makes a new key for a vault.
 * @throws Failure invalid `BadParameter` when the type, the size or the curve is not offered
 */
export async function generateKeyMaterial(asked: {
  readonly vault: Vault
  readonly kty: string
  readonly keySizeBits?: number | undefined
  readonly curve?: string | undefined
  readonly publicExponent?: number | undefined
}): Promise<KeyMaterial> {
  const kty = offeredType(asked.vault, asked.kty)
  if (KEY_TYPES[kty].family === 'ec') {
    const curve = CURVES.get(asked.curve ?? DEFAULT_CURVE)
    if (curve === undefined) throw badProperty('crv')
    const { privateKey } = await generate('ec', { namedCurve: curve.openssl })
    return material(kty, privateKey)
  }
  const modulusLength = asked.keySizeBits ?? DEFAULT_RSA_KEY_BITS
  if (!RSA_KEY_BITS.includes(modulusLength)) {
    throw new Failure('invalid', 'BadParameter', 'Unsupported key size')
  }
  if ((asked.publicExponent ?? PUBLIC_EXPONENT) !== PUBLIC_EXPONENT) {
    throw badProperty('public_exponent')
  }
  const { privateKey } = await generate('rsa', { modulusLength, publicExponent: PUBLIC_EXPONENT })
  return material(kty, privateKey)
}

/** Makes new material of the kind that a key of the vault has already. */
export async function generateSameKind(
  kty: KeyType,
  members: PublicKeyMembers,
): Promise<KeyMaterial> {
  if ('crv' in members) {
    const { privateKey } = await generate('ec', { namedCurve: curveOf(members).openssl })
    return material(kty, privateKey)
  }
  const modulusLength = modulusBits(members)
  const { privateKey } = await generate('rsa', { modulusLength, publicExponent: PUBLIC_EXPONENT })
  return material(kty, privateKey)
}

/**
 * Takes in a private key that was made elsewhere, as a JSON web key in Key Vault's names.
 * @throws Failure invalid `BadParameter` when it is not a whole, consistent key of an offered kind
 */
export function importKeyMaterial(asked: {
  readonly vault: Vault
  readonly jwk: Readonly<Record<string, unknown>>
}): KeyMaterial {
  const kty = offeredType(asked.vault, asked.jwk.kty)
  const privateKey = readPrivateKey(kty, asked.jwk)
  if (privateKey === undefined || !isWhole(kty, privateKey)) throw badProperty('key')
  return material(kty, privateKey)
}

/** The public half as a key object. */
export function publicKeyOf(members: PublicKeyMembers): KeyObject {
  const jwk: JsonWebKey =
    'n' in members
      ? { kty: 'RSA', ...members }
      : { kty: 'EC', ...members, crv: curveOf(members).jwk }
  return createPublicKey({ format: 'jwk', key: jwk })
}

/** The size of an RSA key, by which it is told from others. */
export function modulusBits(members: PublicKeyMembers): number {
  const bits = publicKeyOf(members).asymmetricKeyDetails?.modulusLength
  if (bits === undefined) throw new Error('an RSA key without a modulus')
  return bits
}

export function privateKeyOf(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.from(pkcs8) })
}

export function curveOf({ crv }: { readonly crv: string }): Curve {
  const curve = CURVES.get(crv)
  if (curve === undefined) throw new Error(`unknown curve ${crv}`)
  return curve
}

/** How Azure speaks of a member of the body that does not do. */
export function badProperty(name: string): Failure {
  return new Failure('invalid', 'BadParameter', `Property ${name} has invalid value\r\n`, {
    target: name,
  })
}

function offeredType(vault: Vault, kty: unknown): KeyType {
  if (typeof kty !== 'string' || !Object.hasOwn(KEY_TYPES, kty)) throw badProperty('kty')
  const type = kty as KeyType
  if (KEY_TYPES[type].hsm && vault.sku !== 'premium') throw badProperty('kty')
  return type
}

function readPrivateKey(
  kty: KeyType,
  jwk: Readonly<Record<string, unknown>>,
): KeyObject | undefined {
  const curve = KEY_TYPES[kty].family === 'ec' ? CURVES.get(String(jwk.crv)) : undefined
  const members = curve ? { kty: 'EC', crv: curve.jwk } : { kty: 'RSA' }
  try {
    return createPrivateKey({ format: 'jwk', key: { ...jwk, ...members } as JsonWebKey })
  } catch {
    return undefined
  }
}

/** Whether the parts belong together: what the private half signs, the public half verifies. */
function isWhole(kty: KeyType, privateKey: KeyObject): boolean {
  const bits = privateKey.asymmetricKeyDetails?.modulusLength
  if (KEY_TYPES[kty].family === 'rsa' && !RSA_KEY_BITS.includes(bits ?? 0)) return false
  const probe = Buffer.from('probe')
  try {
    const claimed = createPublicKey({ format: 'jwk', key: publicJwk(privateKey) })
    return verify('sha256', probe, claimed, sign('sha256', probe, privateKey))
  } catch {
    return false
  }
}

function publicJwk(privateKey: KeyObject): JsonWebKey {
  const { n = '', e = '', crv = '', x = '', y = '' } = privateKey.export({ format: 'jwk' })
  return privateKey.asymmetricKeyType === 'rsa' ? { kty: 'RSA', n, e } : { kty: 'EC', crv, x, y }
}

function material(kty: KeyType, privateKey: KeyObject): KeyMaterial {
  const { n = '', e = '', crv, x = '', y = '' } = publicJwk(privateKey)
  const curve = [...CURVES.values()].find((row) => row.jwk === crv)
  return {
    kty,
    members: curve === undefined ? { n, e } : { crv: curve.name, x, y },
    privateKey: new Secret(privateKey.export({ format: 'der', type: 'pkcs8' })),
  }
}
