/** For tests: starts `fixture.test-program.ts` as a process of its own, as an unprivileged user. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { SandboxEntrance } from './entrance.ts'
import { PROGRAM_FOLDER } from './fixture.unprivileged.ts'
import type { UserId } from './traverse.ts'
import { unprivilegedCommand } from './unprivileged.ts'

export interface TestDaemon {
  readonly process: ChildProcess
  readonly folder: string
  /** Once all machines run; rejects when the daemon ends before. */
  readonly entrances: Promise<SandboxEntrance[]>
  end(signal?: NodeJS.Signals): Promise<void>
}

export const IS_ROOT = process.getuid?.() === 0

/** `around`: a command that is to start the daemon's command. */
export function startDaemon(
  user: UserId,
  names: readonly string[],
  around: readonly string[] = [],
): TestDaemon {
  const folder = mkdtempSync(join(tmpdir(), 'locum-daemon-'))
  const program = join(import.meta.dirname, 'fixture.test-program.ts')
  const command = asUser(user, folder, [process.execPath, program, folder, ...names])
  const [file = '', ...argv] = [...around, ...command]
  const child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  child.stdin?.on('error', () => {})
  return {
    process: child,
    folder,
    entrances: firstLine(child).then((line) => JSON.parse(line)),
    end: async (signal) => {
      if (signal) child.kill(signal)
      else child.stdin?.end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The command as that user, when root asks; as it is otherwise. */
export function asUser(
  user: UserId,
  folder: string,
  argv: readonly [string, ...string[]],
): readonly string[] {
  if (!IS_ROOT) return argv
  const env = process.env
  return unprivilegedCommand({ user, dataFolder: folder, reads: [PROGRAM_FOLDER], argv, env })
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as Readable })) return line
  throw new Error('the daemon ended')
}
