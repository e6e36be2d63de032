/**
 * How a program that root started goes on as an unprivileged user of its own.
 *
 * It replaces itself: nothing of root is kept, neither user, group, capability, nor the way to gain
 * one again (no_new_privs; bubblewrap needs none). Only the files 0 to 2 stay open.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { Failure } from '../base/failure.ts'
import { closeInheritedFiles } from './inherited-files.ts'
import { SYSTEM_PATH } from './sandbox.ts'
import { openingCommands, type UserId } from './traverse.ts'

export interface Continuation {
  /** The user's name, made when missing; or its numbers, taken as they are. */
  readonly user: string | UserId
  /** Handed to the user, 0700. Absolute. */
  readonly dataFolder: string
  /** Folders and files that the program reads: its own, above all. Absolute. */
  readonly reads: readonly string[]
  /** What to run, Node included. */
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string | undefined>>
}

/** For a computer on which no user can be made. Above all numbers that are given to people. */
const FALLBACK_ID: UserId = { uid: 52_119, gid: 52_119 }

/**
 * Does nothing unless root runs it; otherwise replaces this process and does not return.
 * Throws a Failure that says what to do when the user cannot be given what it needs.
 */
export function continueUnprivileged(continuation: Continuation): void {
  if (process.getuid?.() !== 0) return
  if (!process.execve) throw new Error('this version of Node cannot replace its process')
  const [file, ...argv] = unprivilegedCommand(continuation)
  closeInheritedFiles()
  process.execve(file, [file, ...argv], definedOnly(continuation.env))
}

/** The same as a command to start: makes the user and hands over the folder. Root only. */
export function unprivilegedCommand(continuation: Continuation): [string, ...string[]] {
  const { dataFolder, reads, argv } = continuation
  const user =
    typeof continuation.user === 'string' ? ensureUser(continuation.user) : continuation.user
  handOver(dataFolder, user)
  const opening = openingCommands([...reads, process.execPath, dataFolder], user)
  if (opening.length > 0) checkMayMount(opening)
  const script = ['set -e', ...opening, KEEP_FOLDER, 'exec "$@"'].join('\n')
  const own = opening.length > 0 ? OWN_MOUNTS : []
  return ['/usr/bin/env', ...own, '/bin/sh', '-c', script, 'sh', ...dropCommand(user), ...argv]
}

/** The working folder, entered anew in case it was reopened; `/` when it is closed to the user. */
const KEEP_FOLDER = 'cd "$PWD" 2>/dev/null || cd /'
const OWN_MOUNTS = ['unshare', '--mount', '--propagation', 'private']

/** A bounding set of nothing: no program that it starts can gain a capability of the host. */
export function dropCommand({ uid, gid }: UserId): string[] {
  const numbers = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups']
  const nothing = [
    '--inh-caps=-all',
    '--ambient-caps=-all',
    '--bounding-set=-all',
    '--no-new-privs',
  ]
  return ['setpriv', ...numbers, ...nothing, '--']
}

/** Looks the user up, or makes a system user without home or shell, or takes a fixed number. */
function ensureUser(name: string): UserId {
  const found = findUser(name)
  if (found) return found
  try {
    const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
    execFileSync('useradd', [...flags, '--shell', '/usr/sbin/nologin', name], {
      stdio: 'ignore',
      env: { PATH: SYSTEM_PATH },
    })
  } catch {} // no such program, or a read-only system
  return findUser(name) ?? FALLBACK_ID
}

function findUser(name: string): UserId | undefined {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name)
  return row ? { uid: Number(row[2]), gid: Number(row[3]) } : undefined
}

/**
 * Gives the folder to the user. Only a new or empty one: what holds somebody's files is never given
 * away, as `--data /home/somebody` would do.
 */
export function handOver(folder: string, user: UserId): void {
  const made = mkdirSync(folder, { recursive: true })
  const { uid } = statSync(folder)
  if (uid !== user.uid) {
    if (made === undefined && readdirSync(folder).length > 0) {
      throw new Failure(
        'conflict',
        'DataFolderUnusable',
        `The data folder ${folder} is not empty and belongs to user ${uid}. If it is Locum's, ` +
          `hand it over: chown -R ${user.uid}:${user.gid} ${folder}`,
      )
    }
    chownSync(folder, user.uid, user.gid)
  }
  chmodSync(folder, 0o700)
}

/** A container may forbid even root to mount. */
function checkMayMount(opening: readonly string[]): void {
  try {
    execFileSync('/usr/bin/env', [...OWN_MOUNTS, '/bin/sh', '-ec', opening.join('\n')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: SYSTEM_PATH },
    })
  } catch (cause) {
    throw new Failure(
      'conflict',
      'ProgramUnreadable',
      'Locum lies in a folder that only root may enter, and mounting is not permitted here. ' +
        'Put it where every user may read it, for example below /opt, with its data folder (--data).',
      { cause },
    )
  }
}

function definedOnly(env: Continuation['env']): Record<string, string> {
  const defined = Object.entries(env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(defined)
}
