/** What is left of machines when the daemon dies, and what the daemon's own network shows. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { IS_ROOT, startDaemon, type TestDaemon } from './fixture.daemon.ts'
import { attempt, processesIn, processesOfUser, until } from './fixture.processes.ts'
import { skipWithoutSandbox } from './fixture.unprivileged.ts'
import { startReaper } from './reaper.ts'
import { startSandbox } from './sandbox.ts'
import { dropCommand } from './unprivileged.ts'

/** A number that no other test uses: its processes are counted. */
const USER = { uid: 52_121, gid: 52_121 }
/** Ends with the test, also when that fails. */
function launch(t: TestContext, names: readonly string[], around?: readonly string[]): TestDaemon {
  const daemon = startDaemon(USER, names, around)
  t.after(() => daemon.process.kill('SIGKILL'))
  return daemon
}
const needsRoot = IS_ROOT ? false : 'needs root, to be a user that nobody else is'

describe('the end of the daemon', { skip: IS_ROOT ? false : await skipWithoutSandbox() }, () => {
  test('SIGKILL leaves nothing, whatever programs in the machines do against it', async (t) => {
    const daemon = launch(t, ['vm1', 'vm2', 'vm3'])
    const entrances = await daemon.entrances
    const spaces = entrances.map(({ namespaces }) => namespaces.pid.identity)
    const stubborn = 'trap "" HUP TERM INT; setsid sleep 600 & nohup sleep 600 & kill -STOP 2; wait'
    for (const { firstProcess, namespaces } of entrances) {
      const pid = namespaces.pid.path.split('/')[2]
      const as = IS_ROOT ? dropCommand(USER) : []
      const into = ['nsenter', '-t', `${pid}`, '--user', '--mount', '--pid']
      const inside = ['nsenter', '-t', `${firstProcess}`, '--user', '--preserve-credentials']
      const script = `(${stubborn}) >/dev/null 2>&1 &`
      const argv = [...as, ...into, '--preserve-credentials', ...inside, 'sh', '-c', script]
      assert.equal(spawnSync('env', argv).status, 0)
    }
    await until(() => spaces.every((space) => processesIn(space).includes('sleep 600 ')))
    await daemon.end('SIGKILL')
    await until(() => spaces.every((space) => processesIn(space).length === 0))
  })

  test('SIGKILL at any moment of starting leaves nothing', { skip: needsRoot }, async (t) => {
    const names = Array.from({ length: 12 }, (_, index) => `vm${index}`)
    for (const processes of [1, 4, 8, 12, 16, 20]) {
      const daemon = launch(t, names)
      daemon.entrances.catch(() => {})
      await until(() => processesOfUser(USER.uid).length >= processes)
      await daemon.end('SIGKILL')
      await until(() => processesOfUser(USER.uid).length === 0)
    }
  })

  test('an orderly end leaves nothing', { skip: needsRoot }, async (t) => {
    const daemon = launch(t, ['vm1', 'vm2'])
    await daemon.entrances
    await daemon.end()
    await until(() => processesOfUser(USER.uid).length === 0)
  })
})

describe('the host', { skip: needsRoot }, () => {
  test('cannot reach the metadata service, even with its address', async (t) => {
    const fakeHost = 'ip link set lo up; ip addr add 169.254.169.254/32 dev lo; exec "$@"'
    const daemon = launch(t, ['vm1'], ['unshare', '--net', 'sh', '-c', fakeHost, 'sh'])
    await daemon.entrances
    const host = ['-t', `${daemon.process.pid}`, '--net']
    const curl = spawnSync('nsenter', [...host, 'curl', '-s', 'http://169.254.169.254/'])
    assert.equal(curl.status, 7) // refused: nobody listens
    await daemon.end()
  })

  test('a file the daemon was given by accident reaches no machine', async (t) => {
    if (!existsSync('/bin/bash')) return t.skip('needs bash for file numbers above 9')
    const given = ['/bin/bash', '-c', 'exec 251</etc/passwd; exec "$@"', 'bash']
    const daemon = launch(t, ['vm1'], given)
    const [entrance] = await daemon.entrances
    const pid = entrance?.namespaces.pid.path.split('/')[2]
    const files = [`/proc/${daemon.process.pid}/fd`, `/proc/${pid}/fd`].flatMap((folder) =>
      readdirSync(folder).map((file) => attempt(() => readlinkSync(`${folder}/${file}`))),
    )
    assert.equal(files.includes('/etc/passwd'), false)
    await daemon.end()
  })

  test('root runs no sandbox: what runs in it would be root outside', async () => {
    const reaper = startReaper(silentLog)
    const world = { hostName: 'x', folder: '/nowhere', files: {}, trust: '/nowhere', system: [] }
    await assert.rejects(startSandbox(world, reaper), /must not be run by root/)
    reaper.close()
  })
})
