/** Id tokens (OpenID Connect): who signed in, told to the client alone. They open no door. */
import { randomBytes } from 'node:crypto'
import { epochSeconds, type Instant } from '../../base/clock.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../call.ts'
import { issuerV1, issuerV2 } from './issuers.ts'
import { signToken } from './sign-token.ts'
import { pairwiseSubject, type UserSubject } from './user-claims.ts'

const LIFE_SECONDS = 3_600
const BACKDATED_SECONDS = 300

/** Issues an id token in the words of the endpoint's version. */
export function issueIdToken(
  call: Call,
  {
    user,
    version,
    nonce,
    authenticatedAt,
    roles = [],
  }: {
    readonly user: UserSubject
    readonly version: '1.0' | '2.0'
    /** Repeated as the client sent it. */
    readonly nonce: string | undefined
    readonly authenticatedAt: Instant
    /** App roles of the client itself that the user was assigned. */
    readonly roles?: readonly string[]
  },
): Promise<Secret<string>> {
  const now = epochSeconds(call.now)
  const name = user.userPrincipalName
  const claims = {
    aud: user.clientId,
    iss: version === '1.0' ? issuerV1(call.tenantId) : issuerV2(call.tenantId),
    iat: now - BACKDATED_SECONDS,
    nbf: now - BACKDATED_SECONDS,
    exp: now + LIFE_SECONDS,
    auth_time: epochSeconds(authenticatedAt),
    name: user.displayName,
    ...(nonce !== undefined && { nonce }),
    oid: user.objectId,
    ...(roles.length > 0 && { roles }),
    ...(version === '1.0'
      ? { amr: ['pwd'], unique_name: name, upn: name }
      : { preferred_username: name }),
    sub: pairwiseSubject(user),
    tid: call.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: version,
  }
  return signToken(call, claims, version)
}
