/** The algorithms of Key Vault's keys, one row each. */
import { constants } from 'node:crypto'
import type { Hash, RsaEncoding } from './rsa-signatures.ts'

export type SignatureAlgorithm =
  | { readonly family: 'rsa'; readonly encoding: RsaEncoding; readonly hash: Hash }
  | { readonly family: 'ec'; readonly curve: string; readonly hash: Hash }

export const DIGEST_BYTES: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 }

const SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  RS256: { family: 'rsa', encoding: 'pkcs1', hash: 'sha256' },
  RS384: { family: 'rsa', encoding: 'pkcs1', hash: 'sha384' },
  RS512: { family: 'rsa', encoding: 'pkcs1', hash: 'sha512' },
  PS256: { family: 'rsa', encoding: 'pss', hash: 'sha256' },
  PS384: { family: 'rsa', encoding: 'pss', hash: 'sha384' },
  PS512: { family: 'rsa', encoding: 'pss', hash: 'sha512' },
  ES256: { family: 'ec', curve: 'P-256', hash: 'sha256' },
  ES384: { family: 'ec', curve: 'P-384', hash: 'sha384' },
  ES512: { family: 'ec', curve: 'P-521', hash: 'sha512' },
  ES256K: { family: 'ec', curve: 'P-256K', hash: 'sha256' },
}

/** Node's options for one way of RSA encryption. */
export interface EncryptionAlgorithm {
  readonly padding: number
  readonly oaepHash?: string
}

const ENCRYPTIONS: Readonly<Record<string, EncryptionAlgorithm>> = {
  'RSA-OAEP': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  'RSA-OAEP-256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
  RSA1_5: { padding: constants.RSA_PKCS1_PADDING },
}

export const SIGNATURE_ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  Object.entries(SIGNATURES),
)
export const ENCRYPTION_ALGORITHMS: ReadonlyMap<string, EncryptionAlgorithm> = new Map(
  Object.entries(ENCRYPTIONS),
)
