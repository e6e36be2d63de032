/**
 * PUT and PATCH of a stored resource: the steps no type may forget, numbered.
 */
import { Failure } from '../../../base/failure.ts'
import type { ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import { type Call, callerObjectId } from '../../../core/call.ts'
import { newlyNamed, reconcileIdentity } from '../../../core/identity/reconcile.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import { beginOperation } from '../../../core/resources/operations.ts'
import { findResource, putResource, type Resource } from '../../../core/resources/resource.ts'
import { type Transaction, transaction } from '../../../core/transaction.ts'
import type { Reply } from '../../../http/route.ts'
import type { Asked, Settled, StoredType } from '../../../providers/provider.ts'
import { type Asking, actionPrefix } from '../asking.ts'
import { type ReadBody, readBody } from '../body.ts'
import { checkPreconditions, missingScope, requireScope } from '../existence.ts'
import { operationHeaders } from '../operation-reply.ts'
import { permit, permitLinked } from '../permit.ts'
import { present } from '../present.ts'

const ASSIGN_IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'

export async function write(
  call: Call,
  asking: Asking,
  type: StoredType,
  id: ResourceId,
  verb: 'PUT' | 'PATCH',
): Promise<Reply> {
  // 1. May the caller write here at all?
  const action = `${actionPrefix(type)}/write`
  await permit(call, action, id)
  const written = await transaction(call, async (tx) => {
    // 2. Is there a place for it, and is it free to change?
    if (id.parent) await requireScope(tx, id.parent)
    await refuseLocked(tx, id, 'write')
    const before = await findResource(tx, id)
    if (verb === 'PATCH' && !before) throw missingScope(id)
    checkPreconditions(asking.headers, before)
    if (!before) checkName(type, id)
    // 3. What is asked for, and may the caller use what it links to?
    const body = readBody(type, id, asking.body, before, verb)
    await permitIdentities(tx, action, id, body)
    // 4. The provider decides; the engine stores.
    const settled = await type.settle(tx, body.asked, before, asking.query)
    const resource = next(tx, before, id, type, body.asked, settled)
    await putResource(tx, resource)
    if (body.identity) await reconcileIdentity(tx, resource.id, body.identity, verb)
    // 5. What is left to do is done by a job, after the commit.
    const operation = settled.later && (await beginOperation(tx, resource.id))
    if (settled.later) tx.wake(settled.later.job)
    await record(tx, { action, scope: id.text, outcome: 'done' })
    return { resource, operation, created: before === undefined }
  })
  const { resource, operation, created } = written
  return {
    status: created && verb === 'PUT' ? (type.createdStatus ?? 201) : 200,
    headers: {
      ...(operation && operationHeaders(call, asking, id, operation, 'without location')),
      ...(type.shows?.etag && { etag: `"${resource.version}"` }),
    },
    body: await present(call, type, resource, asking.query),
  }
}

async function permitIdentities(
  tx: Transaction,
  action: string,
  id: ResourceId,
  body: ReadBody,
): Promise<void> {
  if (!body.identity) return
  const named = await newlyNamed(tx, id, body.identity)
  const links = named.map((scope) => ({ action: ASSIGN_IDENTITY, scope }))
  await permitLinked(tx, { action, scope: id }, links)
}

function checkName(type: StoredType, id: ResourceId): void {
  const { pattern, code, message } = type.names
  if (pattern.test(id.name)) return
  throw new Failure(
    'invalid',
    code ?? 'InvalidResourceName',
    message?.replace('{name}', id.name) ??
      `Resource name '${id.name}' is invalid: it must match the pattern ${pattern.source}.`,
    { target: 'name' },
  )
}

function next(
  tx: Transaction,
  before: Resource | undefined,
  id: ResourceId,
  type: StoredType,
  asked: Asked<unknown>,
  settled: Settled,
): Resource {
  return {
    id: before?.id ?? id,
    type: type.name.toLowerCase(),
    location: asked.location,
    kind: asked.kind,
    tags: settled.tags ?? asked.tags,
    sku: settled.sku ?? asked.sku,
    envelope: asked.envelope,
    properties: settled.properties,
    state: settled.state ?? before?.state ?? {},
    provisioningState: settled.later?.provisioningState ?? 'Succeeded',
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? tx.now,
    createdBy: before ? before.createdBy : callerObjectId(tx),
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
}
