/**
 * The house rules, held against the tree as it stands. docs/architecture.md says why they are.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type SourceFile, sourceFiles } from './source-files.ts'

const files = sourceFiles()
const program = files.filter((file) => !file.isTest)

/** Ground first; folders of one row are floor-mates and do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['store'],
  ['core'],
  ['http', 'machines'],
  ['providers', 'jobs'],
  ['planes'],
  ['app'],
  ['cli'],
  ['main.ts'],
]

/** Floors whose folders are rooms: none imports another … */
const ROOMED: ReadonlySet<string> = new Set(['core', 'providers', 'planes'])

/** … but for these rooms of core, which stand on others. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  rbac: ['directory'],
  identity: ['directory', 'tokens', 'resources', 'trust'],
  deployments: ['resources', 'templates'],
}

const LONGEST_FILE_LINES = 300
const LONGEST_TEST_LINES = 500
const LONGEST_FUNCTION_LINES = 70
const MEDIAN_FILE_LINES = 90

/** Tables: data, which may be longer. */
const TABLES = [/^src\/core\/rbac\/built-in-roles\//, /^src\/store\/(tables|migrations)/]

/** The text of a program that runs by itself inside a machine's network. */
const LISTENER_PROGRAM = 'src/machines/listener-program.ts'

describe('floors', () => {
  it('has every file on a floor', () => {
    const lost = files.filter((file) => levelOf(file.path) < 0).map((file) => file.path)
    assert.deepEqual(lost, [])
  })

  it('has imports run down only, and never between floor-mates', () => {
    const wrong = everyImport().filter(({ from, to }) => {
      const [here, there] = [levelOf(from), levelOf(to)]
      return there > here || (there === here && partOf(from, 1) !== partOf(to, 1))
    })
    assert.deepEqual(wrong.map(arrow), [])
  })

  it('has no room import another on its floor', () => {
    const wrong = everyImport().filter(({ from, to }) => {
      const floor = partOf(from, 1)
      if (floor !== partOf(to, 1) || !ROOMED.has(floor)) return false
      const [here, there] = [roomOf(from), roomOf(to)]
      if (there === undefined || here === there) return false
      return here !== undefined && !(floor === 'core' && MAY_KNOW[here]?.includes(there))
    })
    assert.deepEqual(wrong.map(arrow), [])
  })

  it('has no circle of files', () => {
    assert.deepEqual(circles(program), [])
  })

  it('has nothing of the program import what is for tests', () => {
    const tests = new Set(files.filter((file) => file.isTest).map((file) => file.path))
    const wrong = everyImport().filter(({ from, to }) => !tests.has(from) && tests.has(to))
    assert.deepEqual(wrong.map(arrow), [])
  })

  it('has no barrel', () => {
    assert.deepEqual(files.filter((file) => file.path.endsWith('/index.ts')).map(pathOf), [])
  })
})

describe('sizes', () => {
  it(`has no file over ${LONGEST_FILE_LINES} lines, tests ${LONGEST_TEST_LINES}`, () => {
    const long = files.filter((file) => {
      const most = file.isTest ? LONGEST_TEST_LINES : LONGEST_FILE_LINES
      return file.lines.length - 1 > most && !TABLES.some((table) => table.test(file.path))
    })
    assert.deepEqual(
      long.map((file) => `${file.path}: ${file.lines.length - 1}`),
      [],
    )
  })

  it(`has a median file of at most ${MEDIAN_FILE_LINES} lines`, () => {
    const lengths = program.map((file) => file.lines.length - 1).sort((a, b) => a - b)
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0
    assert.ok(median <= MEDIAN_FILE_LINES, `the median is ${median}`)
  })

  it(`has no function over ${LONGEST_FUNCTION_LINES} lines`, () => {
    const long = program.flatMap((file) =>
      functionsOf(file)
        .filter(({ length }) => length > LONGEST_FUNCTION_LINES)
        .map(({ line, length }) => `${file.path}:${line}: ${length}`),
    )
    assert.deepEqual(long, [])
  })
})

describe('words', () => {
  it('asks the time only in base/clock.ts', () => {
    assert.deepEqual(where(/\bDate\.now\(|new Date\(\)/, ['src/base/clock.ts']), [])
  })

  it('reads the environment only in app and cli', () => {
    const wrong = where(/\bprocess\.env\b/, []).filter((at) => !/^src\/(app|cli)\//.test(at))
    assert.deepEqual(wrong, [])
  })

  it('prints only in cli', () => {
    const wrong = where(/\bconsole\.|process\.stdout\.write/, [LISTENER_PROGRAM])
    assert.deepEqual(
      wrong.filter((at) => !at.startsWith('src/cli/')),
      [],
    )
  })

  it('lets no type go', () => {
    assert.deepEqual(
      where(/[\w\])]\??: any\b(?! )|\bas any\b|@ts-(ignore|expect-error|nocheck)/, []),
      [],
    )
  })

  it('has none of the names that say nothing', () => {
    const names = /(factory|manager|helper|util|utils|impl|repository)s?(\.ts|\/)/i
    assert.deepEqual(
      program.map(pathOf).filter((path) => names.test(path)),
      [],
    )
  })

  it('leaves nothing open', () => {
    assert.deepEqual(where(/\b(TODO|FIXME|XXX|HACK)\b/, []), [])
  })

  it('opens every folder with a paragraph', () => {
    const folders = new Set(program.map((file) => file.path.slice(0, file.path.lastIndexOf('/'))))
    const silent = [...folders].filter(
      (folder) =>
        !program.some(
          (file) =>
            file.path.startsWith(`${folder}/`) &&
            !file.path.slice(folder.length + 1).includes('/') &&
            file.text.startsWith('/**'),
        ),
    )
    assert.deepEqual(silent, [])
  })
})

interface Edge {
  readonly from: string
  readonly to: string
}

function everyImport(): Edge[] {
  return files.flatMap((file) => file.imports.map(({ path }) => ({ from: file.path, to: path })))
}

function levelOf(path: string): number {
  return FLOORS.findIndex((folders) => folders.includes(partOf(path, 1)))
}

function partOf(path: string, at: number): string {
  return path.split('/')[at] ?? ''
}

/** The folder below the floor; undefined for a file that stands on the floor itself. */
function roomOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts.length > 3 ? parts[2] : undefined
}

function arrow({ from, to }: Edge): string {
  return `${from} -> ${to}`
}

function pathOf(file: SourceFile): string {
  return file.path
}

function where(pattern: RegExp, except: readonly string[]): string[] {
  return program
    .filter((file) => !except.includes(file.path))
    .flatMap((file) =>
      file.lines.flatMap((line, at) =>
        pattern.test(line.replace(/^\s*(\*|\/\/|\/\*\*).*/, '')) ? [`${file.path}:${at + 1}`] : [],
      ),
    )
}

/** Files that reach themselves through imports of values. */
function circles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]))
  const found: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const { path: to, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (!typeOnly) visit(to, [...trail, path])
    }
    state.set(path, 'done')
  }
  for (const file of all) visit(file.path, [])
  return found
}

const FUNCTION = /^(\s*)(?:export )?(?:async )?function\b/

/** Functions by their first line and length: the formatter puts the end at the same indent. */
function functionsOf(file: SourceFile): { line: number; length: number }[] {
  return file.lines.flatMap((text, at) => {
    const match = FUNCTION.exec(text)
    if (!match) return []
    const end = file.lines.indexOf(`${match[1]}}`, at)
    return end < 0 ? [] : [{ line: at + 1, length: end - at + 1 }]
  })
}
