/**
 * POST of an action on a stored resource, and PUT of an aspect of one.
 */
import type { ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import { type Call, callerObjectId } from '../../../core/call.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import { beginOperation } from '../../../core/resources/operations.ts'
import { findResource, putResource, type Resource } from '../../../core/resources/resource.ts'
import { type Transaction, transaction } from '../../../core/transaction.ts'
import type { Reply } from '../../../http/route.ts'
import type { ActionAnswer, StoredType } from '../../../providers/provider.ts'
import { type Asking, actionPrefix } from '../asking.ts'
import { missingScope } from '../existence.ts'
import { ALREADY_DONE, operationHeaders } from '../operation-reply.ts'
import { permit } from '../permit.ts'

export async function act(
  call: Call,
  asking: Asking,
  type: StoredType,
  id: ResourceId,
  name: string,
  verb: 'action' | 'write' = 'action',
): Promise<Reply> {
  const action = `${actionPrefix(type)}/${name}/${verb}`
  await permit(call, action, id)
  const prepared = await type.preparations?.[name]?.(asking.body)
  const { answer, operation } = await transaction(call, async (tx) => {
    const resource = await findResource(tx, id)
    if (!resource) throw missingScope(id)
    // A read-only lock stops actions too: even listing keys hands out the power to write.
    await refuseLocked(tx, id, 'write')
    const run = verb === 'action' ? type.actions?.[name] : type.writes?.[name]
    const answer = (await run?.(tx, resource, asking.body, prepared)) ?? {}
    if (answer.state || answer.properties) await keepChange(tx, resource, answer)
    const operation = answer.later && (await begin(tx, id, answer.later))
    if (answer.later) tx.wake(answer.later.job)
    await record(tx, { action, scope: id.text, outcome: 'done' })
    return { answer, operation }
  })
  if (operation) {
    return {
      status: 202,
      headers: operationHeaders(call, asking, id, operation, 'with location'),
    }
  }
  return { status: answer.status ?? 200, headers: ALREADY_DONE, body: answer.body }
}

function begin(
  tx: Transaction,
  id: ResourceId,
  { job, input }: NonNullable<ActionAnswer['later']>,
): Promise<string> {
  return beginOperation(tx, id, input === undefined ? undefined : { job, input })
}

function keepChange(tx: Transaction, resource: Resource, answer: ActionAnswer): Promise<void> {
  return putResource(tx, {
    ...resource,
    state: answer.state ?? resource.state,
    properties: answer.properties ?? resource.properties,
    sku: answer.sku ?? resource.sku,
    version: resource.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  })
}
