/** Making users and changing them. A password is written here and never read. */
import { z } from 'zod'
import type { ObjectId } from '../../../base/ids.ts'
import { Secret } from '../../../base/secret.ts'
import type { Call } from '../../../core/call.ts'
import { demandPasswordChange } from '../../../core/directory/password-change.ts'
import { changeProfile, profileOf } from '../../../core/directory/profiles.ts'
import { type HashedPassword, hashPassword } from '../../../core/directory/user-passwords.ts'
import { createUser, setUserPassword, updateUser } from '../../../core/directory/users.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { profileChanges, writable } from '../entities/entity.ts'
import { users } from '../entities/users.ts'
import { changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { protectAdministrator, requirePasswordRight, requirePermission } from '../permissions.ts'
import { answerEntity, requireChanged, requireEntity } from './entities.ts'

const ELSEWHERE = ['accountEnabled', 'displayName', 'userPrincipalName', 'passwordProfile']
/** What lets somebody in as the user, or keeps the user out. */
const SENSITIVE = [
  ...['accountEnabled', 'businessPhones', 'mobilePhone', 'onPremisesImmutableId', 'otherMails'],
  ...['passwordProfile', 'userPrincipalName'],
]
const LONGEST_NAME_CHARS = 256
const LONGEST_PASSWORD_CHARS = 256

const passwordProfile = z.strictObject({
  password: z.string().max(LONGEST_PASSWORD_CHARS),
  forceChangePasswordNextSignIn: z.boolean().optional(),
  forceChangePasswordNextSignInWithMfa: z.boolean().optional(),
})
const displayName = z.string().min(1).max(LONGEST_NAME_CHARS)
const changes = z.strictObject({
  id: z.guid().optional(),
  ...writable(users.properties),
  accountEnabled: z.boolean().optional(),
  displayName: displayName.optional(),
  userPrincipalName: z.string().max(200).optional(),
  passwordProfile: passwordProfile.partial().optional(),
})
const creation = changes.omit({ id: true }).extend({
  accountEnabled: z.boolean(),
  displayName,
  mailNickname: z.string().min(1).max(64),
  userPrincipalName: z.string().max(200),
  passwordProfile,
})
type Changes = z.infer<typeof changes>

export function userRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/users',
      permission: 'User.ReadWrite.All',
      body: creation,
      async answer(call, asked) {
        const { body } = asked
        const password = await hashPassword(new Secret(body.passwordProfile.password))
        const what = { action: 'microsoft.directory/users/create', scope: '/users' }
        const id = await changing(call, what, async (tx) => {
          const { userPrincipalName, displayName, accountEnabled } = body
          const { objectId } = await createUser(tx, {
            userPrincipalName,
            displayName,
            accountEnabled,
            password,
          })
          await keepProfile(tx, objectId, body)
          await keepDemand(tx, objectId, body.passwordProfile)
          return objectId
        })
        const shown = await requireEntity(call, users, { id })
        return answerEntity(call, users, asked, shown, { status: 201 })
      },
    }),
    graphRoute({
      method: 'PATCH',
      path: '/users/:id',
      permission: 'User-PasswordProfile.ReadWrite.All',
      body: changes,
      async answer(call, { params, body }) {
        await authorizeChange(call, params, body)
        const password = await newPassword(body)
        const action = 'microsoft.directory/users/allProperties/update'
        await changing(call, { action, scope: `/users/${params.id}` }, async (tx) => {
          const { id } = await requireChanged(tx, users, { params, body })
          const { userPrincipalName, displayName, accountEnabled } = body
          await updateUser(tx, id, {
            ...(userPrincipalName !== undefined && { userPrincipalName }),
            ...(displayName !== undefined && { displayName }),
            ...(accountEnabled !== undefined && { accountEnabled }),
          })
          if (password) await setUserPassword(tx, { objectId: id, password })
          await keepProfile(tx, id, body)
          await keepDemand(tx, id, body.passwordProfile)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** Who may set passwords may not change the rest, nor the other way round. */
async function authorizeChange(
  call: Call,
  params: Readonly<Record<string, string>>,
  body: Changes,
): Promise<void> {
  const names = Object.keys(body)
  if (names.some((name) => name !== 'passwordProfile') || names.length === 0) {
    await requirePermission(call, 'User.ReadWrite.All')
  }
  if (!names.some((name) => SENSITIVE.includes(name))) return
  const { id } = await requireEntity(call, users, params)
  if (body.passwordProfile !== undefined) await requirePasswordRight(call, id)
  await protectAdministrator(call, id)
}

/** With or without another factor: there is one factor here. */
async function keepDemand(
  tx: Transaction,
  userId: ObjectId,
  asked: Changes['passwordProfile'],
): Promise<void> {
  const { forceChangePasswordNextSignIn: plain, forceChangePasswordNextSignInWithMfa: withMfa } =
    asked ?? {}
  if (plain === undefined && withMfa === undefined) return
  await demandPasswordChange(tx, { userId, must: plain === true || withMfa === true })
}

async function newPassword({ passwordProfile }: Changes): Promise<HashedPassword | undefined> {
  const text = passwordProfile?.password
  return text === undefined ? undefined : hashPassword(new Secret(text))
}

async function keepProfile(tx: Transaction, objectId: ObjectId, body: Changes): Promise<void> {
  const before = await profileOf(tx, objectId)
  await changeProfile(tx, { objectId, changes: profileChanges(body, before, ELSEWHERE) })
}
