/**
 * From an Authorization header to a caller: the one gate for every plane that takes tokens.
 *
 * The token's signature, issuer, audience and time are verified, and the principal it names must
 * still exist and be enabled: the token of a deleted identity is refused at once, and so is one
 * that was revoked.
 */
import { Failure } from '../base/failure.ts'
import type { ClientId, ObjectId } from '../base/ids.ts'
import type { Call, PrincipalCaller } from '../core/call.ts'
import { findServicePrincipal } from '../core/directory/service-principals.ts'
import { findUser } from '../core/directory/users.ts'
import { issuedOn } from '../core/tokens/issue.ts'
import { type AccessTokenClaims, verifyAccessToken } from '../core/tokens/verify.ts'

/** @throws Failure unauthenticated, with a code that says what is wrong with the token */
export async function authenticate(
  call: Call,
  header: string | undefined,
  audiences: readonly string[],
): Promise<PrincipalCaller> {
  const token = bearerToken(header)
  const claims = await verifyAccessToken(call, token, { audiences })
  // Only a token that acts in somebody's name has scopes.
  const find = typeof claims.scp === 'string' ? findUserCaller : findPrincipalCaller
  const caller = await find(call, claims)
  if (caller === undefined) {
    throw new Failure(
      'unauthenticated',
      'PrincipalGone',
      'The principal of the access token does not exist or is disabled.',
    )
  }
  return caller
}

async function findPrincipalCaller(
  call: Call,
  claims: AccessTokenClaims,
): Promise<PrincipalCaller | undefined> {
  const principal = await findServicePrincipal(call, claims.oid as ObjectId)
  if (!principal?.accountEnabled) return undefined
  if (principal.tokensValidFrom !== undefined && issuedOn(claims) < principal.tokensValidFrom) {
    throw new Failure('unauthenticated', 'TokenRevoked', 'The access token has been revoked.')
  }
  return {
    kind: 'principal',
    objectId: principal.objectId,
    clientId: principal.clientId,
    type: 'ServicePrincipal',
    label: principal.type === 'ManagedIdentity' ? principal.objectId : principal.clientId,
    claims,
  }
}

async function findUserCaller(
  call: Call,
  claims: AccessTokenClaims,
): Promise<PrincipalCaller | undefined> {
  const user = await findUser(call, claims.oid as ObjectId)
  if (!user?.accountEnabled) return undefined
  return {
    kind: 'principal',
    objectId: user.objectId,
    clientId: (claims.appid ?? claims.azp) as ClientId,
    type: 'User',
    label: user.userPrincipalName,
    claims,
  }
}

function bearerToken(header: string | undefined): string {
  if (header === undefined || header === '') {
    throw new Failure('unauthenticated', 'MissingToken', 'The Authorization header is missing.')
  }
  const space = header.indexOf(' ')
  if (space < 0 || header.slice(0, space).toLowerCase() !== 'bearer') {
    throw new Failure(
      'unauthenticated',
      'UnsupportedScheme',
      'The Authorization header must use the Bearer scheme.',
    )
  }
  return header.slice(space + 1).trim()
}
