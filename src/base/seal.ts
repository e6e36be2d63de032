/**
 * Sealing: how secret values and private keys rest in the database.
 *
 * AES-256-GCM under the instance's master key, a random nonce each, the context bound in as
 * associated data: a sealed value moved to another row does not open. The key comes from a file
 * (0600) or the environment and is never stored beside what it seals.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { Secret } from './secret.ts'

const CIPHER = 'aes-256-gcm'
export const MASTER_KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Seal {
  /** Seals bytes for one place, such as `secret:{vault}/{name}/{version}`. */
  close(plain: Uint8Array, context: string): Uint8Array
  /** Opens what was sealed for the same place. @throws Error when key, context or bytes differ */
  open(sealed: Uint8Array, context: string): Buffer
}

export function openSeal(masterKey: Secret<Uint8Array>): Seal {
  if (masterKey.reveal().length !== MASTER_KEY_BYTES) {
    throw new Error(`the master key must have ${MASTER_KEY_BYTES} bytes`)
  }
  const key = createSecretKey(masterKey.reveal())
  return {
    close(plain, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context))
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ])
    },
  }
}
