import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Failure } from '../base/failure.ts'
import { mayPass, openingCommands } from './traverse.ts'
import { continueUnprivileged, handOver, unprivilegedCommand } from './unprivileged.ts'

const USER = { uid: 52_123, gid: 52_123 }
const needsRoot = process.getuid?.() === 0 ? false : 'needs root'

test('who may pass a folder', () => {
  const folder = { uid: 1, gid: 2 }
  assert.equal(mayPass({ ...folder, mode: 0o700 }, { uid: 1, gid: 9 }), true)
  assert.equal(mayPass({ ...folder, mode: 0o700 }, { uid: 9, gid: 2 }), false)
  assert.equal(mayPass({ ...folder, mode: 0o710 }, { uid: 9, gid: 2 }), true)
  assert.equal(mayPass({ ...folder, mode: 0o711 }, { uid: 9, gid: 9 }), true)
  assert.equal(mayPass({ ...folder, mode: 0o077 }, { uid: 1, gid: 2 }), false)
})

test('an ordinary user goes on as it is', { skip: needsRoot ? false : 'root runs this' }, () => {
  continueUnprivileged({ user: 'x', dataFolder: '/x', reads: [], argv: ['/bin/false'], env: {} })
})

describe('continuing as an unprivileged user', { skip: needsRoot }, () => {
  const base = mkdtempSync(join(tmpdir(), 'locum-descend-'))
  chmodSync(base, 0o755)
  after(() => rmSync(base, { recursive: true }))

  /** Runs a shell script as the user, whose program lies in `reads`. */
  function descend(name: string, reads: string[], script: string) {
    const dataFolder = join(base, name)
    const argv = ['/bin/sh', '-c', script] as const
    const command = unprivilegedCommand({ user: USER, dataFolder, reads, argv, env: {} })
    const [file, ...rest] = command
    return spawnSync(file, rest, { encoding: 'utf8', cwd: '/', env: { PATH: process.env.PATH } })
  }

  test('nothing of root is kept', () => {
    const { stdout } = descend('plain', [], 'id -u; id -g; id -G; cat /proc/self/status')
    assert.match(stdout, /^52123\n52123\n52123\n/)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      assert.match(stdout, new RegExp(`^${set}:\t0{16}$`, 'm'))
    }
    assert.match(stdout, /^NoNewPrivs:\t1$/m)
  })

  test('the data folder is the user’s alone', () => {
    descend('data', [], 'true')
    const { uid, mode } = statSync(join(base, 'data'))
    assert.deepEqual([uid, mode & 0o777], [USER.uid, 0o700])
  })

  test('a folder that holds somebody’s files is not given away', () => {
    const folder = join(base, 'somebodys')
    mkdirSync(folder)
    writeFileSync(join(folder, 'diary'), '')
    assert.throws(
      () => handOver(folder, USER),
      (error) =>
        error instanceof Failure && error.message.endsWith(`chown -R 52123:52123 ${folder}`),
    )
    assert.equal(statSync(folder).uid, 0)
    chownSync(folder, USER.uid, USER.gid)
    handOver(folder, USER)
  })

  test('a program below a closed folder can be read at its own path, and nothing else there', () => {
    const closed = mkdtempSync(join(base, 'closed-'))
    const program = join(closed, 'it’s a/clone')
    mkdirSync(program, { recursive: true })
    writeFileSync(join(program, 'main'), 'text')
    writeFileSync(join(closed, 'private'), 'secret')
    const script = `cat '${program}/main'; ls '${closed}'; cat '${closed}/private'; ls /mnt | wc -l`
    const { stdout, stderr } = descend('reader', [program], script)
    assert.equal(stdout, `textit’s a\n${existsSync('/mnt') ? entries('/mnt') : 0}\n`)
    assert.match(stderr, /private: No such file/)
    assert.equal(readFileSync(join(closed, 'private'), 'utf8'), 'secret')
  })

  test('a closed folder that is the program’s own shows what it holds', () => {
    const program = mkdtempSync(join(base, 'clone-'))
    mkdirSync(join(program, 'src'))
    writeFileSync(join(program, 'src', 'main'), 'text')
    writeFileSync(join(program, 'package'), 'json')
    const script = `cat '${program}/src/main' '${program}/package'`
    assert.equal(descend('reader2', [program], script).stdout, 'textjson')
  })

  test('a data folder below a closed folder is written at its own path', () => {
    const closed = mkdtempSync(join(base, 'home-'))
    const dataFolder = join(closed, 'share', 'locum')
    const argv = ['/bin/sh', '-c', `echo kept > '${dataFolder}/file'`] as const
    const all = unprivilegedCommand({ user: USER, dataFolder, reads: [], argv, env: {} })
    const [file, ...rest] = all
    assert.equal(spawnSync(file, rest, { stdio: 'inherit' }).status, 0)
    assert.equal(readFileSync(join(dataFolder, 'file'), 'utf8'), 'kept\n')
    assert.equal(statSync(closed).mode & 0o777, 0o700)
  })

  test('nothing has to be opened where everything is open', () => {
    assert.deepEqual(openingCommands(['/usr/bin', '/etc/passwd'], USER), [])
  })

  function entries(folder: string): number {
    return Number(spawnSync('sh', ['-c', `ls ${folder} | wc -l`], { encoding: 'utf8' }).stdout)
  }
})
