/**
 * The program from outside: `bin/locum` as a person starts it.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const LOCUM = join(import.meta.dirname, '..', 'bin', 'locum')
const READY_LIMIT_MS = 60_000

interface Status {
  pid: number
  tenantId: string
  subscriptionId: string
  endpoints: Record<string, string>
  owner: { clientId: string; objectId: string; certificate: string }
}

/** Starts `locum up` and resolves when it says that it is ready. */
async function up(
  folder: string,
  ...argv: string[]
): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(LOCUM, ['up', '--data', folder, '--port', '0', ...argv], {
    // File 7 stands for what a shell may leave open by accident.
    stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: '/nonexistent', SECRET_OF_ROOT: 'x' },
  })
  let said = ''
  let complained = ''
  child.stderr?.on('data', (text) => {
    complained += text
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      said += text
      if (said.includes('Ctrl-C')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`locum up ended with ${code}: ${complained}`)))
    setTimeout(() => reject(new Error('locum up was not ready')), READY_LIMIT_MS).unref()
  })
  await ready
  return { child, said }
}

function locum(...argv: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(LOCUM, argv, { encoding: 'utf8' })
  return { code: status, stdout, stderr }
}

function statusOf(folder: string): Status {
  return JSON.parse(locum('status', '--json', '--data', folder).stdout)
}

describe('locum up, status, down', () => {
  let folder: string
  let child: ChildProcess
  let said: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'locum-program-'))
    ;({ child, said } = await up(folder))
  })
  after(async () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('says in one line that it is ready, and then where', () => {
    const [ready, ...endpoints] = said.split('\n')
    assert.match(ready ?? '', /^Locum is ready \(process \d+, \d+ ms\)$/)
    assert.match(endpoints.join('\n'), /management {2}https:\/\/management\.locum\.localhost:\d+\n/)
  })

  it('tells what it is', () => {
    const status = statusOf(folder)
    assert.equal(status.pid, child.pid)
    assert.match(status.tenantId, /^[0-9a-f-]{36}$/)
    assert.match(locum('status', '--data', folder).stdout, new RegExp(status.subscriptionId))
  })

  it('keeps its folder, socket and keys to itself', () => {
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    for (const name of readdirSync(folder)) {
      const facts = statSync(join(folder, name))
      assert.equal(facts.mode & 0o077, 0, `${name} is open to others`)
    }
  })

  it('is no longer root, with nothing left of it', () => {
    const proc = `/proc/${child.pid}`
    const facts = readFileSync(`${proc}/status`, 'utf8')
    const ids = /^Uid:\s+(.*)$/m.exec(facts)?.[1]?.split(/\s+/) ?? []
    if (process.getuid?.() === 0) {
      assert.ok(!ids.includes('0'), 'it still has a user number of root')
      assert.match(facts, /^Groups:\s*$/m)
      assert.match(facts, /^NoNewPrivs:\s+1$/m)
      assert.doesNotMatch(readFileSync(`${proc}/environ`, 'utf8'), /SECRET_OF_ROOT/)
    }
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
      assert.match(facts, new RegExp(`^${set}:\\s+0+$`, 'm'))
    }
  })

  it('holds no file of whoever started it but the first three', () => {
    const proc = `/proc/${child.pid}`
    const inherited = readdirSync(`${proc}/fd`).filter((fd) => {
      const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`${proc}/fdinfo/${fd}`, 'utf8'))?.[1]
      return Number(fd) > 2 && (Number.parseInt(flags ?? '0', 8) & 0o2000000) === 0
    })
    assert.deepEqual(inherited, [])
  })

  it('is alone with its folder', () => {
    const second = locum('up', '--data', folder, '--port', '0')
    assert.equal(second.code, 1)
    assert.match(second.stderr, new RegExp(`process ${child.pid}\\) already runs .*locum down`))
  })

  it('says which port is taken, and how to take another', () => {
    const { port } = new URL(statusOf(folder).endpoints.management ?? '')
    const other = mkdtempSync(join(tmpdir(), 'locum-program-'))
    const second = locum('up', '--data', other, '--port', port)
    rmSync(other, { recursive: true })
    assert.equal(second.code, 1)
    assert.equal(
      second.stderr,
      `locum: port ${port} is in use; next step: another one with --port, or --port 0 for any free one\n`,
    )
  })

  it('is another tenant only in another folder', async () => {
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    const other = '11111111-2222-3333-4444-555555555555'
    const refused = locum('up', '--data', folder, '--port', '0', '--tenant-id', other)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, new RegExp(`not ${other}; next step: leave --tenant-id out`))
    ;({ child } = await up(folder))
  })

  it('has lost nothing when it was killed', async () => {
    const { pid, endpoints, ...kept } = statusOf(folder)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(locum('status', '--data', folder).code, 3)
    ;({ child } = await up(folder))
    const { pid: newPid, endpoints: newEndpoints, ...now } = statusOf(folder)
    assert.notEqual(newPid, pid)
    assert.deepEqual(
      { ...now, startedAt: undefined },
      { ...kept, startedAt: undefined },
      'tenant, subscription and owner are what they were',
    )
    assert.deepEqual(Object.keys(newEndpoints), Object.keys(endpoints))
  })

  it('ends when told to, and leaves no socket', async () => {
    const ended = once(child, 'exit')
    assert.equal(locum('down', '--data', folder).code, 0)
    assert.deepEqual(await ended, [0, null])
    assert.ok(!existsSync(join(folder, 'control.sock')))
    const again = locum('down', '--data', folder)
    assert.equal(again.code, 0, 'what is down already is down')
    assert.match(again.stderr, /nothing to stop/)
  })
})

describe('a command line that is wrong', () => {
  const cases: [argv: string[], code: number, said: RegExp][] = [
    [['upp'], 2, /^locum: unknown command 'upp'\n\(Did you mean up\?\)\n$/],
    [['up', '--prot', '1'], 2, /^locum: unknown option '--prot'\n\(Did you mean --port\?\)\n$/],
    [['up', '--port', 'x'], 2, /^locum: the setting port must be 0 to 65535\n$/],
    [['exec'], 2, /^locum: missing required argument 'vm'\n$/],
    [['status', '--data', '/nonexistent'], 3, /is not running .*\n {2}next step: locum up\n$/],
    [['exec', 'vm1', '--data', '/nonexistent', '--', 'true'], 3, /is not running/],
    [['roles', 'import', '/nonexistent'], 1, /^locum: cannot read \/nonexistent/],
  ]
  for (const [argv, code, said] of cases) {
    it(`locum ${argv.join(' ')}`, () => {
      const ran = locum(...argv)
      assert.equal(ran.code, code)
      assert.match(ran.stderr, said)
      assert.equal(ran.stdout, '')
    })
  }
})
