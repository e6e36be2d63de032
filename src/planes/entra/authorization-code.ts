/** `authorization_code`: the client brings the code with which its user came back (RFC 6749, 4.1). */
import type { Call } from '../../core/call.ts'
import { type CodeOutcome, redeemAuthorizationCode } from '../../core/signin/authorization-codes.ts'
import { fixEnd } from '../../core/signin/sign-in.ts'
import { transaction } from '../../core/transaction.ts'
import type { AuthenticatedClient } from './client.ts'
import { type AadstsNumber, refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { firstRefreshToken, grantedToUser, wantsRefreshToken } from './granted-to-user.ts'
import { findRedirectUri, type Platform, registrationOf } from './registration.ts'
import { askedScope, readScopes } from './scopes.ts'
import type { TokenRequest } from './token-request.ts'
import { userOfSignIn } from './users.ts'

/** One row per way a code fails. */
const REFUSALS: Readonly<Record<Exclude<CodeOutcome['kind'], 'granted'>, AadstsNumber>> = {
  unknown: 70000,
  expired: 70008,
  used: 54005,
  otherClient: 70000,
  redirect: 500112,
  verifier: 501481,
}

export const authorizationCode: Grant = {
  types: ['authorization_code'],
  inNameOf: 'user',
  async authorize(call, request, client) {
    const { code, redirectUri, codeVerifier: verifier } = request
    if (code === undefined) throw refusal(900144, { name: 'code' })
    const platform = await checkPlatform(call, request, client)
    const asked = askedScope(request)
    if (asked !== undefined) await readScopes(call, asked)
    const presented = { code, clientId: client.clientId, redirectUri, verifier }
    const taken = await transaction(call, async (tx) => {
      const outcome = await redeemAuthorizationCode(tx, presented)
      if (outcome.kind !== 'granted') return outcome
      const scopes = await readScopes(tx, asked ?? outcome.scope)
      const wanted = wantsRefreshToken(request, scopes) || / ?offline_access/.test(outcome.scope)
      const { signIn } = outcome
      if (platform === 'spa') await fixEnd(tx, signIn.id)
      const refreshToken = await firstRefreshToken(tx, { client, signIn, wanted })
      return { ...outcome, scopes, refreshToken }
    })
    if (taken.kind !== 'granted') {
      throw refusal(REFUSALS[taken.kind], { uri: redirectUri ?? '' })
    }
    const { signIn, nonce, scopes, refreshToken } = taken
    const user = await userOfSignIn(call, signIn)
    return grantedToUser(call, { user, client, scopes, signIn, nonce, refreshToken })
  },
}

/** Who comes back to a server must prove that it is that server. */
async function checkPlatform(
  call: Call,
  { redirectUri }: TokenRequest,
  { clientId, proof }: AuthenticatedClient,
): Promise<Platform | undefined> {
  const registration = await registrationOf(call, clientId)
  const found = registration && findRedirectUri(registration, redirectUri ?? '')
  if (found?.platform === 'web' && proof === 'none') throw refusal(7000218)
  return found?.platform
}
