/**
 * Azure role-based access control: may this principal do this, here?
 *
 * The room of roles, assignments and the decision between them, for the control plane and for every
 * data plane. Nothing is allowed that no assignment allows. It knows base, the store and
 * `directory` for groups; it does not know what the actions mean, nor any resource.
 *
 * A check (1) takes the principal and its groups, (2) asks the deny assignments, (3) collects the
 * role assignments at the scope and above, (4) looks in each role for a permission object that
 * grants the action, (5) holds the conditions of that object and of the assignment against the
 * request. One success allows.
 */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../call.ts'
import { assignmentIndex, collectFromIndex, type IndexedAssignment } from './assignment-index.ts'
import { listAssignments } from './assignment-list.ts'
import { type ConditionRequest, conditionHolds } from './conditions/conditions.ts'
import type { Attributes } from './conditions/evaluate.ts'
import { type DenyAssignment, deniedBy } from './deny.ts'
import { nearestRole } from './nearest-role.ts'
import { type ActionKind, actionKey, allows, type Permission } from './permissions.ts'
import { principalsOf } from './principals.ts'
import type { Role } from './role.ts'
import { openRoles } from './role-definitions.ts'
import { climb, scopeChain, scopeTree } from './scope-tree.ts'

export interface Question {
  readonly principalId: ObjectId
  /** `Microsoft.Compute/virtualMachines/start/action`. */
  readonly action: string
  readonly kind: ActionKind
  readonly scope: ResourceId
  /** What conditions may look at. */
  readonly attributes?: Attributes
  readonly denies?: readonly DenyAssignment[]
}

export type Decision =
  | { readonly allowed: true; readonly assignment: IndexedAssignment; readonly role: Role }
  | {
      readonly allowed: false
      /** A role would have allowed it, had its condition held. */
      readonly conditionFailed: boolean
      readonly deniedBy?: DenyAssignment
      /** The smallest built-in role that would allow it. */
      readonly nearest: Role | undefined
    }

/** Decides; refuses nothing by itself. */
export async function isAllowed(call: Call, question: Question): Promise<Decision> {
  const { kind, scope } = question
  const action = actionKey(question.action)
  const principals = await principalsOf(call, question.principalId)
  const denied = await denial(call, question, principals)
  if (denied !== undefined) return refused(question, false, denied)

  const roles = await openRoles(call)
  const request = conditionRequest(call, question)
  let conditionFailed = false
  for (const assignment of await assignmentsOver(call, scope, principals)) {
    const role = roles.get(assignment.roleId)
    for (const block of role?.permissions ?? []) {
      if (role === undefined || !allows(block, action, kind)) continue
      if (holds(block.condition, request) && holds(assignment.condition, request)) {
        return { allowed: true, assignment, role }
      }
      conditionFailed = true
    }
  }
  return refused(question, conditionFailed)
}

async function denial(
  call: Call,
  { denies = [], action, kind, scope }: Question,
  principals: readonly ObjectId[],
): Promise<DenyAssignment | undefined> {
  if (denies.length === 0) return undefined
  const over = await scopeChain(call, scope)
  return deniedBy(denies, { principals, action: actionKey(action), kind, scope, over })
}

/** What a caller wants to do, for `authorize`. */
export type Wanted = Omit<Question, 'principalId'>

/**
 * Lets the calling principal through, or throws what Resource Manager answers.
 * @throws Failure forbidden `AuthorizationFailed`; unauthenticated when no principal calls
 */
