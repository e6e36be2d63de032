/**
 * A Python of our own for the tests from outside: `.venv` with the Azure SDKs, everything pinned.
 * It is made once and again only when the requirements change.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CLONE = join(import.meta.dirname, '..')
const REQUIREMENTS = join(CLONE, 'setup', 'requirements.txt')
const ENVIRONMENT = join(CLONE, '.venv')
const STAMP = join(ENVIRONMENT, 'requirements.sha256')

/** Whether it is there in the end. */
export function preparePython(): boolean {
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true
  process.stderr.write('set-up: making .venv with the Azure SDKs for Python …\n')
  rmSync(ENVIRONMENT, { recursive: true, force: true })
  const made =
    succeeds('/usr/bin/python3', ['-m', 'venv', ENVIRONMENT]) &&
    succeeds(join(ENVIRONMENT, 'bin', 'pip'), ['install', '--quiet', '-r', REQUIREMENTS])
  if (made) writeFileSync(STAMP, wanted)
  return made
}

function succeeds(file: string, argv: readonly string[]): boolean {
  return spawnSync(file, argv, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
