/** The directory's purge job: what was deleted thirty days ago is gone for good. */
import { HOUR_MS } from '../base/clock.ts'
import { purgeDueDeleted } from '../core/directory/deletion.ts'
import { transaction } from '../core/transaction.ts'
import type { Job } from './job.ts'

export const directoryPurgeJob: Job = {
  name: 'directory-purge',
  everyMs: HOUR_MS,
  async run(call) {
    let purged: number
    do {
      purged = await transaction(call, purgeDueDeleted)
      if (purged > 0) call.log.info('deleted objects purged', { purged })
    } while (purged > 0 && !call.signal.aborted)
  },
}
