/** Reading role assignments: one by its name, or many around a scope. */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { query, rowsOf, statement } from '../../store/statement.ts'
import type { RoleAssignmentsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { asAssignment, type RoleAssignment } from './assignment.ts'
import { principalsOf } from './principals.ts'
import { scopeChain, subtree } from './scope-tree.ts'

const byName = statement<{ name: string }, RoleAssignmentsTable>((query, param) =>
  query.selectFrom('role_assignments').selectAll().where('name', '=', param('name')),
)

/** Finds an assignment by its GUID, wherever it is. */
export async function findAssignment(
  call: Call,
  name: string,
): Promise<RoleAssignment | undefined> {
  const row = await byName.first(call.db, { name: name.toLowerCase() })
  return row === undefined ? undefined : asAssignment(row)
}

/** @throws Failure missing `RoleAssignmentNotFound` when there is none of that name at the scope */
export async function readAssignment(
  call: Call,
  { scope, name }: { scope: ResourceId; name: string },
): Promise<RoleAssignment> {
  const assignment = await findAssignment(call, name)
  if (assignment === undefined || assignment.scopeKey !== scope.key) {
    throw new Failure(
      'missing',
      'RoleAssignmentNotFound',
      `The role assignment '${name}' is not found.`,
    )
  }
  return assignment
}

export interface AssignmentFilter {
  readonly scope: ResourceId
  /** Only at the scope and above it; otherwise also below. */
  readonly atScope?: boolean | undefined
  /** Only those that name this principal itself. */
  readonly principalId?: ObjectId | undefined
  /** Only those that this principal has, by itself or through groups. */
  readonly assignedTo?: ObjectId | undefined
  /** How many at most; all when it is not given. */
  readonly most?: number
}

const NOTHING_BELOW = { keys: [], ranges: [] } as const

/** The assignments at, above and below a scope, by the keys of their scopes. */
export async function listAssignments(
  call: Call,
  filter: AssignmentFilter,
): Promise<RoleAssignment[]> {
  const { scope } = filter
  let built = query
    .selectFrom('role_assignments')
    .selectAll()
    .orderBy('scope_key')
    .orderBy('created_at')
    .orderBy('name')
  const over = await scopeChain(call, scope)
  const { keys, ranges } = filter.atScope ? NOTHING_BELOW : await subtree(call, scope)
  built = built.where((where) =>
    where.or([
      where('scope_key', 'in', [...over, ...keys]),
      ...ranges.map(({ from, until }) =>
        where.and([where('scope_key', '>=', from), where('scope_key', '<', until)]),
      ),
    ]),
  )
  if (filter.principalId !== undefined) {
    built = built.where('principal_id', '=', filter.principalId)
  }
  if (filter.assignedTo !== undefined) {
    built = built.where('principal_id', 'in', [...(await principalsOf(call, filter.assignedTo))])
  }
  if (filter.most !== undefined) built = built.limit(filter.most)
  return (await rowsOf<RoleAssignmentsTable>(call.db, built)).map(asAssignment)
}
