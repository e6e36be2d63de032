/**
 * Role assignments: who has which role where. This room alone writes `role_assignments`.
 *
 * The name of an assignment is a GUID and unique in the tenant; so is what it says: principal, role
 * and scope. Assignments of principals that are gone stay, as Azure leaves them.
 */
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import { isManagementGroup, type ResourceId } from '../../base/resource-id.ts'
import { statement } from '../../store/statement.ts'
import type { RoleAssignmentsTable } from '../../store/tables.ts'
import { callerObjectId } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { type AskedAssignment, asAssignment, asRow, type RoleAssignment } from './assignment.ts'
import { addToIndex, keepIndexTrue, removeFromIndex } from './assignment-index.ts'
import { findAssignment } from './assignment-list.ts'
import { OWNER_ROLE_ID } from './built-in-roles.ts'
import { CONDITION_VERSION, checkCondition } from './conditions/conditions.ts'
import { conditionFailure } from './conditions/tokens.ts'
import { isAssignableAt, readRole } from './role-definitions.ts'
import { below } from './scope-tree.ts'

/** Azure's limits. */
const MOST_ASSIGNMENTS_A_SUBSCRIPTION = 4000
const MOST_ASSIGNMENTS_A_MANAGEMENT_GROUP = 500
const LONGEST_DESCRIPTION_CHARS = 1024

interface Meaning {
  scopeKey: string
  roleId: string
  principalId: string
}
const byMeaning = statement<Meaning, { name: string }>((query, param) =>
  query
    .selectFrom('role_assignments')
    .select('name')
    .where('scope_key', '=', param('scopeKey'))
    .where('principal_id', '=', param('principalId'))
    .where('role_definition_id', '=', param('roleId')),
)
interface Range {
  key: string
  from: string
  until: string
}
const within = statement<Range, RoleAssignmentsTable>((query, param) =>
  query
    .selectFrom('role_assignments')
    .selectAll()
    .where((where) =>
      where.or([
        where('scope_key', '=', param('key')),
        where.and([
          where('scope_key', '>=', param('from')),
          where('scope_key', '<', param('until')),
        ]),
      ]),
    ),
)
const countBelow = statement<Omit<Range, 'key'>, { count: number }>((query, param) =>
  query
    .selectFrom('role_assignments')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('scope_key', '>=', param('from'))
    .where('scope_key', '<', param('until')),
)
const countAt = statement<{ key: string }, { count: number }>((query, param) =>
  query
    .selectFrom('role_assignments')
    .select((column) => column.fn.countAll<number>().as('count'))
    .where('scope_key', '=', param('key')),
)
const holdersAt = statement<{ scopeKey: string; roleId: string }, { name: string }>(
  (query, param) =>
    query
      .selectFrom('role_assignments')
      .select('name')
      .where('scope_key', '=', param('scopeKey'))
      .where('role_definition_id', '=', param('roleId'))
      .limit(2),
)
const removeByName = statement<{ name: string }, never>((query, param) =>
  query.deleteFrom('role_assignments').where('name', '=', param('name')),
)
const addRow = statement<RoleAssignmentsTable, never>((query, param) =>
  query.insertInto('role_assignments').values({
    name: param('name'),
    scope_key: param('scope_key'),
    scope: param('scope'),
    role_definition_id: param('role_definition_id'),
    principal_id: param('principal_id'),
    principal_type: param('principal_type'),
    description: param('description'),
    condition: param('condition'),
    condition_version: param('condition_version'),
    delegated_identity_id: param('delegated_identity_id'),
    created_at: param('created_at'),
    created_by: param('created_by'),
    updated_at: param('updated_at'),
    updated_by: param('updated_by'),
  }),
)

export interface PutAssignment {
  readonly assignment: RoleAssignment
  readonly outcome: 'created' | 'updated' | 'unchanged'
}

/**
 * Assigns a role. The same again gives what is there; condition and description may change. That
 * the principal exists is for the caller to check.
 * @throws Failure invalid `RoleAssignmentUpdateNotPermitted` and others; missing
 *   `RoleDefinitionDoesNotExist`; conflict `RoleAssignmentExists`
 */
export async function putAssignment(
  tx: Transaction,
  asked: AskedAssignment,
): Promise<PutAssignment> {
  await checkAsked(tx, asked)
  const wanted = assignmentFrom(tx, asked)
  const before = await findAssignment(tx, wanted.name)
  if (before === undefined) {
    await checkIsNew(tx, wanted)
    await checkRoomForOne(tx, asked.scope)
    await store(tx, wanted)
    return { assignment: wanted, outcome: 'created' }
  }
  if (!saysTheSame(before, wanted)) throw updateNotPermitted()
  if (isUnchanged(before, wanted)) return { assignment: before, outcome: 'unchanged' }
  const { createdAt, createdBy, scope, principalType } = before
  const assignment = { ...wanted, createdAt, createdBy, scope, principalType }
  await removeByName.run(tx.db, { name: wanted.name })
  await store(tx, assignment)
  return { assignment, outcome: 'updated' }
}

/**
 * Takes an assignment back; gives it as it was, or undefined when there is none at the scope.
 * @throws Failure stale `CannotDeleteLastRbacAdminAssignment` for the last owner of a subscription
 */
