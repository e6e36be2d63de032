/**
 * DELETE of a stored resource, with everything below it: what hangs on the scope goes in the same
 * transaction, deepest first, each thing released by its own type.
 */
import type { ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import { type Call, callerObjectId } from '../../../core/call.ts'
import { releaseIdentity } from '../../../core/identity/reconcile.ts'
import { isAllowed } from '../../../core/rbac/check.ts'
import { forgetScope } from '../../../core/rbac/role-assignments.ts'
import { forgetLinks, usersOf } from '../../../core/resources/links.ts'
import { resourcesBelow } from '../../../core/resources/lists.ts'
import { isLocked, refuseLocked } from '../../../core/resources/locks.ts'
import { beginOperation } from '../../../core/resources/operations.ts'
import { findResource, type Resource, removeResource } from '../../../core/resources/resource.ts'
import { type Transaction, transaction } from '../../../core/transaction.ts'
import type { Reply } from '../../../http/route.ts'
import type { Query, StoredType } from '../../../providers/provider.ts'
import { type Asking, actionPrefix } from '../asking.ts'
import { checkPreconditions, missingScope, requireScope } from '../existence.ts'
import { ALREADY_DONE, operationHeaders } from '../operation-reply.ts'
import { permit } from '../permit.ts'
import type { Registry } from '../registry.ts'
import { notAllowed } from './derived.ts'

export async function remove(
  call: Call,
  asking: Asking,
  type: StoredType,
  id: ResourceId,
): Promise<Reply> {
  const action = `${actionPrefix(type)}/delete`
  await permit(call, action, id)
  if (type.permanent) throw notAllowed('DELETE', type)
  const removed = await transaction(call, async (tx) => {
    if (id.parent) await requireScope(tx, id.parent)
    const resource = await findResource(tx, id)
    if (!resource) return undefined
    await refuseLocked(tx, id, 'delete')
    checkPreconditions(asking.headers, resource)
    await type.refuseRemoval?.(tx, resource)
    await removeWhole(tx, asking.registry, resource, asking.query)
    await record(tx, { action, scope: id.text, outcome: 'done' })
    return { operation: type.removal && (await beginOperation(tx, id)) }
  })
  if (!removed) {
    // A delete is done when the thing is gone; only groups insist that there was one.
    if (type.name === 'Microsoft.Resources/resourceGroups') throw missingScope(id)
    return { status: 204, headers: ALREADY_DONE }
  }
  if (!removed.operation) return { status: type.deletedStatus ?? 200, headers: ALREADY_DONE }
  return {
    status: 202,
    headers: operationHeaders(call, asking, id, removed.operation, 'with location'),
  }
}

/**
 * Removes a resource and all below it.
 * @throws Failure when something that stays refers to something that would go
 */
export async function removeWhole(
  tx: Transaction,
  registry: Registry,
  resource: Resource,
  query: Query = {},
): Promise<void> {
  const going = [...(await resourcesBelow(tx, resource.id)), resource]
  for (const one of going) await refuseInUse(tx, registry, one, resource.id)
  for (const one of going) await removeOne(tx, registry, one)
  await forgetScope(tx, resource.id.key)
  for (const one of going) await removeAlong(tx, registry, one, query)
}

/** What shall go with it, where nothing keeps it: a machine's disks, a network interface's address. */
async function removeAlong(
  tx: Transaction,
  registry: Registry,
  gone: Resource,
  query: Query,
): Promise<void> {
  const type = registry.find(gone.type)
  const wanted = type?.kind === 'stored' ? (type.goesWith?.(gone, query) ?? []) : []
  for (const id of wanted) {
    const along = await findResource(tx, id)
    if (along && (await mayGo(tx, registry, along))) await removeWhole(tx, registry, along)
  }
}

async function mayGo(tx: Transaction, registry: Registry, { id, type }: Resource) {
  const found = registry.find(type)
  const principalId = callerObjectId(tx)
  if (found === undefined || principalId === undefined) return false
  const action = `${actionPrefix(found)}/delete`
  const asked = { principalId, action, kind: 'action', scope: id } as const
  if (!(await isAllowed(tx, asked)).allowed) return false
  return (await usersOf(tx, id)).length === 0 && !(await isLocked(tx, id, 'delete'))
}

async function refuseInUse(
  tx: Transaction,
  registry: Registry,
  resource: Resource,
  { key }: ResourceId,
): Promise<void> {
  const type = registry.find(resource.type)
  if (type?.kind !== 'stored' || !type.inUse) return
  const ids = [resource.id, ...(type.parts?.(resource) ?? [])]
  const users = (await Promise.all(ids.map((id) => usersOf(tx, id)))).flat()
  const staying = users.filter(
    ({ ownerKey }) => ownerKey !== key && !ownerKey.startsWith(`${key}/`),
  )
  if (staying.length === 0) return
  const failure = type.inUse(
    resource,
    staying.map(({ from }) => from),
  )
  if (failure) throw failure
}

async function removeOne(tx: Transaction, registry: Registry, resource: Resource): Promise<void> {
  const type = registry.find(resource.type)
  await releaseIdentity(tx, resource.id)
  if (type?.kind === 'stored') {
    await type.release?.(tx, resource)
    if (type.removal) tx.wake(type.removal.job)
  }
  await forgetLinks(tx, resource.id)
  await removeResource(tx, resource.id)
}
