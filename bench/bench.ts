/**
 * The speed suite: `npm run bench`, and `npm run bench -- --json` for one JSON object.
 *
 * One file for each measure; each runs against the real program or the real rules, beside its
 * yardstick where it has one, and gives medians. This folder measures and changes nothing; the
 * program does not know it. docs/performance.md says what the figures mean.
 */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { armPut } from './arm-put.ts'
import { hundredMachines } from './hundred-machines.ts'
import { imdsCached } from './imds-cached.ts'
import type { FigureName, Measure, Measured } from './measure.ts'
import { rbacChecks } from './rbac-checks.ts'
import { secretGet } from './secret-get.ts'
import { start } from './start.ts'
import { tokenMint } from './token-mint.ts'

const MEASURES: readonly Measure[] = [
  imdsCached,
  tokenMint,
  secretGet,
  armPut,
  rbacChecks,
  start,
  hundredMachines,
]

/** Measures the one thing that is named, and prints what was measured. */
const ALONE = '--alone'

interface Goal {
  readonly title: string
  readonly unit: string
  readonly goal: number
  readonly better: 'more' | 'less'
  /** Digits behind the point. */
  readonly digits: number
}

const ratio = { unit: '', better: 'more', digits: 2 } as const
const perCpuSecond = { unit: '/CPU-s', better: 'more', digits: 0 } as const

const GOALS: Readonly<Record<FigureName, Goal>> = {
  imds_cached_ratio: { title: 'cached token in a VM, to a bare server', ...ratio, goal: 0.6 },
  mint_ratio: { title: 'fresh token, to openssl rsa2048', ...ratio, goal: 0.5 },
  secret_get_ratio: { title: 'secret read, to a bare server', ...ratio, goal: 0.3 },
  arm_put_per_cpu_s: { title: 'durable ARM PUT, 32 at a time', ...perCpuSecond, goal: 5000 },
  rbac_checks_per_cpu_s: { title: 'RBAC check of 100,000', ...perCpuSecond, goal: 100_000 },
  start_ms: { title: 'start to ready', unit: ' ms', goal: 600, better: 'less', digits: 0 },
  rss_mb: { title: 'memory after start', unit: ' MB', goal: 120, better: 'less', digits: 0 },
  vms_100_start_s: { title: '100 VMs started', unit: ' s', goal: 6, better: 'less', digits: 1 },
  mb_per_vm: { title: 'memory of a VM', unit: ' MB', goal: 1, better: 'less', digits: 2 },
}

const asJson = process.argv.includes('--json')
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const wanted = MEASURES.filter(
  ({ names }) => asked.length === 0 || names.some((name) => asked.includes(name)),
)
if (process.argv.includes(ALONE)) print(JSON.stringify(await wanted[0]?.measure()))
else await takeAll()

async function takeAll(): Promise<void> {
  const figures: Partial<Record<FigureName, number>> = {}
  if (!asJson) print(`${availableParallelism()} processors, Node ${process.version}\n`)
  for (const { names } of wanted) {
    const measured = await measureAlone(names)
    if (measured === undefined) continue
    for (const name of names) {
      figures[name] = Number((measured.figures[name] ?? Number.NaN).toFixed(GOALS[name].digits))
      if (!asJson) print(row(name, figures[name]))
    }
    if (!asJson) for (const fact of measured.facts) print(`    ${fact}`)
  }
  if (asJson) print(JSON.stringify(figures))
}

/** Each in a process of its own: what one leaves in the heap is not the next one's to carry. */
async function measureAlone([name]: Measure['names']): Promise<Measured | undefined> {
  try {
    const program = [...process.execArgv, import.meta.filename, ALONE, String(name)]
    const { stdout } = await promisify(execFile)(process.execPath, program)
    return JSON.parse(stdout) as Measured
  } catch (reason) {
    const { stderr = String(reason) } = reason as { stderr?: string }
    process.stderr.write(`bench: ${name} not measured: ${stderr}\n`)
    process.exitCode = 1
    return undefined
  }
}

function row(name: FigureName, figure: number): string {
  const { title, unit, goal, better, digits } = GOALS[name]
  const met = better === 'more' ? figure >= goal : figure <= goal
  const result = `${figure.toFixed(digits)}${unit}`.padStart(14)
  const wanted = `${better === 'more' ? 'at least' : 'at most'} ${goal.toFixed(digits > 0 ? 1 : 0)}`
  return `${title.padEnd(40)}${result}   ${wanted.padEnd(16)}${met ? 'met' : 'MISSED'}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
