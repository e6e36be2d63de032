/** The sign-in job: codes, refresh tokens and sign-ins that have expired are forgotten. */
import { HOUR_MS } from '../base/clock.ts'
import { deleteExpired } from '../core/signin/expired.ts'
import { transaction } from '../core/transaction.ts'
import type { Job } from './job.ts'

export const signInsJob: Job = {
  name: 'sign-ins',
  everyMs: HOUR_MS,
  async run(call) {
    const deleted = await transaction(call, deleteExpired)
    if (deleted > 0) call.log.info('expired sign-ins deleted', { deleted })
  },
}
