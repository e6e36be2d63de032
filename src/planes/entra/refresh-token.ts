/** `refresh_token`: a client goes on with a sign-in, for any resource (RFC 6749, 6). */
import { type RefreshOutcome, redeemRefreshToken } from '../../core/signin/refresh-tokens.ts'
import { transaction } from '../../core/transaction.ts'
import { type AadstsNumber, refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { grantedToUser } from './granted-to-user.ts'
import { askedScope, readScopes } from './scopes.ts'
import { userOfSignIn } from './users.ts'

/** One row per way a refresh token fails. */
const REFUSALS: Readonly<Record<Exclude<RefreshOutcome['kind'], 'granted'>, AadstsNumber>> = {
  unknown: 70000,
  expired: 70008,
  outlived: 700084,
  reused: 50173,
  otherClient: 70000,
  unproved: 7000218,
}

export const refreshToken: Grant = {
  types: ['refresh_token'],
  inNameOf: 'user',
  async authorize(call, request, client) {
    const { refreshToken: token } = request
    if (token === undefined) throw refusal(900144, { name: 'refresh_token' })
    const scopes = await readScopes(call, askedScope(request))
    const presented = { token, clientId: client.clientId, proved: client.proof !== 'none' }
    const outcome = await transaction(call, (tx) => redeemRefreshToken(tx, presented))
    if (outcome.kind !== 'granted') throw refusal(REFUSALS[outcome.kind])
    const { signIn, next } = outcome
    const user = await userOfSignIn(call, signIn)
    return grantedToUser(call, { user, client, scopes, signIn, refreshToken: next })
  },
}
