/**
 * A disk that is full: clear refusals while it is, service again when it no longer is, and nothing
 * lost that was acknowledged. On a small file system in a mount namespace of its own, which only
 * root can make.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const SIZE_MB = 48
const LIMIT_MS = 120_000
const PROGRAM = join(import.meta.dirname, 'fixture.full-disk-program.ts')
/** Mounts the small disk where nobody else sees it, and becomes the rest. */
const ON_SMALL_DISK = `mount -t tmpfs -o size=${SIZE_MB}m,mode=0755 small "$1" && shift && exec "$@"`

const skip = process.getuid?.() === 0 ? false : 'only root can make a small disk to fill'

test('a full disk refuses writes in clear words and loses nothing', { skip }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'locum-full-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const namespace = ['--mount', '--propagation', 'private', '--']
  const program = [process.execPath, ...process.execArgv, PROGRAM, folder]
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...namespace, 'sh', '-c', ON_SMALL_DISK, 'sh', folder, ...program],
    {
      encoding: 'utf8',
      timeout: LIMIT_MS,
      env: { ...process.env, TMPDIR: folder, NODE_TEST_CONTEXT: undefined },
    },
  )
  if (status !== 0) throw new Error(`it ended with ${status}\n${stderr}\n${stdout}`)
  t.diagnostic(stdout.trim())
})
