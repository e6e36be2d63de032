/**
 * ECDSA over a digest. Key Vault's callers hash for themselves and send the digest, and Node signs
 * only what it has hashed itself; so the equation is written out here.
 *
 * The nonce's point is computed by OpenSSL, constant in time. The rest of a signature is arithmetic
 * on numbers blinded by a random factor, so that its timing says nothing about nonce or key.
 */
import { type KeyObject, randomBytes } from 'node:crypto'
import {
  affineX,
  type Curve,
  fromBytes,
  inverted,
  modulo,
  timesGenerator,
  toBytes,
  twoProducts,
} from './elliptic-curves.ts'

/** Random bytes beyond the order's own, so that reducing them favours no value. */
const EXTRA_RANDOM_BYTES = 16

/** Signs a digest no longer than the order; gives r and s, each as long as a coordinate. */
export function signDigest(curve: Curve, privateKey: KeyObject, digest: Uint8Array): Buffer {
  const { d } = privateKey.export({ format: 'jwk' })
  const secret = fromBytes(Buffer.from(d ?? '', 'base64url'))
  for (;;) {
    const nonce = randomScalar(curve)
    const r = modulo(timesGenerator(curve, nonce).x, curve.n)
    const s = signature(curve, { nonce, r, secret, digest: fromBytes(digest) })
    if (r !== 0n && s !== 0n) {
      return Buffer.concat([toBytes(r, curve.coordinateBytes), toBytes(s, curve.coordinateBytes)])
    }
  }
}

/** s = (digest + r·secret) / nonce, every term multiplied by a factor that cancels out. */
function signature(
  { n }: Curve,
  of: { nonce: bigint; r: bigint; secret: bigint; digest: bigint },
): bigint {
  const blind = randomScalar({ n })
  const blindedSecret = (blind * of.secret) % n
  const numerator = (blind * of.digest + blindedSecret * of.r) % n
  return (inverted((blind * of.nonce) % n, n) * numerator) % n
}

/** Whether the signature, r and s, is the key's own over the digest. */
export function verifyDigest(
  curve: Curve,
  publicKey: KeyObject,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== 2 * curve.coordinateBytes) return false
  const r = fromBytes(signature.subarray(0, curve.coordinateBytes))
  const s = fromBytes(signature.subarray(curve.coordinateBytes))
  if (r <= 0n || r >= curve.n || s <= 0n || s >= curve.n) return false
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = {
    x: fromBytes(Buffer.from(x, 'base64url')),
    y: fromBytes(Buffer.from(y, 'base64url')),
    z: 1n,
  }
  const inverse = inverted(s, curve.n)
  const u = modulo(fromBytes(digest) * inverse, curve.n)
  const v = modulo(r * inverse, curve.n)
  const sum = affineX(curve, twoProducts(curve, u, timesGenerator(curve, 1n), v, point))
  return sum !== undefined && modulo(sum, curve.n) === r
}

/** A number from 1 to n - 1. */
function randomScalar({ n }: Pick<Curve, 'n'>): bigint {
  const bytes = Math.ceil(n.toString(16).length / 2) + EXTRA_RANDOM_BYTES
  return modulo(fromBytes(randomBytes(bytes)), n - 1n) + 1n
}
