/**
 * Directory roles: who may change the directory itself. A role is held by a principal or by a group
 * that was made for it, whose members then hold it; the owner of the tenant is a Global
 * Administrator from the start, and there is always one.
 */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { ActivatedRolesTable, DirectoryRoleMembersTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { GLOBAL_ADMINISTRATOR } from './directory-role-templates.ts'

export interface RoleAssignment {
  /** The template id of the role. */
  readonly roleId: string
  readonly memberId: ObjectId
}

const everyRow = statement<Record<string, never>, DirectoryRoleMembersTable>((query) =>
  query.selectFrom('directory_role_members').selectAll().orderBy('role_id').orderBy('member_id'),
)
const rowsOfMember = statement<{ memberId: string }, DirectoryRoleMembersTable>((query, param) =>
  query
    .selectFrom('directory_role_members')
    .selectAll()
    .where('member_id', '=', param('memberId'))
    .orderBy('role_id'),
)
const rowsOfRole = statement<{ roleId: string }, DirectoryRoleMembersTable>((query, param) =>
  query
    .selectFrom('directory_role_members')
    .selectAll()
    .where('role_id', '=', param('roleId'))
    .orderBy('member_id'),
)
const insertRow = statement<DirectoryRoleMembersTable, unknown>((query, param) =>
  query
    .insertInto('directory_role_members')
    .values({ role_id: param('role_id'), member_id: param('member_id') })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteRow = statement<DirectoryRoleMembersTable, unknown>((query, param) =>
  query
    .deleteFrom('directory_role_members')
    .where('role_id', '=', param('role_id'))
    .where('member_id', '=', param('member_id')),
)
const deleteRowsOfMember = statement<{ memberId: string }, unknown>((query, param) =>
  query.deleteFrom('directory_role_members').where('member_id', '=', param('memberId')),
)
const activatedRows = statement<Record<string, never>, ActivatedRolesTable>((query) =>
  query.selectFrom('activated_roles').selectAll().orderBy('template_id'),
)
const activateRow = statement<ActivatedRolesTable, unknown>((query, param) =>
  query
    .insertInto('activated_roles')
    .values({ template_id: param('template_id') })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Template ids of the roles assigned to this principal or group itself, sorted. */
export async function rolesAssignedTo(call: Call, memberId: ObjectId): Promise<string[]> {
  return (await rowsOfMember.all(call.db, { memberId })).map(({ role_id }) => role_id)
}

/** Object ids of those the role is assigned to, sorted. */
export async function membersOfRole(call: Call, roleId: string): Promise<ObjectId[]> {
  return (await rowsOfRole.all(call.db, { roleId })).map((row) => row.member_id as ObjectId)
}

export async function listRoleAssignments(call: Call): Promise<RoleAssignment[]> {
  const rows = await everyRow.all(call.db, {})
  return rows.map((row) => ({ roleId: row.role_id, memberId: row.member_id as ObjectId }))
}

/** Assigns a role, which activates it; gives whether the assignment is new. */
export async function assignDirectoryRole(
  tx: Transaction,
  { roleId, memberId }: RoleAssignment,
): Promise<boolean> {
  await activateRow.run(tx.db, { template_id: roleId })
  return (await insertRow.run(tx.db, { role_id: roleId, member_id: memberId })) > 0
}

/**
 * Takes a role away; gives whether it was assigned.
 * @throws Failure invalid `LastAdministrator`
 */
export async function removeDirectoryRole(
  tx: Transaction,
  { roleId, memberId }: RoleAssignment,
): Promise<boolean> {
  if (roleId === GLOBAL_ADMINISTRATOR) await refuseLastAdministrator(tx, memberId)
  return (await deleteRow.run(tx.db, { role_id: roleId, member_id: memberId })) > 0
}

/** Template ids of the roles in use here: Global Administrator always, others once activated. */
export async function activatedRoles(call: Call): Promise<string[]> {
  const rows = await activatedRows.all(call.db, {})
  return [...new Set([GLOBAL_ADMINISTRATOR, ...rows.map((row) => row.template_id)])]
}

/** Gives whether the role was not in use before. */
export async function activateRole(tx: Transaction, roleId: string): Promise<boolean> {
  if (roleId === GLOBAL_ADMINISTRATOR) return false
  return (await activateRow.run(tx.db, { template_id: roleId })) > 0
}

/** Makes the principal a Global Administrator; twice is the same as once. */
export async function makeGlobalAdministrator(tx: Transaction, memberId: ObjectId): Promise<void> {
  await insertRow.run(tx.db, { role_id: GLOBAL_ADMINISTRATOR, member_id: memberId })
}

/**
 * What is deleted holds no role any more, though it may come back.
 * @throws Failure invalid `LastAdministrator`
 */
export async function giveUpDirectoryRoles(tx: Transaction, memberId: ObjectId): Promise<void> {
  await refuseLastAdministrator(tx, memberId)
  await leaveDirectoryRoles(tx, memberId)
}

/** Takes every role away, of whatever is gone for good. */
export async function leaveDirectoryRoles(tx: Transaction, memberId: ObjectId): Promise<void> {
  await deleteRowsOfMember.run(tx.db, { memberId })
}

/**
 * Refuses when this is the only Global Administrator: nobody could make another one.
 * @throws Failure invalid `LastAdministrator`
 */
async function refuseLastAdministrator(tx: Transaction, memberId: ObjectId): Promise<void> {
  const administrators = await membersOfRole(tx, GLOBAL_ADMINISTRATOR)
  if (administrators.length !== 1 || administrators[0] !== memberId) return
  throw new Failure(
    'invalid',
    'LastAdministrator',
    'The last Global Administrator of the directory cannot be removed.',
  )
}