export async function authorize(call: Call, wanted: Wanted): Promise<Decision & { allowed: true }> {
  const { caller } = call
  if (caller.kind !== 'principal') throw noPrincipal()
  const decision = await isAllowed(call, { ...wanted, principalId: caller.objectId })
  if (decision.allowed) return decision
  const orCondition = decision.conditionFailed ? ' or an ABAC condition not fulfilled' : ''
  throw new Failure(
    'forbidden',
    'AuthorizationFailed',
    `The client '${caller.label}' with object id '${caller.objectId}' does not have authorization${orCondition} to perform action '${wanted.action}' over scope '${wanted.scope.text}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    { cause: { nearestRole: decision.nearest?.name, deniedBy: decision.deniedBy?.name } },
  )
}

export interface LinkedWanted {
  /** What the caller is doing, and may do. */
  readonly action: string
  readonly scope: ResourceId
  /** What it needs besides, on each of the resources that its request links to. */
  readonly linkedAction: string
  readonly linkedScopes: readonly ResourceId[]
}

/**
 * Lets the caller through when it may do the linked action on every linked scope.
 * @throws Failure forbidden `LinkedAuthorizationFailed`, naming all scopes that fail
 */
export async function authorizeLinked(call: Call, wanted: LinkedWanted): Promise<void> {
  const { caller } = call
  if (caller.kind !== 'principal') throw noPrincipal()
  const failed: ResourceId[] = []
  for (const scope of wanted.linkedScopes) {
    const decision = await isAllowed(call, {
      principalId: caller.objectId,
      action: wanted.linkedAction,
      kind: 'action',
      scope,
    })
    if (!decision.allowed) failed.push(scope)
  }
  if (failed.length === 0) return
  throw new Failure(
    'forbidden',
    'LinkedAuthorizationFailed',
    `The client '${caller.label}' with object id '${caller.objectId}' has permission to perform action '${wanted.action}' on scope '${wanted.scope.text}'; however, it does not have permission to perform action '${wanted.linkedAction}' on the linked scope(s) '${failed.map(({ text }) => text).join(',')}' or the linked scope(s) are invalid.`,
    { cause: { nearestRole: nearestRole(wanted.linkedAction, 'action')?.name } },
  )
}

/** Every permission object that the principal's roles give it at the scope, each once. */
export async function effectivePermissions(
  call: Call,
  principalId: ObjectId,
  scope: ResourceId,
): Promise<Permission[]> {
  const principals = await principalsOf(call, principalId)
  const assignments = await assignmentsOver(call, scope, principals)
  const roles = await openRoles(call)
  const blocks = assignments.flatMap(({ roleId }) => roles.get(roleId)?.permissions ?? [])
  return [...new Set(blocks)]
}

/** Whether the caller has any role at the scope, above it or below: what makes a scope visible. */
export async function hasAccessWithin(call: Call, scope: ResourceId): Promise<boolean> {
  const caller = callerObjectId(call)
  if (caller === undefined) return false
  return (await listAssignments(call, { scope, assignedTo: caller, most: 1 })).length > 0
}

/** The assignments of the principals at the scope and above it, the nearest scope first. */
async function assignmentsOver(
  call: Call,
  scope: ResourceId,
  principals: readonly ObjectId[],
): Promise<IndexedAssignment[]> {
  const index = await assignmentIndex(call.db)
  const tree = scopeTree(call.db)
  const found: IndexedAssignment[] = []
  climb(call, tree instanceof Promise ? await tree : tree, scope, (key) =>
    collectFromIndex(index, key, principals, found),
  )
  return found
}

function conditionRequest(call: Call, question: Question): ConditionRequest {
  const { attributes } = question
  const action = actionKey(question.action)
  return attributes === undefined
    ? { action, now: call.now }
    : { action, now: call.now, attributes }
}

/** A condition that cannot be read does not hold. */
function holds(condition: string | null | undefined, request: ConditionRequest): boolean {
  if (condition === null || condition === undefined) return true
  try {
    return conditionHolds(condition, request)
  } catch (reason) {
    if (reason instanceof Failure) return false
    throw reason
  }
}

function refused(
  { action, kind }: Question,
  conditionFailed: boolean,
  denied?: DenyAssignment,
): Decision {
  const nearest = nearestRole(action, kind)
  const because = { allowed: false, conditionFailed, nearest } as const
  return denied === undefined ? because : { ...because, deniedBy: denied }
}

function noPrincipal(): Failure {
  return new Failure(
    'unauthenticated',
    'AuthenticationFailed',
    "Authentication failed. The 'Authorization' header is missing or invalid.",
  )
}
