/**
 * Permission in Resource Manager: the action on the scope, and the actions on what a body links to.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call } from '../../core/call.ts'
import { authorize, authorizeLinked, type Wanted } from '../../core/rbac/check.ts'
import { transaction } from '../../core/transaction.ts'
import type { LinkedAccess } from '../../providers/provider.ts'

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
