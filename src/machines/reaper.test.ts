import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { startReaper } from './reaper.ts'

describe('the reaper', () => {
  test('ends what is still watched, and nothing else', async () => {
    const [kept, forgotten, watched] = [1, 2, 3].map(() => spawn('sleep', ['60']))
    assert.ok(kept?.pid && forgotten?.pid && watched?.pid)
    const reaper = startReaper(silentLog)
    for (const pid of [forgotten.pid, watched.pid]) reaper.watch(pid)
    reaper.forget(forgotten.pid)
    reaper.forget(kept.pid)
    reaper.close()
    assert.deepEqual(await once(watched, 'exit'), [null, 'SIGKILL'])
    for (const child of [kept, forgotten]) {
      assert.equal(child.exitCode ?? child.signalCode, null)
      child.kill()
    }
  })
})
