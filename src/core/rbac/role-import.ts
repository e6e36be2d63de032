/**
 * Imports roles: the output of `az role definition list`, the reply of the REST API it comes from,
 * or a flat list with one permission object in each row.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import type { Transaction } from '../transaction.ts'
import { checkCondition } from './conditions/conditions.ts'
import type { Permission } from './permissions.ts'
import type { Role } from './role.ts'
import { storeRole } from './role-definitions.ts'

const MOST_ROLES_AN_IMPORT = 10_000

const patterns = z.array(z.string()).nullish()
const permissionShape = z.object({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
  condition: z.string().nullish(),
  conditionVersion: z.string().nullish(),
})
const roleShape = permissionShape.extend({
  id: z.string(),
  name: z.string().optional(),
  roleName: z.string().min(1),
  description: z.string().nullish(),
  roleType: z.enum(['BuiltInRole', 'CustomRole']).optional(),
  permissions: z.array(permissionShape).optional(),
  assignableScopes: z.array(z.string()).nullish(),
})
type GivenRole = z.infer<typeof roleShape>
type GivenPermission = z.infer<typeof permissionShape>

/**
 * Writes the roles over those with the same id; all of them, or none.
 * @param given the parsed JSON
 * @returns how many
 * @throws Failure invalid `InvalidRoleImport`, naming the first role that cannot be read
 */
export async function importRoles(tx: Transaction, given: unknown): Promise<number> {
  const rows = rowsOf(given)
  if (rows.length > MOST_ROLES_AN_IMPORT) {
    throw refusal(`The list has ${rows.length} roles; the most is ${MOST_ROLES_AN_IMPORT}.`)
  }
  const roles = rows.map((row, index) => readRow(row, index, tx.now))
  for (const role of roles) await storeRole(tx, role)
  return roles.length
}

function rowsOf(given: unknown): readonly unknown[] {
  const list = typeof given === 'object' && given !== null && 'value' in given ? given.value : given
  if (!Array.isArray(list)) throw refusal('Expected a list of roles.')
  return list
}

function readRow(row: unknown, index: number, now: number): Role {
  const read = roleShape.safeParse(flattened(row))
  if (!read.success) {
    const [issue] = read.error.issues
    throw refusal(`Role ${index + 1}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  return asRole(read.data, index, now)
}

/** The REST API nests in `properties` what the command line shows at the top. */
function flattened(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !('properties' in row)) return row
  const properties = typeof row.properties === 'object' ? row.properties : {}
  const type =
    properties !== null && 'type' in properties ? { roleType: properties.type } : undefined
  return { ...row, ...properties, ...type }
}

function asRole(given: GivenRole, index: number, now: number): Role {
  const id = (given.name ?? given.id).slice((given.name ?? given.id).lastIndexOf('/') + 1)
  if (!isGuid(id)) throw refusal(`Role ${index + 1}: '${id}' is not a GUID.`)
  return {
    id: id.toLowerCase(),
    name: given.roleName,
    type: given.roleType ?? 'BuiltInRole',
    description: given.description ?? '',
    permissions: (given.permissions ?? [given]).map(asPermission),
    assignableScopes: given.assignableScopes ?? ['/'],
    createdAt: now,
    createdBy: null,
    updatedAt: now,
    updatedBy: null,
  }
}

/** @throws Failure invalid `InvalidCondition`: a condition that cannot be read must not be lost */
function asPermission(given: GivenPermission): Permission {
  const { condition } = given
  if (condition) checkCondition(condition)
  return {
    actions: given.actions ?? [],
    notActions: given.notActions ?? [],
    dataActions: given.dataActions ?? [],
    notDataActions: given.notDataActions ?? [],
    ...(condition ? { condition, conditionVersion: given.conditionVersion ?? '2.0' } : {}),
  }
}

function refusal(why: string): Failure {
  return new Failure('invalid', 'InvalidRoleImport', `The roles cannot be imported. ${why}`)
}
