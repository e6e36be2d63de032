/**
 * Operations that a job does one by one: the work goes in with the request, the result comes out at
 * the address the client polls. Both may hold anything a script may, and rest sealed.
 */
import { type Param, statement } from '../../store/statement.ts'
import type { Call } from '../call.ts'
import type { JobName } from '../job-names.ts'
import type { Transaction } from '../transaction.ts'
import { type Operation, operationOf, sealed } from './operations.ts'

export interface WaitingOperation extends Operation {
  /** Somebody has taken the work: after a restart nobody knows how far it came. */
  readonly taken: boolean
}

const waiting = statement((query, param: Param<{ job: string }>) =>
  query
    .selectFrom('operations')
    .selectAll()
    .where('status', '=', 'InProgress')
    .where('job', '=', param('job'))
    .orderBy('started_at'),
)

/** The operations under way that the job is to do, oldest first. */
export async function operationsFor(call: Call, job: JobName): Promise<WaitingOperation[]> {
  const rows = await waiting.all(call.db, { job })
  return rows.map((row) => ({ ...operationOf(row), taken: row.input === null }))
}

const workOf = statement((query, param: Param<{ id: string }>) =>
  query.selectFrom('operations').select(['input', 'result']).where('id', '=', param('id')),
)

const take = statement((query, param: Param<{ id: string }>) =>
  query.updateTable('operations').set({ input: null }).where('id', '=', param('id')),
)

/** Takes the work of an operation, once: undefined when somebody has it already. */
export async function takeWork(tx: Transaction, id: string): Promise<unknown> {
  const row = await workOf.first(tx.db, { id })
  if (!row?.input) return undefined
  await take.run(tx.db, { id })
  return JSON.parse(tx.seal.open(row.input, inputContext(id)).toString('utf8'))
}

interface Ending {
  readonly id: string
  readonly status: string
  readonly error: string | null
  readonly result: Uint8Array | null
  readonly now: number
}

const end = statement((query, param: Param<Ending>) =>
  query
    .updateTable('operations')
    .set({
      status: param('status'),
      error: param('error'),
      result: param('result'),
      ended_at: param('now'),
    })
    .where('id', '=', param('id'))
    .where('status', '=', 'InProgress'),
)

/** Ends one operation: with what came of it, or with why nothing did. */
export async function finishWork(
  tx: Transaction,
  id: string,
  outcome: { readonly result: unknown } | { readonly error: NonNullable<Operation['error']> },
): Promise<void> {
  const failed = 'error' in outcome
  await end.run(tx.db, {
    id,
    status: failed ? 'Failed' : 'Succeeded',
    error: failed ? JSON.stringify(outcome.error) : null,
    result: failed ? null : sealed(tx, outcome.result, resultContext(id)),
    now: tx.now,
  })
}

/** What came of an operation; undefined when it gives nothing, or not yet. */
export async function resultOf(call: Call, id: string): Promise<unknown> {
  const row = await workOf.first(call.db, { id })
  if (!row?.result) return undefined
  return JSON.parse(call.seal.open(row.result, resultContext(id)).toString('utf8'))
}

function inputContext(id: string): string {
  return `operation-input:${id}`
}

function resultContext(id: string): string {
  return `operation-result:${id}`
}
