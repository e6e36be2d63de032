/** Signing: RS256 under the key that is active now. */
import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from '../../base/secret.ts'
import type { Call } from '../call.ts'
import { signedPart } from './jwt.ts'
import { activeKey } from './signing-keys.ts'

const signBytes = promisify(
  (data: string, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', Buffer.from(data), key, done),
)

/** Signs claims into a token; the header of version 1.0 names its key twice. */
export async function signToken(
  call: Call,
  claims: object,
  version: '1.0' | '2.0',
): Promise<Secret<string>> {
  const { kid, privateKey } = await activeKey(call)
  const header =
    version === '1.0'
      ? { typ: 'JWT', alg: 'RS256', x5t: kid, kid }
      : { typ: 'JWT', alg: 'RS256', kid }
  const signed = signedPart(header, claims)
  const signature = await signBytes(signed, privateKey)
  return new Secret(`${signed}.${signature.toString('base64url')}`)
}
