/**
 * The other side of `client-assertion.ts`: what a client of the token service writes to prove itself
 * with a certificate. It needs nothing that any other client would not have.
 */
import type { KeyObject } from 'node:crypto'
import { thumbprint } from '../../base/certificate.ts'
import { epochSeconds, type Instant } from '../../base/clock.ts'
import { newId } from '../../base/ids.ts'
import { signJwt } from './jwt.ts'

/** What `client_assertion_type` says of every assertion. */
export const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** As long as Microsoft's own libraries give theirs. */
const LIFE_SECONDS = 600

export interface AssertingClient {
  readonly clientId: string
  /** DER. */
  readonly certificate: Uint8Array
  readonly privateKey: KeyObject
  /** The URL of the token endpoint. */
  readonly audience: string
  readonly now: Instant
  /** Claims beside the usual ones. */
  readonly claims?: object
}

export function signClientAssertion(client: AssertingClient): Promise<string> {
  const { clientId, certificate, privateKey, audience, claims } = client
  const now = epochSeconds(client.now)
  const header = { x5t: thumbprint(certificate, 'sha1').toString('base64url') }
  const usual = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: newId(),
    nbf: now,
    exp: now + LIFE_SECONDS,
  }
  return signJwt(header, { ...usual, ...claims }, privateKey)
}
