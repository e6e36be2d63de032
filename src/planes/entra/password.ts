/** `password`: the client itself asks the user for the password (RFC 6749, 4.3). */
import { transaction } from '../../core/transaction.ts'
import { refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { grantedToUser, refreshTokenFor, wantsRefreshToken } from './granted-to-user.ts'
import { askedScope, readScopes } from './scopes.ts'
import { signInWithPassword } from './users.ts'

export const password: Grant = {
  types: ['password'],
  inNameOf: 'user',
  async authorize(call, request, client) {
    const { username, password: given } = request
    if (username === undefined) throw refusal(900144, { name: 'username' })
    if (given === undefined) throw refusal(900144, { name: 'password' })
    const scopes = await readScopes(call, askedScope(request))
    const user = await signInWithPassword(call, { username, password: given })
    const wanted = wantsRefreshToken(request, scopes)
    const refreshToken = await transaction(call, (tx) =>
      refreshTokenFor(tx, { client, user, wanted }),
    )
    return grantedToUser(call, { user, client, scopes, refreshToken })
  },
}
