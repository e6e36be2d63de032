/**
 * Transactions: opened by a plane's pipeline or a job. Inside one there is no wait for network,
 * process, file or slow cryptography, since other writes wait behind it.
 */
import type { WriteDb } from '../store/database.ts'
import type { Call } from './call.ts'

/** A call inside a transaction: the only thing that verbs which write will take. */
export interface Transaction extends Call {
  readonly db: WriteDb
}

/**
 * Runs the work in a transaction; resolves when what it wrote is durable. For a call that is in one
 * already, as in a rehearsal, it is a part of that one: undone by itself when it fails.
 */
export function transaction<Result>(
  call: Call,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  if (inTransaction(call)) {
    const tx = call as Transaction
    return tx.db.part(() => work(tx))
  }
  return call.db.database.write((db) =>
    work({ ...call, db, wake: (job) => db.afterCommit(() => call.wake(job)) }),
  )
}

/** Runs the work in a transaction and undoes all it wrote; gives what the work gave. */
export async function rehearsal<Result>(
  call: Call,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  let kept: { readonly result: Result } | undefined
  try {
    await transaction(call, async (tx) => {
      kept = { result: await work(tx) }
      throw UNDO
    })
  } catch (reason) {
    if (reason !== UNDO || !kept) throw reason
  }
  if (!kept) throw new Error('a rehearsal ended without a result')
  return kept.result
}

const UNDO = new Error('a rehearsal is undone')

/** Whether the call is inside a transaction, where caches do not show what it has written. */
export function inTransaction(call: Call): boolean {
  return call.db !== call.db.database.reader
}
