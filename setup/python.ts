/**
 * Python environments of our own for the tests from outside, everything in them pinned: `.venv`
 * with the Azure SDKs, `.venv-az` with the Azure CLI, whose SDKs are other ones.
 * Each is made once and again only when its requirements change.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CLONE = join(import.meta.dirname, '..')

interface Environment {
  readonly folder: string
  /** In this folder. */
  readonly requirements: string
  readonly holds: string
}

const ENVIRONMENTS: readonly Environment[] = [
  { folder: '.venv', requirements: 'requirements.txt', holds: 'the Azure SDKs for Python' },
  {
    folder: '.venv-az',
    requirements: 'requirements-az.txt',
    holds: 'the Azure CLI, once (1 to 3 minutes, 750 MB)',
  },
]

/** Whether all are there in the end. */
export function preparePython(): boolean {
  return ENVIRONMENTS.every(prepare)
}

function prepare({ folder, requirements, holds }: Environment): boolean {
  const environment = join(CLONE, folder)
  const pinned = join(CLONE, 'setup', requirements)
  const stamp = join(environment, 'requirements.sha256')
  const wanted = createHash('sha256').update(readFileSync(pinned)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true
  process.stderr.write(`set-up: making ${folder} with ${holds} …\n`)
  rmSync(environment, { recursive: true, force: true })
  const made =
    succeeds('/usr/bin/python3', ['-m', 'venv', environment]) &&
    succeeds(join(environment, 'bin', 'pip'), ['install', '--quiet', '-r', pinned])
  if (made) writeFileSync(stamp, wanted)
  return made
}

function succeeds(file: string, argv: readonly string[]): boolean {
  return spawnSync(file, argv, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
