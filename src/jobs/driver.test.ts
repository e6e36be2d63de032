import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Call } from '../core/call.ts'
import { openTestWorld } from '../core/test-world.ts'
import { openDriver } from './driver.ts'
import type { Job } from './job.ts'

const HOUR = 3_600_000

/** A job whose runs end when they are told to. */
function heldJob() {
  const runs: { end: () => void; call: Call }[] = []
  const job: Job = {
    name: 'machines',
    everyMs: HOUR,
    run: (call) => new Promise((resolve) => runs.push({ end: resolve, call })),
  }
  return { job, runs }
}

describe('the driver of jobs', () => {
  it('runs a woken job as a job', async () => {
    const world = await openTestWorld()
    const { job, runs } = heldJob()
    const driver = openDriver([job], ({ id, caller }) => ({ ...world.call(caller), id }))
    const done = driver.finish('machines')
    assert.deepEqual(runs[0]?.call.caller, { kind: 'job', name: 'machines' })
    runs[0]?.end()
    await done
    await world.close()
  })

  it('never runs a job twice at once, and once more for any number of wakes meanwhile', async () => {
    const world = await openTestWorld()
    const { job, runs } = heldJob()
    const driver = openDriver([job], ({ caller }) => world.call(caller))
    const done = driver.finish('machines')
    driver.wake('machines')
    driver.wake('machines')
    assert.equal(runs.length, 1)
    runs[0]?.end()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(runs.length, 2)
    runs[1]?.end()
    await done
    assert.equal(runs.length, 2)
    await world.close()
  })

  it('outlives a job that fails', async () => {
    const world = await openTestWorld()
    let runs = 0
    const failing: Job = {
      name: 'machines',
      everyMs: HOUR,
      run: async () => {
        runs++
        throw new Error('no')
      },
    }
    const driver = openDriver([failing], ({ caller }) => world.call(caller))
    await driver.finish('machines')
    await driver.finish('machines')
    assert.equal(runs, 2)
    await world.close()
  })

  it('waits for what runs when it stops, and runs nothing afterwards', async () => {
    const world = await openTestWorld()
    const { job, runs } = heldJob()
    const driver = openDriver([job], ({ caller }) => world.call(caller))
    driver.wake('machines')
    driver.wake('machines')
    const stopped = driver.stop()
    runs[0]?.end()
    await stopped
    await driver.finish('machines')
    assert.equal(runs.length, 1)
    await world.close()
  })
})
