/**
 * PUT and PATCH of a stored resource: the steps no type may forget, numbered.
 */
import type { ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import type { Call } from '../../../core/call.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import { beginOperation, type Work } from '../../../core/resources/operations.ts'
import { findResource } from '../../../core/resources/resource.ts'
import { transaction } from '../../../core/transaction.ts'
import type { Reply } from '../../../http/route.ts'
import type { Settled, StoredType } from '../../../providers/provider.ts'
import { type Asking, actionPrefix } from '../asking.ts'
import { checkPreconditions, missingScope, requireScope } from '../existence.ts'
import { ALREADY_DONE, operationHeaders } from '../operation-reply.ts'
import { permit } from '../permit.ts'
import { present } from '../present.ts'
import { place } from './place.ts'

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
    // 3. It is put in its place, with what it names inside itself.
    const { resource, settled } = await place(tx, asking, { type, id, before, verb }, asking.body)
    // 4. What is left to do is done by a job, after the commit.
    const operation =
      settled.later && (await beginOperation(tx, resource.id, workOf(settled.later)))
    if (settled.later) tx.wake(settled.later.job)
    await record(tx, { action, scope: id.text, outcome: 'done' })
    return { resource, operation, created: before === undefined }
  })
  const { resource, operation, created } = written
  return {
    status: created && verb === 'PUT' ? (type.createdStatus ?? 201) : 200,
    headers: {
      ...(operation
        ? operationHeaders(call, asking, id, operation, 'without location')
        : ALREADY_DONE),
      ...(type.shows?.etag && { etag: `"${resource.version}"` }),
    },
    body: await present(call, type, resource, asking.query),
  }
}

function workOf({ job, input }: NonNullable<Settled['later']>): Work | undefined {
  return input === undefined ? undefined : { job, input }
}
