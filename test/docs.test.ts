/**
 * Every command that the README and the guides show is run as it stands, and prints what is shown.
 *
 * A fence of `sh` says by its mark how: `run` here, in the order of the page, against a Locum of its
 * own; `up` is the start of that Locum; `by=FILE` is run by that file. In a fence of `text` after a
 * command, `…` stands for anything.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { CLONE, type Locum, startLocum } from './locum.ts'

const COMMAND_LIMIT_MS = 120_000

const PAGES = [
  'README.md',
  ...readdirSync(join(CLONE, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
]

interface Fence {
  readonly line: number
  /** `sh`, `text`, … */
  readonly language: string
  /** What follows it: `run`, `up`, `by=…`. */
  readonly mark: string
  readonly text: string
}

for (const page of PAGES) {
  const fences = fencesOf(readFileSync(join(CLONE, page), 'utf8'))
  const commands = fences.filter(({ language }) => language === 'sh')

  describe(page, () => {
    it('links to what there is', () => {
      assert.deepEqual(brokenLinks(page), [])
    })

    it('shows no command that nobody runs', () => {
      const unmarked = commands.filter(({ mark }) => !/^(run|up|by=\S+)$/.test(mark))
      assert.deepEqual(unmarked, [])
      for (const { mark, text } of commands) {
        if (mark === 'up') assert.equal(text.trim(), 'locum up')
        const [, file] = /^by=(.+)$/.exec(mark) ?? []
        if (file !== undefined) assert.ok(existsSync(join(CLONE, file)), `${file} is not there`)
      }
    })

    if (commands.some(({ mark }) => mark === 'run')) describeRun(fences)
  })
}

function describeRun(fences: readonly Fence[]): void {
  describe('run as it stands', () => {
    let locum: Locum
    before(async () => {
      locum = await startLocum()
    })
    after(() => locum?.remove())

    for (const [at, fence] of fences.entries()) {
      if (fence.language !== 'sh' || fence.mark !== 'run') continue
      const next = fences[at + 1]
      it(`line ${fence.line}: ${fence.text.split('\n')[0]}`, async () => {
        const printed = await run(fence.text, locum.folder)
        if (next?.language === 'text') assert.match(printed, patternOf(next.text))
      })
    }
  })
}

/** Types the lines into a shell at the root of the clone; gives what they print. */
function run(lines: string, dataFolder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-e', '-c', lines], {
      cwd: CLONE,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: `${join(CLONE, 'bin')}:${process.env.PATH}`,
        LOCUM_HOME: dataFolder,
        NO_COLOR: '1',
      },
      timeout: COMMAND_LIMIT_MS,
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
    child.once('close', (code) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`ended with ${code}\n${stderr}\n${stdout}`))
    })
  })
}

/** What is shown, as a pattern: `…` is anything, and runs of white space are one. */
function patternOf(shown: string): RegExp {
  const parts = shown.trim().split('…')
  const literal = (text: string) =>
    text
      .split(/\s+/)
      .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\s+')
  return new RegExp(`^\\s*${parts.map(literal).join('[^]*?')}\\s*$`)
}

function fencesOf(text: string): Fence[] {
  const fences: Fence[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const opening = /^```(\w*)\s*(.*)$/.exec(lines[at] ?? '')
    if (!opening) continue
    const end = lines.indexOf('```', at + 1)
    const [, language = '', mark = ''] = opening
    const body = lines.slice(at + 1, end).join('\n')
    fences.push({ line: at + 1, language, mark: mark.trim(), text: body })
    at = end
  }
  return fences
}

/** Links to files of the clone that are not there. */
function brokenLinks(page: string): string[] {
  const text = readFileSync(join(CLONE, page), 'utf8')
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !existsSync(join(CLONE, dirname(page), target)))
}
