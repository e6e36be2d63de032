/**
 * From `locum up` to its ready line, on a data folder that has been used before, and what the process
 * then holds in memory. The published program is measured: `bin/locum` and the bundle, laid out as
 * in the package. What the sources take, as a clone runs them, is told beside it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { CLONE } from '../test/locum.ts'
import { type Measure, median } from './measure.ts'
import { residentMb } from './processes.ts'

const STARTS = 7
/** What is still on its way when it is ready, such as the first run of the jobs, is counted too. */
const SETTLES_AFTER_MS = 1000

export const start: Measure = {
  names: ['start_ms', 'rss_mb'],
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'locum-start-'))
    try {
      chmodSync(folder, 0o755)
      const published = publish(join(folder, 'package'))
      const source = join(CLONE, 'bin', 'locum')
      const data = join(folder, 'data')
      const bundle = await startsOf(published, data)
      const clone = await startsOf(source, data)
      return {
        figures: { start_ms: bundle.readyMs, rss_mb: bundle.residentMb },
        facts: [
          `from the sources: ${Math.round(clone.readyMs)} ms, ${Math.round(clone.residentMb)} MB`,
        ],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Lays the package out as it is published; gives its program. */
function publish(folder: string): string {
  const built = spawnSync(process.execPath, [join(CLONE, 'setup', 'build.ts')], {
    stdio: 'inherit',
  })
  if (built.status !== 0) throw new Error('the bundle cannot be built')
  mkdirSync(folder)
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(CLONE, part), join(folder, part), { recursive: true })
  }
  return join(folder, 'bin', 'locum')
}

interface Started {
  readonly readyMs: number
  readonly residentMb: number
}

/** The median of several starts, one before them to make or warm what stays. */
async function startsOf(program: string, dataFolder: string): Promise<Started> {
  const starts: Started[] = []
  for (let n = 0; n <= STARTS; n++) starts.push(await startOnce(program, dataFolder))
  const counted = starts.slice(1)
  return {
    readyMs: median(counted.map(({ readyMs }) => readyMs)),
    residentMb: median(counted.map(({ residentMb }) => residentMb)),
  }
}

async function startOnce(program: string, dataFolder: string): Promise<Started> {
  const began = performance.now()
  const child = spawn(program, ['up', '--data', dataFolder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    const readyMs = await new Promise<number>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('Locum is ready')) resolve(performance.now() - began)
      })
      void ended.then(() => reject(new Error('locum up ended before it was ready')))
    })
    await setTimeout(SETTLES_AFTER_MS)
    return { readyMs, residentMb: residentMb(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}
