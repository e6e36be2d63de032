/**
 * A throw-away Locum for tests that look from outside: started, used and ended as a user would,
 * with the command line and the public APIs alone. It imports no value of the program.
 *
 * Waits are for conditions, and bounded; a test file starts one and removes it in its `after`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Status } from '../src/planes/control/status.ts'
import { type Owner, openOwner } from './owner.ts'

export const CLONE = join(import.meta.dirname, '..')
export const PROGRAM = join(CLONE, 'bin', 'locum')

/** First starts make keys; a laden machine has two processors at best. */
const READY_LIMIT_MS = 60_000
const END_LIMIT_MS = 20_000
const COMMAND_LIMIT_MS = 120_000
const CONDITION_LIMIT_MS = 30_000
const LOOK_AGAIN_MS = 25

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A line for `sh`, or a file and its arguments. */
export type CommandLine = string | readonly string[]

export interface Locum {
  /** The data folder. */
  readonly folder: string
  /** What `locum up` said when it was ready for the first time. */
  readonly firstWords: string
  /** As it was at the last start. */
  readonly status: Status
  /** The operator, by the public APIs. */
  readonly owner: Owner
  /** `locum …`, to its end, with this instance's data folder. */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>
  /** The same as another user of this computer; only root can ask for that. */
  runAs(uid: number, argv: readonly string[]): Promise<Ran>
  /** `locum exec VM -- …`: stdout; throws when the command fails. */
  exec(vm: string, command: CommandLine, options?: RunOptions): Promise<string>
  /** `locum shell -- …`: stdout; throws when the command fails. */
  shell(command: CommandLine, options?: RunOptions): Promise<string>
  /** `locum status --json`, now. */
  statusNow(): Promise<Status>
  /** kill -9, and gone. */
  kill(): Promise<void>
  /** Asks it to end, as Ctrl-C does. Throws unless it ends well. */
  stop(): Promise<void>
  /** Starts it again on what it has kept. */
  start(): Promise<void>
  /** Ends it, if it runs, and removes its folder. */
  remove(): Promise<void>
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  /** How long it may take, where that is longer than two minutes. */
  readonly limitMs?: number
  /** `--root`: the machine's own files instead of the caller's. */
  readonly root?: boolean
}

export async function startLocum(...settings: readonly string[]): Promise<Locum> {
  const folder = mkdtempSync(join(tmpdir(), 'locum-outside-'))
  let daemon: Daemon | undefined
  let firstWords: string | undefined
  let status: Status
  let owner: Owner
  const asked = ([command = '', ...rest]: readonly string[]) => [command, '--data', folder, ...rest]
  const run = (argv: readonly string[], options: RunOptions = {}) =>
    runToEnd(PROGRAM, asked(argv), options)
  const statusNow = async () => JSON.parse(succeeded(await run(['status', '--json'])).stdout)
  const start = async () => {
    daemon = await startDaemon(['--data', folder, '--port', '0', ...settings])
    firstWords ??= daemon.words
    status = await statusNow()
    owner = openOwner(status)
  }
  const end = async (signal: NodeJS.Signals) => {
    owner?.close()
    const ended = daemon
    daemon = undefined
    return ended?.end(signal)
  }
  const locum: Locum = {
    folder,
    get firstWords() {
      return firstWords ?? ''
    },
    get status() {
      return status
    },
    get owner() {
      return owner
    },
    run,
    runAs(uid, argv) {
      const user = ['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups', '--']
      return runToEnd('setpriv', [...user, PROGRAM, ...asked(argv)], {})
    },
    statusNow,
    start,
    async exec(vm, command, options = {}) {
      const flags = options.root ? ['--root'] : []
      const ran = await run(['exec', ...flags, vm, '--', ...argvOf(command)], options)
      return succeeded(ran).stdout
    },
    async shell(command, options) {
      return succeeded(await run(['shell', '--', ...argvOf(command)], options)).stdout
    },
    async kill() {
      await end('SIGKILL')
    },
    async stop() {
      const code = await end('SIGTERM')
      if (code !== 0) throw new Error(`locum up ended with ${code}`)
    },
    async remove() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await start()
    return locum
  } catch (reason) {
    await locum.remove()
    throw reason
  }
}

/** Waits until it is so; fails when it does not become so in half a minute. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await condition()); waitedMs += LOOK_AGAIN_MS) {
    if (waitedMs > CONDITION_LIMIT_MS) throw new Error(`never came true: ${condition}`)
    await setTimeout(LOOK_AGAIN_MS)
  }
}

/** What it ran to its end, or an error that shows what it said. */
export function succeeded(ran: Ran): Ran {
  if (ran.code === 0) return ran
  throw new Error(`the command ended with ${ran.code}\n${ran.stderr}\n${ran.stdout}`)
}

interface Daemon {
  /** What it said when it was ready. */
  readonly words: string
  /** Its exit code; 128 when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number>
}

async function startDaemon(argv: readonly string[]): Promise<Daemon> {
  const child = spawn(PROGRAM, ['up', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutLocum(process.env),
  })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 128)))
  let asked = false
  const end = (signal: NodeJS.Signals) => {
    asked = true
    return endChild(child, ended, signal)
  }
  let printed = ''
  const said = new Promise<void>((resolve) => {
    const read = (text: string) => {
      printed += text
      if (printed.includes('Locum is ready')) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
  })
  void ended.then((code) => {
    // Tests then fail for reasons that explain nothing.
    if (!asked) process.stderr.write(`locum up ended by itself with ${code}:\n${printed}\n`)
  })
  try {
    await ready(said, ended)
  } catch (reason) {
    await end('SIGKILL')
    throw reason
  }
  return { words: printed, end }
}

async function ready(said: Promise<void>, ended: Promise<number>): Promise<void> {
  const late = new AbortController()
  const outcome = await Promise.race([
    said.then(() => 'ready'),
    ended.then((code) => `ended with ${code}`),
    setTimeout(READY_LIMIT_MS, 'did not become ready', { signal: late.signal }),
  ])
  late.abort()
  if (outcome !== 'ready') throw new Error(`locum up ${outcome}`)
}

async function endChild(
  child: ChildProcess,
  ended: Promise<number>,
  signal: NodeJS.Signals,
): Promise<number> {
  child.kill(signal)
  const giveUp = globalThis.setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
  const code = await ended
  clearTimeout(giveUp)
  return code
}

/** A program, with our own environment and what the options add to it. */
export function runToEnd(file: string, argv: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, argv, {
      cwd: CLONE,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...withoutLocum(process.env), ...options.environment },
      timeout: options.limitMs ?? COMMAND_LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 128, stdout, stderr }))
    child.stdin.on('error', () => {}) // a command need not read what it is given
    child.stdin.end(options.input ?? '')
  })
}

function argvOf(command: CommandLine): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command
}

/** A data folder or a master key in our own environment is meant for another instance. */
function withoutLocum(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LOCUM_')))
}
