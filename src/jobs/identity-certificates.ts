/**
 * The certificates job: gives managed identities their first certificate, rolls those that have run
 * half their life, and forgets those that have ended.
 */
import { HOUR_MS } from '../base/clock.ts'
import { issueMissingCertificates } from '../core/directory/identity-certificates.ts'
import type { Job } from './job.ts'

export const identityCertificatesJob: Job = {
  name: 'identity-certificates',
  everyMs: HOUR_MS,
  async run(call) {
    const { issued } = await issueMissingCertificates(call)
    if (issued > 0) call.log.info('certificates issued', { issued })
  },
}
