/**
 * Long-running operations: begun in the transaction of the request that asked for the work,
 * finished by the job that did it, read by clients that poll.
 */
import type { Instant } from '../../base/clock.ts'
import { newId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { OperationsTable } from '../../store/tables.ts'
import { type Call, callerObjectId } from '../call.ts'
import type { JobName } from '../job-names.ts'
import type { Transaction } from '../transaction.ts'

export interface Operation {
  /** A GUID. */
  readonly id: string
  readonly resourceId: string
  readonly status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled'
  readonly error: { readonly code: string; readonly message: string } | undefined
  /** Object id of the principal that began it; undefined for the program itself. */
  readonly begunBy: string | undefined
  readonly startedAt: Instant
  readonly endedAt: Instant | undefined
}

const insert = statement((query, param: Param<OperationsTable>) =>
  query.insertInto('operations').values({
    id: param('id'),
    resource_key: param('resource_key'),
    resource_id: param('resource_id'),
    subscription_id: param('subscription_id'),
    status: param('status'),
    error: param('error'),
    started_at: param('started_at'),
    ended_at: param('ended_at'),
    job: param('job'),
    input: param('input'),
    result: param('result'),
    begun_by: param('begun_by'),
  }),
)

/** What a job is to do for one operation, where the database does not say it otherwise. */
export interface Work {
  readonly job: JobName
  /** JSON; rests sealed, since a script may hold anything. */
  readonly input: unknown
}

/** Begins an operation on a resource; gives its id. */
export async function beginOperation(
  tx: Transaction,
  resource: ResourceId,
  work?: Work,
): Promise<string> {
  const id: string = newId()
  await insert.run(tx.db, {
    id,
    resource_key: resource.key,
    resource_id: resource.text,
    subscription_id: resource.subscriptionId?.toLowerCase() ?? null,
    status: 'InProgress',
    error: null,
    started_at: tx.now,
    ended_at: null,
    job: work?.job ?? null,
    input: work ? sealed(tx, work.input, `operation-input:${id}`) : null,
    result: null,
    begun_by: callerObjectId(tx) ?? null,
  })
  return id
}

const finish = statement(
  (query, param: Param<{ key: string; status: string; error: string | null; now: number }>) =>
    query
      .updateTable('operations')
      .set({ status: param('status'), error: param('error'), ended_at: param('now') })
      .where('resource_key', '=', param('key'))
      .where('job', 'is', null)
      .where('status', '=', 'InProgress'),
)

/** Ends the operations under way on a resource, but for work of a job's own: well, or with the error. */
export async function finishOperations(
  tx: Transaction,
  resourceKey: string,
  error?: Operation['error'],
): Promise<void> {
  const ended = await finish.run(tx.db, {
    key: resourceKey,
    status: error ? 'Failed' : 'Succeeded',
    error: error ? JSON.stringify(error) : null,
    now: tx.now,
  })
  // Deployments wait for the operations of what they write.
  if (ended > 0) tx.wake('deployments')
}

const byId = statement((query, param: Param<{ id: string }>) =>
  query.selectFrom('operations').selectAll().where('id', '=', param('id')),
)

export async function findOperation(call: Call, id: string): Promise<Operation | undefined> {
  const row = await byId.first(call.db, { id: id.toLowerCase() })
  return row && operationOf(row)
}

const underWay = statement((query) =>
  query
    .selectFrom('operations')
    .select('resource_key')
    .where('status', '=', 'InProgress')
    .where('job', 'is', null),
)

/** Keys of the resources that have an operation under way which no job does alone. */
export async function resourcesUnderWay(call: Call): Promise<Set<string>> {
  return new Set((await underWay.all(call.db, {})).map((row) => row.resource_key))
}

/** The bytes as they rest: bound to the operation and to what they are of it. */
export function sealed(call: Call, value: unknown, context: string): Uint8Array {
  return call.seal.close(Buffer.from(JSON.stringify(value ?? null)), context)
}

export function operationOf(row: OperationsTable): Operation {
  return {
    id: row.id,
    resourceId: row.resource_id,
    status: row.status as Operation['status'],
    error: row.error === null ? undefined : JSON.parse(row.error),
    begunBy: row.begun_by ?? undefined,
    startedAt: row.started_at as Instant,
    endedAt: row.ended_at === null ? undefined : (row.ended_at as Instant),
  }
}
