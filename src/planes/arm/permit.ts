/**
 * Permission in Resource Manager: the action on the scope, and the actions on what a body links to.
 */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { record } from '../../core/audit/audit.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { listAssignments } from '../../core/rbac/assignment-list.ts'
import { authorize, authorizeLinked, isAllowed, type Wanted } from '../../core/rbac/check.ts'
import { inTransaction, transaction } from '../../core/transaction.ts'
import type { LinkedAccess, NeededAccess } from '../../providers/provider.ts'

/** @throws Failure forbidden `AuthorizationFailed`; the refusal is kept in the audit */
export async function permit(
  call: Call,
  action: string,
  scope: ResourceId,
  attributes?: Wanted['attributes'],
): Promise<void> {
  try {
    await authorize(call, { action, kind: 'action', scope, ...(attributes && { attributes }) })
  } catch (reason) {
    if (reason instanceof Failure) await recordRefusal(call, action, scope, reason)
    throw reason
  }
}

/** @throws Failure forbidden `AuthorizationFailed`, in the words of the first that is refused */
export async function permitAll(call: Call, needed: readonly NeededAccess[]): Promise<void> {
  for (const { action, scope, message } of needed) {
    try {
      await permit(call, action, scope)
    } catch (reason) {
      if (message === undefined || !(reason instanceof Failure)) throw reason
      if (reason.fault !== 'forbidden') throw reason
      throw new Failure('forbidden', reason.code, message, { cause: reason })
    }
  }
}

/** Whether what is listed may be seen, by the action that reads it. */
export type Sight = (readAction: string, resource: ResourceId) => Promise<boolean>

/**
 * Permission to list. Whoever may list the scope sees all of it; a subscription is also listed to
 * whoever has a role somewhere below, and shows what that role lets be read.
 * @throws Failure forbidden `AuthorizationFailed`
 */
export async function permitList(call: Call, action: string, scope: ResourceId): Promise<Sight> {
  const principalId = callerObjectId(call)
  const partly =
    principalId !== undefined &&
    scope.type === 'Microsoft.Resources/subscriptions' &&
    !(await isAllowed(call, { principalId, action, kind: 'action', scope })).allowed &&
    (await hasRoleBelow(call, scope, principalId))
  if (!partly) {
    await permit(call, action, scope)
    return async () => true
  }
  return async (readAction, resource) => {
    const question = { principalId, action: readAction, kind: 'action', scope: resource } as const
    return (await isAllowed(call, question)).allowed
  }
}

/**
 * Whether the caller may use what the request links to, such as an identity it attaches.
 * @throws Failure forbidden `LinkedAuthorizationFailed`, naming every scope that is refused
 */
export async function permitLinked(
  call: Call,
  done: { readonly action: string; readonly scope: ResourceId },
  links: readonly LinkedAccess[],
): Promise<void> {
  for (const linkedAction of new Set(links.map(({ action }) => action))) {
    const linkedScopes = links.filter((link) => link.action === linkedAction)
    await authorizeLinked(call, {
      ...done,
      linkedAction,
      linkedScopes: linkedScopes.map(({ scope }) => scope),
    })
  }
}

/** Roles at the scope and above it have already had their say. */
async function hasRoleBelow(call: Call, scope: ResourceId, assignedTo: ObjectId): Promise<boolean> {
  const assignments = await listAssignments(call, { scope, assignedTo })
  return assignments.some(({ scopeKey }) => scopeKey.startsWith(`${scope.key}/`))
}

/**
 * Runs the work of a request that was let in. What it is refused further in, such as a resource of
 * a template, is kept in the audit too, though all it wrote is undone.
 */
export async function recordingRefusals<Result>(
  call: Call,
  done: { readonly action: string; readonly scope: ResourceId },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (reason) {
    if (reason instanceof Failure && reason.fault === 'forbidden' && !inTransaction(call)) {
      await recordRefusal(call, done.action, done.scope, reason)
    }
    throw reason
  }
}

async function recordRefusal(
  call: Call,
  action: string,
  scope: ResourceId,
  failure: Failure,
): Promise<void> {
  await transaction(call, (tx) =>
    record(tx, { action, scope: scope.text, outcome: 'denied', facts: { code: failure.code } }),
  )
}
