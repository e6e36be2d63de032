/**
 * Custom roles: made, changed and deleted by customers, within Azure's limits.
 */
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import { readResourceId } from '../../base/resource-id.ts'
import { statement } from '../../store/statement.ts'
import type { RoleDefinitionsTable } from '../../store/tables.ts'
import { callerObjectId } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { BUILT_IN_ROLES, BUILT_IN_ROLES_BY_ID } from './built-in-roles.ts'
import type { Permission } from './permissions.ts'
import type { Role, RoleType } from './role.ts'
import { asRole, dropRole, storeRole } from './role-definitions.ts'

/** Azure's limits. */
const LONGEST_ROLE_NAME_CHARS = 512
const MOST_CUSTOM_ROLES = 5000
const MOST_ASSIGNABLE_SCOPES = 2000

const MANAGEMENT_GROUP = 'microsoft.management/managementgroups'
const ASSIGNABLE_TYPES = new Set([
  MANAGEMENT_GROUP,
  'microsoft.resources/subscriptions',
  'microsoft.resources/resourcegroups',
])

export interface CustomRole {
  /** A GUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
  readonly assignableScopes: readonly string[]
}

const roleById = statement<{ id: string }, RoleDefinitionsTable>((query, param) =>
  query.selectFrom('role_definitions').selectAll().where('id', '=', param('id')),
)
const rolesByName = statement<{ key: string }, { id: string }>((query, param) =>
  query.selectFrom('role_definitions').select('id').where('name_key', '=', param('key')),
)
const countOfType = statement<{ type: RoleType }, { count: number }>((query, param) =>
  query
    .selectFrom('role_definitions')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('type', '=', param('type')),
)
const assignmentOfRole = statement<{ id: string }, { name: string }>((query, param) =>
  query
    .selectFrom('role_assignments')
    .select('name')
    .where('role_definition_id', '=', param('id'))
    .limit(1),
)
/**
 * Makes a custom role, or changes it.
 * @throws Failure invalid, conflict
 */
export async function putCustomRole(tx: Transaction, asked: CustomRole): Promise<Role> {
  const id = asked.id.toLowerCase()
  checkCustomRole(asked)
  const before = await roleById.first(tx.db, { id })
  if (before?.type === 'BuiltInRole' || BUILT_IN_ROLES_BY_ID.has(id)) throw builtInRoleStays()
  await checkNameIsFree(tx, asked.name, id)
  if (before === undefined) await checkRoomForOne(tx)
  const role: Role = {
    ...asked,
    id,
    type: 'CustomRole',
    createdAt: before?.created_at ?? tx.now,
    createdBy: before === undefined ? (callerObjectId(tx) ?? null) : before.created_by,
    updatedAt: tx.now,
    updatedBy: callerObjectId(tx) ?? null,
  }
  await storeRole(tx, role)
  return role
}

/**
 * Deletes a custom role; gives it as it was, or undefined when there is none.
 * @throws Failure conflict `RoleDefinitionHasAssignments`; invalid for a built-in role
 */
export async function deleteCustomRole(tx: Transaction, id: string): Promise<Role | undefined> {
  const key = id.toLowerCase()
  const row = await roleById.first(tx.db, { id: key })
  if (row?.type === 'BuiltInRole' || (row === undefined && BUILT_IN_ROLES_BY_ID.has(key))) {
    throw builtInRoleStays()
  }
  if (row === undefined) return undefined
  if ((await assignmentOfRole.first(tx.db, { id: key })) !== undefined) {
    throw new Failure(
      'conflict',
      'RoleDefinitionHasAssignments',
      'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).',
    )
  }
  await dropRole(tx, key)
  return asRole(row)
}

function checkCustomRole(role: CustomRole): void {
  if (!isGuid(role.id)) {
    throw invalid('InvalidRoleDefinitionId', `The role definition ID '${role.id}' is not valid.`)
  }
  if (role.name.trim() === '' || role.name.length > LONGEST_ROLE_NAME_CHARS) {
    throw invalid(
      'InvalidRoleDefinitionName',
      `The role name must have between 1 and ${LONGEST_ROLE_NAME_CHARS} characters.`,
    )
  }
  const { length } = role.assignableScopes
  if (length === 0 || length > MOST_ASSIGNABLE_SCOPES) {
    throw invalid(
      'InvalidAssignableScopes',
      `A custom role needs between 1 and ${MOST_ASSIGNABLE_SCOPES} assignable scopes.`,
    )
  }
  const types = role.assignableScopes.map(assignableType)
  const managementGroups = types.filter((type) => type === MANAGEMENT_GROUP).length
  if (managementGroups > 1) {
    throw invalid(
      'InvalidAssignableScopes',
      'A custom role can have one management group among its assignable scopes.',
    )
  }
  if (managementGroups > 0 && role.permissions.some(({ dataActions }) => dataActions.length > 0)) {
    throw invalid(
      'InvalidDataActions',
      'You cannot add data action permissions when you have a management group as an assignable scope',
    )
  }
}

function assignableType(scope: string): string {
  const type = readResourceId(scope)?.type.toLowerCase()
  if (type === undefined || !ASSIGNABLE_TYPES.has(type)) {
    throw invalid(
      'InvalidAssignableScopes',
      `The assignable scope '${scope}' is not valid: it must be a management group, a subscription or a resource group.`,
    )
  }
  return type
}

async function checkNameIsFree(tx: Transaction, name: string, id: string): Promise<void> {
  const key = name.toLowerCase()
  const holders = await rolesByName.all(tx.db, { key })
  const taken =
    holders.some((holder) => holder.id !== id) ||
    BUILT_IN_ROLES.some((role) => role.id !== id && role.name.toLowerCase() === key)
  if (taken) {
    throw new Failure(
      'conflict',
      'RoleDefinitionWithSameNameExists',
      'A role definition cannot be updated with a name that already exists.',
    )
  }
}

async function checkRoomForOne(tx: Transaction): Promise<void> {
  const counted = await countOfType.first(tx.db, { type: 'CustomRole' })
  if ((counted?.count ?? 0) >= MOST_CUSTOM_ROLES) {
    throw invalid(
      'RoleDefinitionLimitExceeded',
      'Role definition limit exceeded. No more role definitions can be created.',
    )
  }
}

function invalid(code: string, message: string): Failure {
  return new Failure('invalid', code, message)
}

function builtInRoleStays(): Failure {
  return invalid(
    'RoleDefinitionUpdateNotPermitted',
    'A built-in role cannot be changed or deleted.',
  )
}
