/** The people who sign in: by their password, or by a sign-in that still holds. */
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import { checkUserPassword } from '../../core/directory/user-passwords.ts'
import { findUser, findUserByPrincipalName, type User } from '../../core/directory/users.ts'
import type { SignIn } from '../../core/signin/sign-in.ts'
import { refusal } from './errors.ts'

/**
 * The user who knows this name and this password.
 * @throws Failure invalid `AADSTS50034`, `AADSTS50126`, `AADSTS50053`, `AADSTS50057`
 */
export async function signInWithPassword(
  call: Call,
  { username, password }: { readonly username: string; readonly password: Secret<string> },
): Promise<User> {
  const user = await findUserByPrincipalName(call, username.trim())
  if (user === undefined) throw refusal(50034, { user: username, tenant: call.tenantId })
  const outcome = await checkUserPassword(call, { userId: user.objectId, guess: password })
  call.log.info('user guessed', { call: call.id, user: user.objectId, outcome })
  if (outcome === 'locked') throw refusal(50053)
  if (outcome === 'wrong') throw refusal(50126)
  if (!user.accountEnabled) throw refusal(50057)
  return user
}

/**
 * The user behind a sign-in, while the user exists and has not been signed out since.
 * @throws Failure invalid `AADSTS50034`, `AADSTS50057`, `AADSTS50173`
 */
export async function userOfSignIn(call: Call, signIn: SignIn): Promise<User> {
  const user = await findUser(call, signIn.userId)
  if (user === undefined) throw refusal(50034, { user: signIn.userId, tenant: call.tenantId })
  if (!user.accountEnabled) throw refusal(50057)
  if (signIn.authenticatedAt < user.sessionsValidFrom) throw refusal(50173)
  return user
}
