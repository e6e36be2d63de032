/**
 * A server of ours against a bare `node:http` server, under the same load by the same client.
 *
 * Both are compared by requests per second of their own processor time. With as many processors as
 * servers and clients this is what a wall clock would say of a server under full load; with fewer,
 * or on a machine that does other things, the clock says who was scheduled.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type LoadClient, type LoadOrder, linesOf } from './load.ts'
import { interleaved, median } from './measure.ts'
import { cpuSeconds } from './processes.ts'

const ROUNDS = 11
const PROGRAM = join(import.meta.dirname, 'bare-server-program.ts')

export interface Served {
  readonly pid: number
  readonly order: LoadOrder
}

export interface BareServer {
  readonly pid: number
  readonly port: number
  close(): void
}

export interface BareServerOptions {
  readonly bodyBytes: number
  /** PEM files; without them it speaks plain HTTP. */
  readonly certificate?: { readonly key: string; readonly cert: string }
  /** A command that is to run the server, as `locum exec vm1 --`. */
  readonly around?: readonly string[]
}

export async function startBareServer(options: BareServerOptions): Promise<BareServer> {
  const { bodyBytes, certificate, around = [] } = options
  const files = certificate ? [certificate.key, certificate.cert] : []
  const [file = '', ...argv] = [...around, process.execPath, PROGRAM, `${bodyBytes}`, ...files]
  const child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [pid = 0, port = 0] = (await linesOf(child)()).split(' ').map(Number)
  return { pid, port, close: () => child.stdin.end() }
}

export interface Comparison {
  /** Of the medians of pairs of rounds. */
  readonly ratio: number
  /** For people. */
  readonly fact: string
}

export async function compare(client: LoadClient, ours: Served, bare: Served): Promise<Comparison> {
  const rounds = await interleaved(
    ROUNDS,
    () => serve(client, ours),
    () => serve(client, bare),
  )
  const of = (pick: (round: (typeof rounds)[number]) => number) =>
    Math.round(median(rounds.map(pick)))
  return {
    ratio: median(rounds.map(({ one, other }) => one.perCpuSecond / other.perCpuSecond)),
    fact:
      `${of(({ one }) => one.perCpuSecond)} requests per CPU-second against ` +
      `${of(({ other }) => other.perCpuSecond)} of a bare server ` +
      `(${of(({ one }) => one.perSecond)} and ${of(({ other }) => other.perSecond)} by the clock)`,
  }
}

interface Round {
  readonly perCpuSecond: number
  readonly perSecond: number
}

async function serve(client: LoadClient, { pid, order }: Served): Promise<Round> {
  const before = cpuSeconds(pid)
  const { answered, seconds } = await client.run(order)
  const cpu = cpuSeconds(pid) - before
  return { perCpuSecond: answered / cpu, perSecond: answered / seconds }
}
