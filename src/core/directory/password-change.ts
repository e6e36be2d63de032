/** Passwords that somebody else has set, and that the user must replace at the next sign-in. */
import type { ObjectId } from '../../base/ids.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { changeProfile, profileOf } from './profiles.ts'
import type { HashedPassword } from './user-passwords.ts'
import { setUserPassword } from './users.ts'

export async function mustChangePassword(call: Call, userId: ObjectId): Promise<boolean> {
  return (await profileOf(call, userId)).mustChangePassword === true
}

export async function demandPasswordChange(
  tx: Transaction,
  { userId, must }: { readonly userId: ObjectId; readonly must: boolean },
): Promise<void> {
  await changeProfile(tx, { objectId: userId, changes: { mustChangePassword: must } })
}

/** The user's own choice, which nobody need replace. */
export async function chooseOwnPassword(
  tx: Transaction,
  { userId, password }: { readonly userId: ObjectId; readonly password: HashedPassword },
): Promise<void> {
  await setUserPassword(tx, { objectId: userId, password })
  await demandPasswordChange(tx, { userId, must: false })
}
