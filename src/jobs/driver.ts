/**
 * The driver: runs each job when it is woken and when its time has come, never twice at once. A job
 * woken while it runs runs again afterwards, so no wake is lost. A job that fails is logged and
 * tried again at its next time.
 */
import { randomUUID } from 'node:crypto'
import type { Call, Caller } from '../core/call.ts'
import type { JobName } from '../core/job-names.ts'
import type { Job } from './job.ts'

export interface Driver {
  wake(name: JobName): void
  /** Runs every job once, in order, and then keeps their times. */
  start(): void
  /** Runs the job now, after a run under way, and resolves when it is done: for tests and start. */
  finish(name: JobName): Promise<void>
  /** Wakes nothing more and waits for what runs. */
  stop(): Promise<void>
}

interface Slot {
  readonly job: Job
  running: Promise<void> | undefined
  wokenAgain: boolean
  timer: NodeJS.Timeout | undefined
}

export function openDriver(
  jobs: readonly Job[],
  newCall: (facts: { id: string; caller: Caller }) => Call,
): Driver {
  const slots = new Map<JobName, Slot>(
    jobs.map((job) => [job.name, { job, running: undefined, wokenAgain: false, timer: undefined }]),
  )
  let stopped = false

  function slotOf(name: JobName): Slot {
    const slot = slots.get(name)
    if (!slot) throw new Error(`there is no job named ${name}`)
    return slot
  }

  function wake(name: JobName): Promise<void> {
    const slot = slotOf(name)
    if (stopped) return Promise.resolve()
    if (slot.running) {
      slot.wokenAgain = true
      return slot.running
    }
    slot.running = runUntilRested(slot).finally(() => {
      slot.running = undefined
    })
    return slot.running
  }

  async function runUntilRested(slot: Slot): Promise<void> {
    do {
      slot.wokenAgain = false
      await runOnce(slot.job)
    } while (slot.wokenAgain && !stopped)
  }

  async function runOnce(job: Job): Promise<void> {
    const call = newCall({ id: randomUUID(), caller: { kind: 'job', name: job.name } })
    try {
      await job.run(call)
    } catch (error) {
      call.log.error('job failed', { job: job.name, error })
    }
  }

  return {
    wake: (name) => void wake(name),
    finish: wake,
    start() {
      for (const slot of slots.values()) {
        void wake(slot.job.name)
        slot.timer = setInterval(() => void wake(slot.job.name), slot.job.everyMs)
        slot.timer.unref()
      }
    },
    async stop() {
      stopped = true
      for (const slot of slots.values()) clearInterval(slot.timer)
      await Promise.all([...slots.values()].map((slot) => slot.running))
    },
  }
}
