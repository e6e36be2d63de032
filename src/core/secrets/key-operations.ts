/**
 * Using a key: the private half is opened for one operation and never leaves.
 *
 * A key must be enabled and allow the operation. Outside its validity times it still undoes what it
 * once did (decrypt, unwrap, verify), so that nobody is locked out of their data, but makes nothing
 * new (https://learn.microsoft.com/azure/key-vault/keys/about-keys-details).
 */
import { type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import type { KeysTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import {
  DIGEST_BYTES,
  ENCRYPTION_ALGORITHMS,
  SIGNATURE_ALGORITHMS,
  type SignatureAlgorithm,
} from './algorithms.ts'
import { KEYS, notAllowedWhenDisabled, type ObjectName } from './collection.ts'
import { signDigest, verifyDigest } from './ecdsa.ts'
import { badProperty, curveOf, privateKeyOf, publicKeyOf } from './key-material.ts'
import { type KeyVersion, keyOf, sealContext } from './keys.ts'
import { signRsa, verifyRsa } from './rsa-signatures.ts'
import { readVersion } from './versions.ts'

export type KeyOperation = 'encrypt' | 'decrypt' | 'sign' | 'verify' | 'wrapKey' | 'unwrapKey'

export interface KeyUse extends ObjectName {
  readonly algorithm: string
  /** Plain text, cipher text or digest, as the operation takes it. */
  readonly value: Uint8Array
}

export interface KeyResult {
  /** The version that was used. */
  readonly key: KeyVersion
  readonly value: Buffer
}

/** Operations that make something new, and so are refused outside the key's validity times. */
const ONLY_WHILE_VALID: ReadonlySet<KeyOperation> = new Set(['encrypt', 'sign', 'wrapKey'])

/** Signs a digest. EC signatures are r and s, one after the other, as in a JWS. */
export async function sign(call: Call, use: KeyUse): Promise<KeyResult> {
  const { row, key } = await usableKey(call, use, 'sign')
  const algorithm = signatureAlgorithm(call, use, key)
  const privateKey = openPrivateKey(call, row)
  const value =
    algorithm.family === 'rsa'
      ? signRsa(privateKey, algorithm.encoding, algorithm.hash, use.value)
      : signDigest(curveOf({ crv: algorithm.curve }), privateKey, use.value)
  return { key, value }
}

/** Whether the signature is the key's own over the digest, which is the use's value. */
export async function verify(
  call: Call,
  use: KeyUse & { readonly signature: Uint8Array },
): Promise<boolean> {
  const { key } = await usableKey(call, use, 'verify')
  const algorithm = signatureAlgorithm(call, use, key)
  const publicKey = publicKeyOf(key.members)
  return algorithm.family === 'rsa'
    ? verifyRsa(publicKey, algorithm.encoding, algorithm.hash, use.value, use.signature)
    : verifyDigest(curveOf({ crv: algorithm.curve }), publicKey, use.value, use.signature)
}

/** Encrypts, or wraps a key, which is the same thing under another permission. */
export async function encrypt(
  call: Call,
  use: KeyUse,
  operation: 'encrypt' | 'wrapKey' = 'encrypt',
): Promise<KeyResult> {
  const { key } = await usableKey(call, use, operation)
  const options = { ...encryptionAlgorithm(use), key: publicKeyOf(key.members) }
  return { key, value: attempt(() => publicEncrypt(options, use.value)) }
}

/** Decrypts, or unwraps a key. */
export async function decrypt(
  call: Call,
  use: KeyUse,
  operation: 'decrypt' | 'unwrapKey' = 'decrypt',
): Promise<KeyResult> {
  const { row, key } = await usableKey(call, use, operation)
  const options = { ...encryptionAlgorithm(use), key: openPrivateKey(call, row) }
  return { key, value: attempt(() => privateDecrypt(options, use.value)) }
}

async function usableKey(
  call: Call,
  of: ObjectName,
  operation: KeyOperation,
): Promise<{ row: KeysTable; key: KeyVersion }> {
  const row = await readVersion(call.db, KEYS, of)
  const key = keyOf(row)
  const { enabled, notBefore, expires } = key.attributes
  if (!enabled) throw notAllowedWhenDisabled('keys', operation)
  if (!key.keyOperations.includes(operation)) {
    throw new Failure(
      'forbidden',
      'Forbidden',
      `Operation ${operation} is not permitted on this key.`,
      { inner: 'KeyOperationForbidden' },
    )
  }
  if (ONLY_WHILE_VALID.has(operation)) {
    if (notBefore !== undefined && call.now < notBefore) throw outsideValidity(operation, 'early')
    if (expires !== undefined && call.now >= expires) throw outsideValidity(operation, 'late')
  }
  return { row, key }
}

function openPrivateKey(call: Call, row: KeysTable): KeyObject {
  return privateKeyOf(call.seal.open(row.private_key, sealContext(row)))
}

function signatureAlgorithm(call: Call, use: KeyUse, key: KeyVersion): SignatureAlgorithm {
  const algorithm = SIGNATURE_ALGORITHMS.get(use.algorithm)
  if (algorithm === undefined) throw badProperty('alg')
  refuseIncompatible(call, use, key, algorithm)
  const expected = DIGEST_BYTES[algorithm.hash]
  if (use.value.length !== expected) {
    throw new Failure(
      'invalid',
      'BadParameter',
      `Invalid length of 'value': ${use.value.length} bytes. ${use.algorithm} requires ` +
        `${expected} bytes, encoded with base64url.`,
    )
  }
  return algorithm
}

function refuseIncompatible(
  call: Call,
  use: KeyUse,
  { name, version, kty, members }: KeyVersion,
  algorithm: SignatureAlgorithm,
): void {
  const origin = call.names.accountOrigin('vault', use.vault.name)
  const refusal = (has: string, needs: string) =>
    new Failure(
      'invalid',
      'BadParameter',
      `Key and signing algorithm are incompatible. Key ${origin}/keys/${name}/${version} ${has}, ` +
        `and algorithm '${use.algorithm}' can only be used with ${needs}.`,
    )
  const family = 'crv' in members ? 'ec' : 'rsa'
  if (family !== algorithm.family) {
    const type = algorithm.family === 'ec' ? 'EC' : 'RSA'
    throw refusal(`is of type '${kty}'`, `a key of type '${type}' or '${type}-HSM'`)
  }
  if ('crv' in members && algorithm.family === 'ec' && members.crv !== algorithm.curve) {
    throw refusal(`uses curve '${members.crv}'`, `curve '${algorithm.curve}'`)
  }
}

function encryptionAlgorithm(use: KeyUse) {
  const algorithm = ENCRYPTION_ALGORITHMS.get(use.algorithm)
  if (algorithm === undefined) throw badProperty('alg')
  return algorithm
}

/** OpenSSL says no more than that it failed, and neither do we: why would help only an attacker. */
function attempt(operation: () => Buffer): Buffer {
  try {
    return operation()
  } catch {
    throw new Failure('invalid', 'BadParameter', 'The parameter is incorrect.\r\n')
  }
}

function outsideValidity(operation: KeyOperation, when: 'early' | 'late'): Failure {
  const [why, inner] =
    when === 'early'
      ? ['a key that is not yet valid', 'KeyNotYetValid']
      : ['an expired key', 'KeyExpired']
  const message = `Operation ${operation} is not allowed on ${why}.`
  return new Failure('forbidden', 'Forbidden', message, { inner })
}
