/** Entering a machine from another process, as root and as the daemon's own user. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { SandboxEntrance } from './entrance.ts'
import { asUser, IS_ROOT, startDaemon, type TestDaemon } from './fixture.daemon.ts'
import { skipWithoutSandbox } from './fixture.unprivileged.ts'

const OWNER = { uid: 52_122, gid: 52_122 }
const PROGRAM = join(import.meta.dirname, 'fixture.enter-program.ts')
const TOKEN = 'http://169.254.169.254/metadata/identity/oauth2/token'

type Who = 'root' | 'the daemon’s user'
const callers: readonly Who[] = IS_ROOT ? ['root', 'the daemon’s user'] : ['the daemon’s user']

describe('entering', { skip: IS_ROOT ? false : await skipWithoutSandbox() }, () => {
  let daemon: TestDaemon
  let vm1: SandboxEntrance
  let vm2: SandboxEntrance

  before(async () => {
    daemon = startDaemon(OWNER, ['vm1', 'vm2'])
    const [first, second] = await daemon.entrances
    assert.ok(first && second)
    vm1 = first
    vm2 = second
  })
  after(() => daemon.end())

  for (const who of callers) {
    describe(`by ${who}, with own files`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'locum-own-'))
      if (who !== 'root') chmodSync(folder, 0o777)
      after(() => rmSync(folder, { recursive: true }))
      const enter = (entrance: SandboxEntrance, script: string, env = {}) =>
        run(who, entrance, ['--', 'sh', '-c', script], { cwd: folder, env })

      test('the program has the identity of the machine', () => {
        for (const [name, entrance] of Object.entries({ vm1, vm2 })) {
          const { stdout } = enter(entrance, `hostname; curl -s ${TOKEN} -H Metadata:true`)
          assert.equal(stdout, `${name}\n{"machine":"${name}","host":"169.254.169.254"}\n`)
        }
      })

      test('the program has the caller’s user, folder and files', () => {
        const uid = who === 'root' ? 0 : userOf(who)
        const { stdout } = enter(vm1, 'id -u; pwd; echo mine > made')
        assert.equal(stdout, `${uid}\n${folder}\n`)
        assert.equal(readFileSync(join(folder, 'made'), 'utf8'), 'mine\n')
        assert.equal(statSync(join(folder, 'made')).uid, uid)
      })

      test('the code of the program comes through, and 127 when there is none', () => {
        assert.equal(enter(vm1, 'exit 42').status, 42)
        assert.equal(run(who, vm1, ['--', '/no/such/program']).status, 127)
      })

      test('arguments are data: no shell of ours reads them', () => {
        const argv = ['--', '/bin/echo', '$(id)', "a'b", '--', '; exit 3']
        assert.equal(run(who, vm1, argv).stdout, "$(id) a'b -- ; exit 3\n")
      })

      test('Azure’s names resolve and verify in curl, python and node', () => {
        const url = 'https://kv1.vault.azure.net/keys?api-version=7.3'
        const node = `fetch('${url}').then((r) => process.stdout.write(r.status + ' node'))`
        assert.equal(enter(vm1, `curl -s -o /dev/null -w '%{http_code}' '${url}'`).stdout, '200')
        assert.equal(enter(vm1, `${process.execPath} -e "${node}"`).stdout, '200 node')
        if (!existsSync('/usr/bin/python3')) return
        const python = `import urllib.request as u; print(u.urlopen("${url}").status)`
        assert.equal(enter(vm1, `/usr/bin/python3 -c '${python}'`).stdout, '200\n')
      })

      test('the names of this computer are replaced for the program alone', () => {
        const before = etc()
        const { stdout } = enter(vm1, 'cat /etc/hosts /etc/resolv.conf')
        assert.match(stdout, /127\.0\.1\.1 vm1\n(.*\n)*nameserver 168\.63\.129\.16\n/)
        assert.equal(etc(), before)
      })

      test('the environment travels, but not what leads past the machine', () => {
        const env = { MINE: 'kept', HTTPS_PROXY: 'http://proxy:1', IDENTITY_ENDPOINT: 'http://x' }
        const { stdout } = enter(vm1, 'echo "$MINE-$HTTPS_PROXY-$IDENTITY_ENDPOINT"', env)
        assert.equal(stdout, 'kept--\n')
      })

      test('only the files 0, 1 and 2 are open', () => {
        assert.equal(enter(vm1, 'echo $(ls /proc/self/fd)').stdout, '0 1 2 3\n')
      })

      test('a terminal stays one', (t) => {
        if (!existsSync('/usr/bin/script')) return t.skip('needs the program script')
        const inside = 'test -t 0 && test -t 1 && stty size'
        const argv = command(who, vm1, ['--', 'sh', '-c', inside])
        const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
        const typed = `stty rows 33 cols 99; ${quoted}`
        const { status, stdout } = spawnSync('script', ['-qec', typed, '/dev/null'], TEXT)
        assert.equal(stdout.trim(), '33 99')
        assert.equal(status, 0)
      })
    })

    describe(`by ${who}, as the machine’s root`, () => {
      test('the program has the machine’s files and is root there', () => {
        const script = 'id -u; pwd; hostname; head -1 /etc/passwd; exit 5'
        const { status, stdout } = run(who, vm1, ['--root', '--', 'sh', '-c', script])
        assert.equal(stdout, '0\n/root\nvm1\nroot:x:0:0:root:/root:/bin/bash\n')
        assert.equal(status, 5)
      })

      test('it can write there, and not what all machines share', () => {
        const script = 'touch /root/a /tmp/b && ! touch /usr/c /etc/d 2>/dev/null && echo so'
        assert.equal(run(who, vm1, ['--root', '--', 'sh', '-c', script]).stdout, 'so\n')
        const remount = ['--root', '--', 'mount', '-o', 'remount,rw,bind', '/etc/ssl/certs']
        assert.notEqual(run(who, vm1, remount).status, 0)
      })

      test('only the files 0, 1 and 2 are open', () => {
        const script = 'echo $(ls /proc/self/fd)'
        assert.equal(run(who, vm1, ['--root', '--', 'sh', '-c', script]).stdout, '0 1 2 3\n')
      })
    })
  }

  test('namespaces that are no longer the machine’s are not entered', () => {
    const net = { ...vm1.namespaces.net, identity: 'net:[1]' }
    const gone = { ...vm1, namespaces: { ...vm1.namespaces, net } }
    const { status, stderr } = run(callers[0] as Who, gone, ['--', 'true'])
    assert.deepEqual([status, stderr], [125, 'MachineStopped\n'])
  })

  function run(who: Who, entrance: SandboxEntrance, rest: string[], options: Options = {}) {
    const [file = '', ...argv] = command(who, entrance, rest)
    const env = { ...process.env, ...options.env }
    return spawnSync(file, argv, { ...TEXT, ...options, env })
  }

  function command(who: Who, entrance: SandboxEntrance, rest: string[]): readonly string[] {
    const argv = [process.execPath, PROGRAM, JSON.stringify(entrance), ...rest] as const
    return who === 'root' ? argv : asUser(OWNER, daemon.folder, [...argv])
  }
})

interface Options {
  readonly cwd?: string
  readonly env?: Record<string, string>
}

const TEXT = { encoding: 'utf8', timeout: 20_000 } as const

function userOf(who: Who): number {
  return who === 'root' ? 0 : IS_ROOT ? OWNER.uid : (process.getuid?.() ?? 0)
}

function etc(): string {
  return ['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf', '/etc/hostname']
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : 'none'))
    .join('\0')
}
