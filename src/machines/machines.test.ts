/** What may be asked of machines, and how they live. As an unprivileged user, as the daemon runs. */
import assert from 'node:assert/strict'
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Failure } from '../base/failure.ts'
import { openTestMachines, type TestMachines } from './fixture.machines.ts'
import { attempt, processesIn, until } from './fixture.processes.ts'
import { goOnUnprivileged, skipWithoutSandbox } from './fixture.unprivileged.ts'

goOnUnprivileged()
const skip = await skipWithoutSandbox()

describe('machines', { skip }, () => {
  let azure: TestMachines
  const start: TestMachines['start'] = (name) => azure.start(name)
  const say: TestMachines['say'] = (...asked) => azure.say(...asked)
  const codeOf: TestMachines['codeOf'] = (...asked) => azure.codeOf(...asked)

  before(async () => {
    azure = await openTestMachines()
    await start('vm1')
  })
  after(() => azure.close())

  describe('commands', () => {
    test('code, output, input and folder come through', async () => {
      const result = await azure.machines.run('vm1', {
        argv: ['sh', '-c', 'cat; pwd; echo bad >&2; exit 7'],
        user: 'azureuser',
        stdin: 'hello ',
        cwd: '/tmp',
      })
      assert.deepEqual(result, { code: 7, stdout: 'hello /tmp\n', stderr: 'bad\n' })
    })

    test('a signal is 128 and its number', async () => {
      assert.equal(await codeOf('vm1', 'kill -9 $$'), 137)
    })

    test('arguments are data: no shell of ours reads them', async () => {
      const argv = ['/bin/echo', '$(id)', "a'b", 'c"d', '; exit 3', '']
      const { stdout } = await azure.machines.run('vm1', { argv, user: 'azureuser' })
      assert.equal(stdout, `$(id) a'b c"d ; exit 3 \n`)
    })

    test('a background child that holds the output open keeps nobody waiting', async () => {
      assert.equal(await say('vm1', 'sleep 600 & echo done'), 'done')
    })

    test('no file of the daemon is open in a command', async () => {
      assert.equal(await say('vm1', 'ls /proc/self/fd | tr "\\n" " "'), '0 1 2 3')
      assert.equal(await say('vm1', 'ls /proc/self/fd | tr "\\n" " "', 'root'), '0 1 2 3')
    })

    test('a command can be ended', async () => {
      const argv = ['sleep', '600']
      const run = azure.machines.run('vm1', {
        argv,
        user: 'root',
        signal: AbortSignal.timeout(100),
      })
      await assert.rejects(run, { name: 'AbortError' })
    })
  })

  describe('life', () => {
    test('starting twice is one machine, stopping twice is no error', async () => {
      const [first, second] = await Promise.all([start('once'), start('once')])
      assert.equal(first, second)
      assert.deepEqual(first, {
        key: 'once',
        hostName: 'once',
        kind: 'virtual-machine',
        mode: 'sandbox',
      })
      assert.equal(azure.machines.find('once'), first)
      await Promise.all([azure.machines.stop('once'), azure.machines.stop('once')])
      assert.equal(azure.machines.find('once'), undefined)
      await assert.rejects(
        azure.machines.run('once', { argv: ['true'], user: 'root' }),
        (error) => error instanceof Failure && error.code === 'MachineStopped',
      )
    })

    test('a stop during a start wins, a start during a stop too', async () => {
      void start('quick')
      await azure.machines.stop('quick')
      assert.equal(azure.machines.find('quick'), undefined)
      await start('quick')
      void azure.machines.stop('quick')
      await start('quick')
      assert.equal((await azure.machines.list()).filter(({ key }) => key === 'quick').length, 1)
      await azure.machines.stop('quick')
    })

    test('a machine that ends by itself is told, and leaves no file open', async () => {
      const before = openFiles()
      await start('brief')
      const processes = processesOf('brief')
      await codeOf('brief', 'setsid sleep 600 & kill -9 2')
      while (azure.machines.find('brief')) await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(azure.ended, ['brief'])
      assert.deepEqual(processes(), [])
      const namespaces = openFiles().filter((target) => /^[a-z]+:\[\d+\]$/.test(target))
      const ofOneMachine = 7
      const files = namespaces.filter((target) => !/^(socket|pipe):/.test(target)).length
      assert.equal(files, ofOneMachine * azure.machines.list().length)
      assert.ok(openFiles().length <= before.length)
    })

    test('a first process that is stopped (SIGSTOP) does not keep the machine alive', async () => {
      await start('frozen')
      await codeOf('frozen', 'setsid sleep 600 & kill -STOP 2')
      const processes = processesOf('frozen')
      await azure.machines.stop('frozen')
      assert.deepEqual(processes(), [])
    })

    test('stopping ends what was started with setsid and nohup', async () => {
      await start('busy')
      await codeOf('busy', 'setsid nohup sleep 61234 >/dev/null 2>&1 &')
      const processes = processesOf('busy')
      await until(() => processes().includes('sleep 61234 '))
      await azure.machines.stop('busy')
      assert.deepEqual(processes(), [])
    })

    test('a host name that would break a file is refused', async () => {
      const hostName = 'a\n127.0.0.1 evil'
      await assert.rejects(
        azure.machines.start({ key: 'x', hostName, files: 'x', kind: 'virtual-machine' }),
        (error) => error instanceof Failure && error.code === 'InvalidHostName',
      )
    })

    test('the data folder is ours alone, also when it existed and was open', () => {
      assert.equal(statSync(azure.machinesFolder).mode & 0o777, 0o700)
    })
  })

  /** The commands that run in a machine, seen from outside; to be asked again when it is gone. */
  function processesOf(name: string): () => string[] {
    const entrance = azure.machines.entrance(name)
    assert.equal(entrance.mode, 'sandbox')
    return () => processesIn(entrance.namespaces.pid.identity)
  }
})

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((file) => {
    const target = attempt(() => readlinkSync(`/proc/self/fd/${file}`))
    return target === undefined ? [] : [target]
  })
}
