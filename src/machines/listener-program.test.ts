import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Server } from 'node:net'
import { describe, test } from 'node:test'
import { LISTENER_PROGRAM, type WantedSocket } from './listener-program.ts'

const HERE: WantedSocket = { name: 'metadata', kind: 'tcp', host: '127.0.0.1', port: 0 }

function launch(wanted: readonly WantedSocket[]): ChildProcess {
  return spawn(process.execPath, ['-e', LISTENER_PROGRAM, JSON.stringify(wanted)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {},
  })
}

describe('the helper that opens sockets', () => {
  test('hands them over and ends when told so', async () => {
    const helper = launch([HERE])
    const [message, server] = await once(helper, 'message')
    assert.deepEqual(message, { name: 'metadata' })
    assert.ok(server instanceof Server)
    helper.send('done')
    assert.deepEqual(await once(helper, 'exit'), [0, null])
    server.close()
  })

  test('does not outlive the daemon: it ends when the channel closes', async () => {
    const helper = launch([HERE])
    const [, server] = await once(helper, 'message')
    helper.disconnect()
    assert.deepEqual(await once(helper, 'exit'), [3, null])
    ;(server as Server).close()
  })

  test('ends also when the channel closes before it runs', async () => {
    const helper = launch([HERE])
    helper.disconnect()
    assert.deepEqual(await once(helper, 'exit'), [3, null])
  })

  test('says what it cannot have', async () => {
    const helper = launch([{ ...HERE, host: '192.0.2.1' }])
    const [complaint] = await once(helper.stderr ?? helper, 'data')
    assert.match(String(complaint), /^metadata: .*EADDRNOTAVAIL/)
    assert.deepEqual(await once(helper, 'exit'), [2, null])
  })
})
