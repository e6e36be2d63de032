/**
 * One running sandbox: the processes and namespaces of a machine, without its sockets.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { Failure } from '../base/failure.ts'
import { bubblewrapArguments, FIRST_PROCESS, type PrivateWorld } from './bubblewrap.ts'
import type { Reaper } from './reaper.ts'

/**
 * The namespaces one enters, in nsenter's words → the kernel's. Named one by one: `nsenter --all`
 * would also want the time namespace, which a machine shares with the host and may not enter.
 */
export const NAMESPACES = {
  user: 'user',
  mount: 'mnt',
  uts: 'uts',
  ipc: 'ipc',
  net: 'net',
  pid: 'pid',
  cgroup: 'cgroup',
} as const
export type NamespaceName = keyof typeof NAMESPACES

export interface Sandbox {
  /** The machine's process 1, seen from here. */
  readonly pid: number
  /** The first process, seen from inside: it carries azureuser's user namespace. */
  readonly firstProcess: number
  /** Held open, so that no other process's namespaces can ever be meant. */
  readonly namespaces: Readonly<Record<NamespaceName, number>>
  /** Settles when everything in the sandbox has ended. */
  readonly ended: Promise<void>
  end(): Promise<void>
}

/** How long a sandbox may take to end by itself. */
const PATIENCE_MS = 1000
const GONE_STEP_MS = 2
/** bubblewrap speaks of its own troubles in a line or two. */
const COMPLAINT_LIMIT_BYTES = 4096

/** Starts it and waits until its first process runs. Throws what bubblewrap says when it cannot. */
export async function startSandbox(world: PrivateWorld, reaper: Reaper): Promise<Sandbox> {
  if (process.getuid?.() === 0) {
    // Processes in the sandbox would be the host's root, and could read /etc/shadow.
    throw new Error('a sandbox must not be run by root')
  }
  const infoPath = join(world.folder, 'bwrap.info')
  const child = launch(world, infoPath)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  try {
    const firstProcess = await firstLine(child)
    const { 'child-pid': pid } = JSON.parse(readFileSync(infoPath, 'utf8'))
    reaper.watch(pid)
    // The first process has ended, but process 1 would wait for whatever else runs.
    child.once('exit', () => kill(pid))
    const ended = closed.then(() => gone(pid))
    void ended.then(() => reaper.forget(pid))
    const namespaces = openNamespaces(pid)
    let over = false
    void closed.then(() => {
      over = true
      for (const file of Object.values(namespaces)) closeSync(file)
    })
    return {
      pid,
      firstProcess,
      ended,
      get namespaces() {
        // The numbers may by now be those of quite other files.
        if (over) throw new Failure('conflict', 'MachineStopped', 'The machine has stopped.')
        return namespaces
      },
      end: () => end(child, pid, ended),
    }
  } catch (error) {
    child.stdin?.destroy()
    throw error
  }
}

/**
 * Regular files, not pipes, carry the arguments and the answer: with pipes, a daemon killed right
 * now leaves a bubblewrap that waits for ever. No --die-with-parent either, for the same reason.
 * The environment is empty but for PATH: process 1 keeps it readable to root in the machine; and
 * its arguments come by file for the same reason.
 */
function launch(world: PrivateWorld, infoPath: string): ChildProcess {
  const argumentsPath = join(world.folder, 'bwrap.args')
  writeFileSync(argumentsPath, `${bubblewrapArguments(world).join('\0')}\0`, { mode: 0o600 })
  const info = openSync(infoPath, 'w', 0o600)
  const args = openSync(argumentsPath, 'r')
  try {
    return spawn('bwrap', ['--args', '4', '--info-fd', '3', '--', ...FIRST_PROCESS], {
      stdio: ['pipe', 'pipe', 'pipe', info, args],
      cwd: '/',
      env: { PATH: SYSTEM_PATH },
    })
  } finally {
    closeSync(info)
    closeSync(args)
  }
}

/** Where system programs are; ours may have been started with a shorter PATH. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The first process's number: the whole of the first line it writes. */
function firstLine(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    let complaint = ''
    const stdout = child.stdout as Readable
    stdout.on('data', (chunk) => {
      if (said.length < COMPLAINT_LIMIT_BYTES) said += chunk
      const line = /^(\d+)\n/.exec(said)
      if (line) resolve(Number(line[1]))
    })
    child.stdin?.on('error', () => {})
    child.stderr?.on('data', (chunk) => {
      if (complaint.length < COMPLAINT_LIMIT_BYTES) complaint += chunk
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(complaint.trim() || 'bubblewrap ended')))
  })
}

function openNamespaces(pid: number): Record<NamespaceName, number> {
  const opened: [string, number][] = []
  try {
    for (const [name, file] of Object.entries(NAMESPACES)) {
      opened.push([name, openSync(`/proc/${pid}/ns/${file}`, 'r')])
    }
  } catch (error) {
    for (const [, file] of opened) closeSync(file)
    throw error
  }
  return Object.fromEntries(opened) as Record<NamespaceName, number>
}

/** Asks the first process to end; kills process 1 from outside when it does not listen. */
async function end(child: ChildProcess, pid: number, ended: Promise<void>): Promise<void> {
  child.stdin?.end()
  const ending = new AbortController()
  const impatience = setTimeout(PATIENCE_MS, undefined, ending).then(
    () => kill(pid),
    () => {},
  )
  await ended
  ending.abort()
  await impatience
}

/** Process 1 ends a moment after bubblewrap. It is not our child: there is no event to wait for. */
async function gone(pid: number): Promise<void> {
  for (let waitedMs = 0; isAlive(pid) && waitedMs < PATIENCE_MS; waitedMs += GONE_STEP_MS) {
    await setTimeout(GONE_STEP_MS)
  }
}

/** A process that nobody has collected yet (a zombie) counts as gone: it holds nothing. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {} // it has just ended
}
