/** On behalf of: a service that was called with a user's token calls another in the user's name. */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import { namesOfApplication } from '../../core/directory/resource-applications.ts'
import { findUser, type User } from '../../core/directory/users.ts'
import { type AccessTokenClaims, verifyAccessToken } from '../../core/tokens/verify.ts'
import { transaction } from '../../core/transaction.ts'
import type { AuthenticatedClient } from './client.ts'
import { refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { grantedToUser, refreshTokenFor, wantsRefreshToken } from './granted-to-user.ts'
import { askedScope, readScopes } from './scopes.ts'

export const onBehalfOf: Grant = {
  types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
  inNameOf: 'user',
  async authorize(call, request, client) {
    // A service keeps secrets: whoever has none is not the one the user's token was meant for.
    if (client.proof === 'none') throw refusal(7000218)
    if (request.requestedTokenUse !== 'on_behalf_of') {
      throw refusal(90100, { name: 'requested_token_use' })
    }
    if (request.userAssertion === undefined) throw refusal(900144, { name: 'assertion' })
    const scopes = await readScopes(call, askedScope(request))
    const user = await userOf(call, request.userAssertion, client)
    const wanted = wantsRefreshToken(request, scopes)
    const refreshToken = await transaction(call, (tx) =>
      refreshTokenFor(tx, { client, user, wanted }),
    )
    return grantedToUser(call, { user, client, scopes, refreshToken })
  },
}

/** The user whose token, meant for this client, is presented. */
async function userOf(
  call: Call,
  assertion: Secret<string>,
  client: AuthenticatedClient,
): Promise<User> {
  const claims = await verifyAssertion(call, assertion, client)
  // Neither an application's own token nor an id token speaks for a user.
  if (typeof claims.scp !== 'string') {
    throw refusal(50013, { reason: 'The assertion is not the access token of a user.' })
  }
  const user = await findUser(call, claims.oid as ObjectId)
  if (user === undefined) throw refusal(50034, { user: claims.oid, tenant: call.tenantId })
  if (!user.accountEnabled) throw refusal(50057)
  if (claims.iat * 1000 + BACKDATED_MS < user.sessionsValidFrom - 1000) throw refusal(50173)
  return user
}

/** Tokens begin as much before they were issued. */
const BACKDATED_MS = 300_000

async function verifyAssertion(
  call: Call,
  assertion: Secret<string>,
  { clientId }: AuthenticatedClient,
): Promise<AccessTokenClaims> {
  try {
    const audiences = await namesOfApplication(call, clientId)
    return await verifyAccessToken(call, assertion.reveal(), { audiences })
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason
    if (reason.code === 'TokenAudience') throw refusal(500131)
    throw refusal(50013, { reason: reason.message })
  }
}
