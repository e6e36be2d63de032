/** The key set that the token service publishes: public halves only, whatever is asked. */
import type { Call } from '../call.ts'
import { publishedKeys, rollSigningKeys, type SigningKey } from './signing-keys.ts'

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

/** The keys that verify our tokens, the newest first: never none, since clients keep what they get. */
export async function jwks(call: Call): Promise<PublishedJwk[]> {
  const published = await publishedKeys(call)
  if (published.length > 0) return published.map(toJwk)
  await rollSigningKeys(call)
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