export async function deleteAssignment(
  tx: Transaction,
  { scope, name }: { scope: ResourceId; name: string },
): Promise<RoleAssignment | undefined> {
  const assignment = await findAssignment(tx, name)
  if (assignment === undefined || assignment.scopeKey !== scope.key) return undefined
  if (isSubscription(scope) && assignment.roleId === OWNER_ROLE_ID) {
    const owners = await holdersAt.all(tx.db, { scopeKey: scope.key, roleId: OWNER_ROLE_ID })
    if (owners.length === 1) throw lastAdministrator()
  }
  await forget(tx, assignment)
  return assignment
}

/** Takes back every assignment at a scope that is going away, and below it. */
export async function forgetScope(tx: Transaction, scopeKey: string): Promise<void> {
  const rows = await within.all(tx.db, { key: scopeKey, ...below(scopeKey) })
  for (const row of rows) await forget(tx, asAssignment(row))
}

async function checkAsked(tx: Transaction, asked: AskedAssignment): Promise<void> {
  if (!isGuid(asked.name)) {
    throw invalid(
      'InvalidRoleAssignmentId',
      `The role assignment ID '${asked.name}' is not valid. The role assignment ID must be a GUID.`,
    )
  }
  if ((asked.description?.length ?? 0) > LONGEST_DESCRIPTION_CHARS) {
    throw invalid(
      'InvalidRoleAssignmentDescription',
      `The description of a role assignment has at most ${LONGEST_DESCRIPTION_CHARS} characters.`,
    )
  }
  const role = await readRole(tx, asked.roleId)
  if (!(await isAssignableAt(tx, role, asked.scope))) {
    throw invalid(
      'RoleAssignmentScopeNotAssignableToRoleDefinition',
      `The role '${role.name}' cannot be assigned at scope '${asked.scope.text}': it is not among the assignable scopes of the role.`,
    )
  }
  if (asked.condition) {
    if ((asked.conditionVersion ?? CONDITION_VERSION) !== CONDITION_VERSION) {
      throw conditionFailure(`The version of conditions is ${CONDITION_VERSION}.`)
    }
    checkCondition(asked.condition)
  }
}

function assignmentFrom(tx: Transaction, asked: AskedAssignment): RoleAssignment {
  const condition = asked.condition || null
  const caller = callerObjectId(tx) ?? null
  return {
    name: asked.name.toLowerCase(),
    scope: asked.scope.text,
    scopeKey: asked.scope.key,
    roleId: asked.roleId.toLowerCase(),
    principalId: asked.principalId,
    principalType: asked.principalType,
    description: asked.description ?? null,
    condition,
    conditionVersion: condition === null ? null : CONDITION_VERSION,
    delegatedIdentityId: asked.delegatedIdentityId ?? null,
    createdAt: tx.now,
    createdBy: caller,
    updatedAt: tx.now,
    updatedBy: caller,
  }
}

async function checkIsNew(tx: Transaction, wanted: RoleAssignment): Promise<void> {
  const { scopeKey, roleId, principalId } = wanted
  if ((await byMeaning.first(tx.db, { scopeKey, roleId, principalId })) !== undefined) {
    throw new Failure('conflict', 'RoleAssignmentExists', 'The role assignment already exists.')
  }
}

async function checkRoomForOne(tx: Transaction, scope: ResourceId): Promise<void> {
  if (isManagementGroup(scope)) {
    const counted = await countAt.first(tx.db, { key: scope.key })
    if ((counted?.count ?? 0) >= MOST_ASSIGNMENTS_A_MANAGEMENT_GROUP) throw full('management group')
    return
  }
  if (scope.subscriptionId === undefined) return
  // Its own assignments sort right before those below it.
  const from = `/subscriptions/${scope.subscriptionId.toLowerCase()}`
  const counted = await countBelow.first(tx.db, { from, until: `${from}0` })
  if ((counted?.count ?? 0) >= MOST_ASSIGNMENTS_A_SUBSCRIPTION) throw full('subscription')
}

function full(what: string): Failure {
  return invalid(
    'RoleAssignmentLimitExceeded',
    `The role assignment limit for the ${what} is exceeded. No more role assignments can be created.`,
  )
}

function saysTheSame(one: RoleAssignment, other: RoleAssignment): boolean {
  return (
    one.scopeKey === other.scopeKey &&
    one.roleId === other.roleId &&
    one.principalId === other.principalId
  )
}

function isUnchanged(one: RoleAssignment, other: RoleAssignment): boolean {
  return (
    one.description === other.description &&
    one.condition === other.condition &&
    one.delegatedIdentityId === other.delegatedIdentityId
  )
}

async function store(tx: Transaction, assignment: RoleAssignment): Promise<void> {
  await addRow.run(tx.db, asRow(assignment))
  keepIndexTrue(tx, (index) => addToIndex(index, assignment))
}

async function forget(tx: Transaction, assignment: RoleAssignment): Promise<void> {
  await removeByName.run(tx.db, { name: assignment.name })
  keepIndexTrue(tx, (index) => removeFromIndex(index, assignment))
}

function isSubscription(scope: ResourceId): boolean {
  return scope.type.toLowerCase() === 'microsoft.resources/subscriptions'
}

function invalid(code: string, message: string): Failure {
  return new Failure('invalid', code, message)
}

function updateNotPermitted(): Failure {
  return invalid(
    'RoleAssignmentUpdateNotPermitted',
    'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
  )
}

function lastAdministrator(): Failure {
  return new Failure(
    'stale',
    'CannotDeleteLastRbacAdminAssignment',
    'Cannot delete the last RBAC admin assignment',
  )
}
