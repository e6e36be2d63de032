/**
 * Runs a command in a machine's private file system and returns what it said: `az vm run-command`.
 */
import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { exitCode } from './exit-code.ts'
import { insideCommand } from './inside.ts'
import type { RunRequest, RunResult } from './machine.ts'
import type { Sandbox } from './sandbox.ts'

/** A command that writes more goes on, but the rest is dropped. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024
/** What the command wrote before it ended may still be on its way. */
const LAST_WORDS_MS = 200

export function runInside(sandbox: Sandbox, request: RunRequest): Promise<RunResult> {
  const { argv, user, cwd, signal } = request
  const command = insideCommand(sandbox.firstProcess, { argv, user, cwd, endWithParent: true })
  const child = spawn(command.file, command.argv, {
    stdio: ['pipe', 'pipe', 'pipe', ...command.namespaces.map((name) => sandbox.namespaces[name])],
    cwd: '/',
    env: command.env,
    ...(signal ? { signal, killSignal: 'SIGKILL' as const } : {}),
  })
  // With five or more files Node's types no longer know that the first three are pipes.
  const stdout = gather(child.stdout as Readable)
  const stderr = gather(child.stderr as Readable)
  child.stdin?.on('error', () => {}) // the command need not read all of it
  child.stdin?.end(request.stdin ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // On its end and not on that of its output: a background process may hold that open for ever.
    child.once('exit', (code, endedBy) => {
      const finish = () => {
        clearTimeout(lastWords)
        resolve({ code: exitCode(code, endedBy), stdout: stdout.close(), stderr: stderr.close() })
      }
      const lastWords = setTimeout(finish, LAST_WORDS_MS)
      child.once('close', finish)
    })
  })
}

function gather(stream: Readable): { close(): string } {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    const rest = chunk.subarray(0, OUTPUT_LIMIT_BYTES - size)
    size += rest.length
    if (rest.length > 0) chunks.push(rest)
  })
  return {
    close: () => {
      stream.destroy()
      return Buffer.concat(chunks).toString('utf8')
    },
  }
}
