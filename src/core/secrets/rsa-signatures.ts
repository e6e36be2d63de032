/**
 * RSA signatures over a digest. Key Vault's callers send the digest, and Node signs only what it
 * has hashed itself; so the two encodings of RFC 8017 are written out here, and OpenSSL does the
 * (blinded) RSA operation on them.
 */
import {
  constants,
  createHash,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

export type Hash = 'sha256' | 'sha384' | 'sha512'
export type RsaEncoding = 'pkcs1' | 'pss'

/** The DER in front of a digest that says which hash it is: RFC 8017, section 9.2, note 1. */
const DIGEST_INFO: Readonly<Record<Hash, Buffer>> = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha384: Buffer.from('3041300d060960864801650304020205000430', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
}

const PSS_TRAILER = 0xbc
const { RSA_NO_PADDING, RSA_PKCS1_PADDING } = constants

export function signRsa(
  key: KeyObject,
  encoding: RsaEncoding,
  hash: Hash,
  digest: Uint8Array,
): Buffer {
  return encoding === 'pkcs1'
    ? privateEncrypt({ key, padding: RSA_PKCS1_PADDING }, digestInfo(hash, digest))
    : privateEncrypt({ key, padding: RSA_NO_PADDING }, encodePss(hash, digest, modulusBytes(key)))
}

export function verifyRsa(
  key: KeyObject,
  encoding: RsaEncoding,
  hash: Hash,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== modulusBytes(key)) return false
  try {
    if (encoding === 'pss') {
      return isPssOf(hash, digest, publicDecrypt({ key, padding: RSA_NO_PADDING }, signature))
    }
    const signed = publicDecrypt({ key, padding: RSA_PKCS1_PADDING }, signature)
    const expected = digestInfo(hash, digest)
    return signed.length === expected.length && timingSafeEqual(signed, expected)
  } catch {
    // The padding is not that of a signature by this key.
    return false
  }
}

function digestInfo(hash: Hash, digest: Uint8Array): Buffer {
  return Buffer.concat([DIGEST_INFO[hash], digest])
}

function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8
}

/** RFC 8017, section 9.1.1, with a salt as long as the digest, for a modulus of whole bytes. */
function encodePss(hash: Hash, digest: Uint8Array, length: number): Buffer {
  const salt = randomBytes(digest.length)
  const hashed = saltedHash(hash, digest, salt)
  const block = Buffer.alloc(length - hashed.length - 1)
  block[block.length - salt.length - 1] = 1
  salt.copy(block, block.length - salt.length)
  const masked = xor(block, mask(hash, hashed, block.length))
  masked[0] = (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, hashed, Buffer.from([PSS_TRAILER])])
}

/** RFC 8017, section 9.1.2, for salts as long as the digest. */
function isPssOf(hash: Hash, digest: Uint8Array, encoded: Buffer): boolean {
  if (encoded.at(-1) !== PSS_TRAILER || (encoded[0] ?? 0) > 0x7f) return false
  const maskedLength = encoded.length - digest.length - 1
  const masked = encoded.subarray(0, maskedLength)
  const hashed = encoded.subarray(maskedLength, -1)
  const block = xor(masked, mask(hash, hashed, maskedLength))
  block[0] = (block[0] ?? 0) & 0x7f
  const saltAt = maskedLength - digest.length
  if (block[saltAt - 1] !== 1 || block.subarray(0, saltAt - 1).some((byte) => byte !== 0)) {
    return false
  }
  return timingSafeEqual(saltedHash(hash, digest, block.subarray(saltAt)), hashed)
}

function saltedHash(hash: Hash, digest: Uint8Array, salt: Uint8Array): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest()
}

/** MGF1: RFC 8017, appendix B.2.1. */
function mask(hash: Hash, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = []
  for (let counter = 0, have = 0; have < length; counter++) {
    const suffix = Buffer.alloc(4)
    suffix.writeUInt32BE(counter)
    const block = createHash(hash).update(seed).update(suffix).digest()
    blocks.push(block)
    have += block.length
  }
  return Buffer.concat(blocks).subarray(0, length)
}

function xor(one: Uint8Array, other: Uint8Array): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)))
}
