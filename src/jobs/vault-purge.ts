/**
 * The purge job: soft-deleted secrets and keys are gone for good when their retention ends.
 */
import { HOUR_MS } from '../base/clock.ts'
import { purgeDue } from '../core/secrets/deletion.ts'
import { transaction } from '../core/transaction.ts'
import type { Job } from './job.ts'

export const vaultPurgeJob: Job = {
  name: 'vault-purge',
  everyMs: HOUR_MS,
  async run(call) {
    // A transaction purges a bounded number, so that other writes get their turn in between.
    let purged: number
    do {
      purged = await transaction(call, purgeDue)
      if (purged > 0) call.log.info('vault objects purged', { purged })
    } while (purged > 0 && !call.signal.aborted)
  },
}
