/** Orders to the load client, which is a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface LoadOrder {
  readonly target: {
    readonly host: string
    readonly port: number
    /** Speaks TLS to this name, verified under this PEM file. */
    readonly tls?: { readonly name: string; readonly authority: string }
  }
  readonly connections: number
  readonly seconds: number
  readonly request: {
    readonly method: string
    /** `{n}` in it counts requests. */
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  }
  /** Where `{n}` begins. */
  readonly first?: number
  /** After how many requests they begin again; without it each is a new one. */
  readonly cycle?: number
  /** Statuses that count; any other ends the round. */
  readonly expect: readonly number[]
}

export interface LoadReport {
  readonly answered: number
  readonly seconds: number
  /** The first reply that was not expected. */
  readonly refused?: string | undefined
}

export interface LoadClient {
  /** Runs one round. @throws Error when a reply is not as expected */
  run(order: LoadOrder): Promise<LoadReport>
  close(): void
}

const PROGRAM = join(import.meta.dirname, 'load-program.ts')

/** @param around a command that is to run the client, as `locum exec vm1 --` */
export function startLoadClient(around: readonly string[] = []): LoadClient {
  const [file = '', ...argv] = [...around, process.execPath, PROGRAM]
  const child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const nextLine = linesOf(child)
  return {
    async run(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      const report = JSON.parse(await nextLine()) as LoadReport
      if (report.refused !== undefined) throw new Error(`unexpected reply: ${report.refused}`)
      return report
    },
    close: () => child.stdin.end(),
  }
}

/** The lines a process prints, one a call. */
export function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]()
  return async () => {
    const line = await lines.next()
    if (line.done) throw new Error(`${child.spawnfile} ended before it answered`)
    return line.value
  }
}
