/**
 * A Locum for one purpose: in a temporary folder, on a free port, gone afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Status } from '../../planes/control/status.ts'
import { CommandError, EXIT } from '../command-error.ts'
import { askDaemon } from '../control-client.ts'

export interface ThrowAway {
  readonly dataFolder: string
  readonly status: Status
  /** Runs a locum command against it, like a person would. */
  locum(argv: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>
  /** What it has logged so far, one object a line. */
  logged(): LogLine[]
  /** Waits for such a line. @throws CommandError when none comes */
  whenLogged(is: (line: LogLine) => boolean): Promise<LogLine>
  /** Ends it and removes its folder. */
  remove(): Promise<void>
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type LogLine = { readonly event: string } & Readonly<Record<string, unknown>>

/** How long a first start may take on a slow machine, and how often to look, in milliseconds. */
const START_WAIT_MS = 30_000
const LOOK_AGAIN_MS = 20
/** How long a graceful end may take before it is no longer asked for. */
const STOP_WAIT_MS = 10_000
const LOG_WAIT_MS = 10_000

/** Starts one; the interruption removes it, at whatever point it is. */
export async function startThrowAway(interruption: AbortSignal): Promise<ThrowAway> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'locum-demo-'))
  const settings = ['--data', dataFolder, '--port', '0', '--log-level', 'info']
  const child = spawn(process.execPath, self(['up', ...settings]), {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A master key or a data folder in our own environment is meant for another instance.
    env: withoutLocumVariables(),
  })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const remove = async () => {
    await end(child, ended)
    rmSync(dataFolder, { recursive: true, force: true })
  }
  interruption.addEventListener('abort', () => void end(child, ended))
  try {
    const status = await whenReady(dataFolder, child, () => log)
    return {
      dataFolder,
      status,
      locum: (argv, environment) => runLocum(argv, dataFolder, environment),
      logged: () => readLog(log),
      whenLogged: (is) => whenLogged(() => readLog(log).find(is)),
      remove,
    }
  } catch (reason) {
    await remove()
    throw reason
  }
}

async function whenReady(
  dataFolder: string,
  child: ChildProcess,
  log: () => string,
): Promise<Status> {
  for (let waitedMs = 0; waitedMs < START_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new CommandError(`the demo's Locum did not start: ${log().trim()}`)
    }
    try {
      return await askDaemon<Status>(dataFolder, { method: 'GET', path: '/status' })
    } catch (reason) {
      if (!(reason instanceof CommandError && reason.exitCode === EXIT.notRunning)) throw reason
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
  }
  throw new CommandError(`the demo's Locum was not ready within ${START_WAIT_MS / 1000} s`)
}

async function whenLogged(find: () => LogLine | undefined): Promise<LogLine> {
  for (let waitedMs = 0; waitedMs < LOG_WAIT_MS; waitedMs += LOOK_AGAIN_MS) {
    const found = find()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
  throw new CommandError("the demo's Locum did not log what was expected of it")
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WAIT_MS)
  await ended
  clearTimeout(timer)
}

function runLocum(
  argv: readonly string[],
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const [command = '', ...rest] = argv
    const child = spawn(process.execPath, self([command, '--data', dataFolder, ...rest]), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...withoutLocumVariables(), ...environment },
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
    child.once('close', (code) => resolve({ code: code ?? EXIT.failed, stdout, stderr }))
  })
}

/** This very program, with other arguments. */
function self(argv: readonly string[]): string[] {
  return [...process.execArgv, process.argv[1] ?? '', ...argv]
}

function withoutLocumVariables(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('LOCUM_'))
  return Object.fromEntries(others)
}

function readLog(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine]
    } catch {
      return []
    }
  })
}
