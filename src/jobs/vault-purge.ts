/**
 * The purge job: what vaults have soft-deleted, and soft-deleted vaults themselves, are gone for good
 * when their retention ends.
 */
import { HOUR_MS } from '../base/clock.ts'
import { type Transaction, transaction } from '../core/transaction.ts'
import type { Job } from './job.ts'

/** Purges what is due, at most so much as other writes can wait for; gives how many it were. */
export type Purge = (tx: Transaction) => Promise<number>

export function vaultPurgeJob(purges: readonly Purge[]): Job {
  return {
    name: 'vault-purge',
    everyMs: HOUR_MS,
    async run(call) {
      for (const purge of purges) {
        let purged: number
        do {
          purged = await transaction(call, purge)
          if (purged > 0) call.log.info('vault objects purged', { purged })
        } while (purged > 0 && !call.signal.aborted)
      }
    },
  }
}
