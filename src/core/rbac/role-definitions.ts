/**
 * Roles that can be assigned: the program's own, imported ones over them, and custom ones.
 *
 * Imported and custom roles live in `role_definitions`, which only this room writes. All of them
 * are kept in memory: an installation has hundreds, and every check reads them.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { cached } from '../../store/cache.ts'
import { statement } from '../../store/statement.ts'
import type { RoleDefinitionsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { BUILT_IN_ROLES, BUILT_IN_ROLES_BY_ID } from './built-in-roles.ts'
import type { Role } from './role.ts'
import { scopeChain, subtree } from './scope-tree.ts'

const everyRole = statement<object, RoleDefinitionsTable>((query) =>
  query.selectFrom('role_definitions').selectAll(),
)
const removeRole = statement<{ id: string }, never>((query, param) =>
  query.deleteFrom('role_definitions').where('id', '=', param('id')),
)
const addRole = statement<RoleDefinitionsTable, never>((query, param) =>
  query.insertInto('role_definitions').values({
    id: param('id'),
    role_name: param('role_name'),
    name_key: param('name_key'),
    type: param('type'),
    description: param('description'),
    permissions: param('permissions'),
    assignable_scopes: param('assignable_scopes'),
    created_at: param('created_at'),
    created_by: param('created_by'),
    updated_at: param('updated_at'),
    updated_by: param('updated_by'),
  }),
)

/** The stored roles by id. */
const storedRoles = cached<Map<string, Role>>(async (db) => {
  const rows = await everyRole.all(db, {})
  return new Map(rows.map((row) => [row.id, asRole(row)]))
})

/** The roles of one moment: look-ups in it wait for nothing. */
export interface RoleBook {
  get(id: string): Role | undefined
  all(): Role[]
}

export async function openRoles(call: Call): Promise<RoleBook> {
  const stored = await storedRoles.get(call.db)
  return {
    get: (id) => stored.get(id) ?? BUILT_IN_ROLES_BY_ID.get(id),
    all: () => [...stored.values(), ...BUILT_IN_ROLES.filter(({ id }) => !stored.has(id))],
  }
}

/** Finds a role by its GUID, in any case. */
export async function findRole(call: Call, id: string): Promise<Role | undefined> {
  return (await openRoles(call)).get(id.toLowerCase())
}

/** @throws Failure missing `RoleDefinitionDoesNotExist` */
export async function readRole(call: Call, id: string): Promise<Role> {
  const role = await findRole(call, id)
  if (role === undefined) throw noSuchRole(id)
  return role
}

export function noSuchRole(id: string): Failure {
  return new Failure(
    'missing',
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${id}' does not exist.`,
  )
}

export interface RoleFilter {
  /** Compared without regard to case. */
  readonly name?: string | undefined
  /** `BuiltInRole` or `CustomRole`, in any case. */
  readonly type?: string | undefined
  /** Also custom roles that can only be assigned below the scope. */
  readonly andBelow?: boolean
}

/** The roles that can be assigned at the scope, by name. */
export async function rolesAt(
  call: Call,
  scope: ResourceId,
  filter: RoleFilter = {},
): Promise<Role[]> {
  const name = filter.name?.toLowerCase()
  const type = filter.type?.toLowerCase()
  const { at, within } = await assignability(call, scope)
  const found = (await openRoles(call))
    .all()
    .filter(
      (role) =>
        (name === undefined || role.name.toLowerCase() === name) &&
        (type === undefined || role.type.toLowerCase() === type) &&
        (filter.andBelow === true ? within(role) : at(role)),
    )
  return found.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Whether the role can be assigned at the scope: at one of its own scopes, or below one. */
export async function isAssignableAt(call: Call, role: Role, scope: ResourceId): Promise<boolean> {
  return (await assignability(call, scope)).at(role)
}

/** Whether the role can be assigned at the scope or at one below it. */
export async function isAssignableWithin(
  call: Call,
  role: Role,
  scope: ResourceId,
): Promise<boolean> {
  return (await assignability(call, scope)).within(role)
}

/** Both questions for one scope: a list asks them of every role. */
async function assignability(call: Call, scope: ResourceId) {
  const over = new Set(await scopeChain(call, scope))
  const { keys, ranges } = await subtree(call, scope)
  const under = new Set(keys)
  const at = (role: Role) => role.assignableScopes.some((text) => over.has(scopeKey(text)))
  const isBelow = (key: string) =>
    under.has(key) || ranges.some(({ from, until }) => key >= from && key < until)
  return {
    at,
    within: (role: Role) =>
      at(role) || role.assignableScopes.some((text) => isBelow(scopeKey(text))),
  }
}

/** Writes the role over the one with the same id. */
export async function storeRole(tx: Transaction, role: Role): Promise<void> {
  await removeRole.run(tx.db, { id: role.id })
  await addRole.run(tx.db, asRow(role))
  keepTrue(tx, (roles) => roles.set(role.id, role))
}

/** Removes the stored role with the id. */
export async function dropRole(tx: Transaction, id: string): Promise<void> {
  await removeRole.run(tx.db, { id })
  keepTrue(tx, (roles) => roles.delete(id))
}

function keepTrue(tx: Transaction, change: (roles: Map<string, Role>) => void): void {
  const { database } = tx.db
  tx.db.afterCommit(() => storedRoles.apply(database, change))
}

function scopeKey(scope: string): string {
  const key = scope.toLowerCase()
  return key.length > 1 && key.endsWith('/') ? key.slice(0, -1) : key
}

/** Reads a row of `role_definitions`. */
export function asRole(row: RoleDefinitionsTable): Role {
  return {
    id: row.id,
    name: row.role_name,
    type: row.type,
    description: row.description,
    permissions: JSON.parse(row.permissions),
    assignableScopes: JSON.parse(row.assignable_scopes),
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

function asRow(role: Role): RoleDefinitionsTable {
  return {
    id: role.id,
    role_name: role.name,
    name_key: role.name.toLowerCase(),
    type: role.type,
    description: role.description,
    permissions: JSON.stringify(role.permissions),
    assignable_scopes: JSON.stringify(role.assignableScopes),
    created_at: role.createdAt,
    created_by: role.createdBy,
    updated_at: role.updatedAt,
    updated_by: role.updatedBy,
  }
}
