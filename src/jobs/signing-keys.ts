/**
 * The signing-keys job: publishes the next key before the present one retires, and forgets those
 * whose last token has expired.
 */
import { HOUR_MS } from '../base/clock.ts'
import { rollSigningKeys } from '../core/tokens/signing-keys.ts'
import type { Job } from './job.ts'

export const signingKeysJob: Job = {
  name: 'signing-keys',
  everyMs: HOUR_MS,
  run: rollSigningKeys,
}
