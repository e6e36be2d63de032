/** The people who sign in: by their password, or by a sign-in that still holds. */
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import { chooseOwnPassword, mustChangePassword } from '../../core/directory/password-change.ts'
import { checkUserPassword, hashPassword } from '../../core/directory/user-passwords.ts'
import { findUser, findUserByPrincipalName, type User } from '../../core/directory/users.ts'
import type { SignIn } from '../../core/signin/sign-in.ts'
import { transaction } from '../../core/transaction.ts'
import { refusal } from './errors.ts'

interface Person {
  readonly username: string
  readonly password: Secret<string>
  /** In place of a password that somebody else has set. */
  readonly newPassword?: Secret<string> | undefined
}

/**
 * The user who knows this name and this password, and has chosen it.
 * @throws Failure invalid `AADSTS50034`, `AADSTS50126`, `AADSTS50053`, `AADSTS50057`, `AADSTS50055`,
 * `PasswordTooWeak`
 */
export async function signInWithPassword(
  call: Call,
  { username, password, newPassword }: Person,
): Promise<User> {
  const user = await findUserByPrincipalName(call, username.trim())
  if (user === undefined) throw refusal(50034, { user: username, tenant: call.tenantId })
  const outcome = await checkUserPassword(call, { userId: user.objectId, guess: password })
  call.log.info('user guessed', { call: call.id, user: user.objectId, outcome })
  if (outcome === 'locked') throw refusal(50053)
  if (outcome === 'wrong') throw refusal(50126)
  if (!user.accountEnabled) throw refusal(50057)
  if (!(await mustChangePassword(call, user.objectId))) return user
  if (newPassword === undefined || newPassword.reveal() === password.reveal()) throw refusal(50055)
  const hashed = await hashPassword(newPassword)
  return transaction(call, async (tx) => {
    await chooseOwnPassword(tx, { userId: user.objectId, password: hashed })
    return (await findUser(tx, user.objectId)) ?? user
  })
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
