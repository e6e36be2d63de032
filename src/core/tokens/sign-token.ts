/** Signing: RS256 under the key that is active now. */
import { Secret } from '../../base/secret.ts'
import type { Call } from '../call.ts'
import { signJwt } from './jwt.ts'
import { activeKey } from './signing-keys.ts'

/** Signs claims into a token; the header of version 1.0 names its key twice. */
export async function signToken(
  call: Call,
  claims: object,
  version: '1.0' | '2.0',
): Promise<Secret<string>> {
  const { kid, privateKey } = await activeKey(call)
  const header = version === '1.0' ? { x5t: kid, kid } : { kid }
  return new Secret(await signJwt(header, claims, privateKey))
}
