/** `device_code`: a device asks whether its user has signed in elsewhere (RFC 8628). */
import { type DeviceOutcome, redeemDeviceCode } from '../../core/signin/device-codes.ts'
import { transaction } from '../../core/transaction.ts'
import { type AadstsNumber, refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { firstRefreshToken, grantedToUser, wantsRefreshToken } from './granted-to-user.ts'
import { readScopes } from './scopes.ts'
import { userOfSignIn } from './users.ts'

/** One row per answer but yes. */
const REFUSALS: Readonly<Record<Exclude<DeviceOutcome['kind'], 'granted'>, AadstsNumber>> = {
  unknown: 70018,
  otherClient: 70018,
  expired: 70020,
  pending: 70016,
  declined: 70017,
  used: 54005,
}

export const deviceCode: Grant = {
  // The second is version 1's.
  types: ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'],
  inNameOf: 'user',
  async authorize(call, request, client) {
    // Version 1 calls it code; az sends both.
    const code = request.deviceCode ?? request.code
    if (code === undefined) throw refusal(900144, { name: 'device_code' })
    const presented = { code, clientId: client.clientId }
    const taken = await transaction(call, async (tx) => {
      const outcome = await redeemDeviceCode(tx, presented)
      if (outcome.kind !== 'granted') return outcome
      const scopes = await readScopes(tx, outcome.scope)
      const wanted = wantsRefreshToken(request, scopes)
      const { signIn } = outcome
      const refreshToken = await firstRefreshToken(tx, { client, signIn, wanted })
      return { ...outcome, scopes, refreshToken }
    })
    if (taken.kind !== 'granted') throw refusal(REFUSALS[taken.kind])
    const { signIn, scopes, refreshToken } = taken
    const user = await userOfSignIn(call, signIn)
    return grantedToUser(call, { user, client, scopes, signIn, refreshToken })
  },
}
