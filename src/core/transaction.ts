/**
 * Transactions: opened by a plane's pipeline or a job, never nested. Inside one there is no wait
 * for network, process, file or slow cryptography, since other writes wait behind it.
 */
import type { WriteDb } from '../store/database.ts'
import type { Call } from './call.ts'

/** A call inside a transaction: the only thing that verbs which write will take. */
export interface Transaction extends Call {
  readonly db: WriteDb
}

/** Runs the work in a transaction; resolves when what it wrote is durable. */
export function transaction<Result>(
  call: Call,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  return call.db.database.write((db) =>
    work({ ...call, db, wake: (job) => db.afterCommit(() => call.wake(job)) }),
  )
}

/** Whether the call is inside a transaction, where caches do not show what it has written. */
export function inTransaction(call: Call): boolean {
  return call.db !== call.db.database.reader
}
