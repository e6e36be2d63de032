/**
 * Jobs: what happens later. A job takes no input, can run at any time and any number of times with
 * the same outcome, and is both woken (after the commit that gave it work) and timed (in case the
 * wake was lost with a crash). Jobs know core, machines and http-free code only; no plane.
 */
import type { Call } from '../core/call.ts'
import type { JobName } from '../core/job-names.ts'

export interface Job {
  readonly name: JobName
  /** How often it runs when nobody wakes it. */
  readonly everyMs: number
  run(call: Call): Promise<void>
}
