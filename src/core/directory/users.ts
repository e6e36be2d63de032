/**
 * Users: people of the tenant. Every request with a user's token asks whether the user still
 * exists, so they are kept in memory as service principals are; their passwords are not.
 */
import { after, type Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { cached } from '../../store/cache.ts'
import { statement } from '../../store/statement.ts'
import type { UsersTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { inTransaction, type Transaction } from '../transaction.ts'
import { type DeletedObject, keepDeleted } from './deleted-objects.ts'
import { giveUpDirectoryRoles } from './directory-roles.ts'
import { groupsWith, leaveAllGroups, rejoin } from './groups.ts'
import { removeTraces } from './traces.ts'
import { type HashedPassword, putUserPassword, removeUserPassword } from './user-passwords.ts'

export interface User {
  readonly objectId: ObjectId
  /** `ada@locum.onmicrosoft.com`: what a person types to sign in; names have no case. */
  readonly userPrincipalName: string
  readonly displayName: string
  readonly accountEnabled: boolean
  /** Refresh tokens of sign-ins before this are refused. */
  readonly sessionsValidFrom: Instant
  readonly createdAt: Instant
}

interface Users {
  readonly byObjectId: Map<ObjectId, User>
  readonly byName: Map<string, User>
}

/** The part behind the `@`: the tenant's one domain. */
export const TENANT_DOMAIN = 'locum.onmicrosoft.com'

const LONGEST_NAME_CHARS = 113
const LONGEST_DISPLAY_NAME_CHARS = 256
const PRINCIPAL_NAME = /^[a-z0-9.!#^_'~+-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i

const everyRow = statement<Record<string, never>, UsersTable>((query) =>
  query.selectFrom('users').selectAll(),
)
const rowByObjectId = statement<{ objectId: string }, UsersTable>((query, param) =>
  query.selectFrom('users').selectAll().where('object_id', '=', param('objectId')),
)
const rowByName = statement<{ nameKey: string }, UsersTable>((query, param) =>
  query.selectFrom('users').selectAll().where('name_key', '=', param('nameKey')),
)
const insertRow = statement<UsersTable, unknown>((query, param) =>
  query.insertInto('users').values({
    object_id: param('object_id'),
    user_principal_name: param('user_principal_name'),
    name_key: param('name_key'),
    display_name: param('display_name'),
    account_enabled: param('account_enabled'),
    sessions_valid_from: param('sessions_valid_from'),
    created_at: param('created_at'),
  }),
)
const updateRow = statement<UsersTable, unknown>((query, param) =>
  query
    .updateTable('users')
    .set({
      user_principal_name: param('user_principal_name'),
      name_key: param('name_key'),
      display_name: param('display_name'),
      account_enabled: param('account_enabled'),
      sessions_valid_from: param('sessions_valid_from'),
    })
    .where('object_id', '=', param('object_id')),
)
const deleteRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('users').where('object_id', '=', param('objectId')),
)

const users = cached<Users>(async (db) => {
  const loaded: Users = { byObjectId: new Map(), byName: new Map() }
  for (const row of await everyRow.all(db, {})) remember(loaded, fromRow(row))
  return loaded
})

/** Whether a user could have this name. */
export function isUserPrincipalName(text: string): boolean {
  return text.length <= LONGEST_NAME_CHARS && PRINCIPAL_NAME.test(text)
}

/** The user with this object id, or undefined. */
export async function findUser(call: Call, objectId: ObjectId): Promise<User | undefined> {
  if (inTransaction(call)) {
    const row = await rowByObjectId.first(call.db, { objectId })
    return row && fromRow(row)
  }
  return (await users.get(call.db)).byObjectId.get(objectId)
}

/** The user with this user principal name, in any case, or undefined. */
export async function findUserByPrincipalName(
  call: Call,
  userPrincipalName: string,
): Promise<User | undefined> {
  const nameKey = userPrincipalName.toLowerCase()
  if (inTransaction(call)) {
    const row = await rowByName.first(call.db, { nameKey })
    return row && fromRow(row)
  }
  return (await users.get(call.db)).byName.get(nameKey)
}

/** Every user of the tenant, in no order. */
export async function listUsers(call: Call): Promise<User[]> {
  if (inTransaction(call)) return (await everyRow.all(call.db, {})).map(fromRow)
  return [...(await users.get(call.db)).byObjectId.values()]
}

/**
 * Makes a user. The password comes hashed (`hashPassword`): hashing is too slow for a transaction.
 * @throws Failure invalid `InvalidUserPrincipalName`, `InvalidDisplayName`; conflict `UserExists`
 */
export async function createUser(
  tx: Transaction,
  asked: {
    readonly userPrincipalName: string
    readonly displayName: string
    readonly password: HashedPassword
    readonly accountEnabled?: boolean
  },
): Promise<User> {
  const user: User = {
    objectId: newId<ObjectId>(),
    userPrincipalName: asked.userPrincipalName,
    displayName: asked.displayName,
    accountEnabled: asked.accountEnabled ?? true,
    sessionsValidFrom: tx.now,
    createdAt: tx.now,
  }
  await checkNames(tx, user)
  await insertRow.run(tx.db, toRow(user))
  await putUserPassword(tx, { userId: user.objectId, password: asked.password })
  afterCommit(tx, (known) => remember(known, user))
  return user
}

/**
 * Changes what is given of a user; gives the user as it then is, undefined when there is none.
 * @throws Failure as `createUser` does
 */
export async function updateUser(
  tx: Transaction,
  objectId: ObjectId,
  changes: Partial<Pick<User, 'userPrincipalName' | 'displayName' | 'accountEnabled'>>,
): Promise<User | undefined> {
  return change(tx, objectId, changes)
}

/** Sets a password, and signs the user out everywhere. */
export async function setUserPassword(
  tx: Transaction,
  { objectId, password }: { readonly objectId: ObjectId; readonly password: HashedPassword },
): Promise<void> {
  await putUserPassword(tx, { userId: objectId, password })
  await change(tx, objectId, { sessionsValidFrom: tx.now })
}

/** Signs the user out everywhere: sign-ins until now are refused, those of this instant too. */
export async function revokeSignInSessions(tx: Transaction, objectId: ObjectId): Promise<void> {
  await change(tx, objectId, { sessionsValidFrom: after(tx.now, 1) })
}

/** Takes the user away until it is restored or gone for good; directory roles end now. */
export async function softDeleteUser(tx: Transaction, objectId: ObjectId): Promise<void> {
  const user = await findUser(tx, objectId)
  if (user === undefined) return
  const memberOf = await groupsWith(tx, objectId)
  await keepDeleted(tx, { objectId, kind: 'user', facts: user, memberOf })
  await giveUpDirectoryRoles(tx, objectId)
  await takeAway(tx, objectId)
}

/**
 * Brings a deleted user back, with its groups and its password; sign-ins of before have ended.
 * @throws Failure conflict `UserExists` when the name has been given to another
 */
export async function restoreUser(
  tx: Transaction,
  { facts, memberOf }: DeletedObject,
): Promise<void> {
  const user = { ...(facts as User), sessionsValidFrom: tx.now }
  await checkNames(tx, user)
  await insertRow.run(tx.db, toRow(user))
  afterCommit(tx, (known) => remember(known, user))
  await rejoin(tx, user.objectId, memberOf)
}

/** Deletes a user for good, with password and memberships; gives whether there was one. */
export async function deleteUser(tx: Transaction, objectId: ObjectId): Promise<boolean> {
  await removeUserPassword(tx, objectId)
  await removeTraces(tx, objectId)
  return takeAway(tx, objectId)
}

async function takeAway(tx: Transaction, objectId: ObjectId): Promise<boolean> {
  await leaveAllGroups(tx, objectId)
  const deleted = await deleteRow.run(tx.db, { objectId })
  afterCommit(tx, (known) => forget(known, objectId))
  return deleted > 0
}

async function change(
  tx: Transaction,
  objectId: ObjectId,
  changes: Partial<User>,
): Promise<User | undefined> {
  const before = await findUser(tx, objectId)
  if (before === undefined) return undefined
  const user = { ...before, ...changes }
  await checkNames(tx, user)
  await updateRow.run(tx.db, toRow(user))
  afterCommit(tx, (known) => {
    forget(known, objectId)
    remember(known, user)
  })
  return user
}

async function checkNames(tx: Transaction, user: User): Promise<void> {
  const { userPrincipalName: name, displayName } = user
  if (!isUserPrincipalName(name)) {
    throw new Failure(
      'invalid',
      'InvalidUserPrincipalName',
      "Property userPrincipalName is invalid: a name, '@' and a domain are expected.",
    )
  }
  if (displayName.length === 0 || displayName.length > LONGEST_DISPLAY_NAME_CHARS) {
    throw new Failure(
      'invalid',
      'InvalidDisplayName',
      `Property displayName must have 1 to ${LONGEST_DISPLAY_NAME_CHARS} characters.`,
    )
  }
  const other = await findUserByPrincipalName(tx, name)
  if (other && other.objectId !== user.objectId) {
    throw new Failure(
      'conflict',
      'UserExists',
      'Another object with the same value for property userPrincipalName already exists.',
    )
  }
}

function afterCommit(tx: Transaction, apply: (known: Users) => void): void {
  tx.db.afterCommit(() => users.apply(tx.db.database, apply))
}

function remember(known: Users, user: User): void {
  known.byObjectId.set(user.objectId, user)
  known.byName.set(user.userPrincipalName.toLowerCase(), user)
}

function forget(known: Users, objectId: ObjectId): void {
  const user = known.byObjectId.get(objectId)
  if (user === undefined) return
  known.byObjectId.delete(objectId)
  known.byName.delete(user.userPrincipalName.toLowerCase())
}

function toRow(user: User): UsersTable {
  return {
    object_id: user.objectId,
    user_principal_name: user.userPrincipalName,
    name_key: user.userPrincipalName.toLowerCase(),
    display_name: user.displayName,
    account_enabled: user.accountEnabled ? 1 : 0,
    sessions_valid_from: user.sessionsValidFrom,
    created_at: user.createdAt,
  }
}

function fromRow(row: UsersTable): User {
  return {
    objectId: row.object_id as ObjectId,
    userPrincipalName: row.user_principal_name,
    displayName: row.display_name,
    accountEnabled: row.account_enabled === 1,
    sessionsValidFrom: row.sessions_valid_from as Instant,
    createdAt: row.created_at as Instant,
  }
}
