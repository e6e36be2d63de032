/** The key set that the token service publishes: public halves only, whatever is asked. */
import type { Call } from '../call.ts'
import { publishedKeys, type SigningKey } from './signing-keys.ts'

export interface PublishedJwk {
  readonly kty: 'RSA'
  readonly use: 'sig'
  readonly kid: string
  readonly x5t: string
  readonly n: string
  readonly e: string
  /** base64 DER, the certificate alone. */
  readonly x5c: readonly string[]
}

/** The keys that verify our tokens, the newest first. */
export async function jwks(call: Call): Promise<PublishedJwk[]> {
  return (await publishedKeys(call)).map(toJwk)
}

function toJwk(key: SigningKey): PublishedJwk {
  const { n = '', e = '' } = key.publicKey.export({ format: 'jwk' })
  return {
    kty: 'RSA',
    use: 'sig',
    kid: key.kid,
    x5t: key.kid,
    n,
    e,
    x5c: [key.certificate.toString('base64')],
  }
}
