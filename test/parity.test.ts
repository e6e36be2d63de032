/**
 * The ledger is held to the tree: its witnesses exist, nothing is done without one, and every route
 * and resource type there is has a row.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { everyPlane, PROVIDERS } from './every-route/planes.ts'

const ROOT = join(import.meta.dirname, '..')
const LEDGER = readFileSync(join(ROOT, 'docs', 'parity.md'), 'utf8')
const STATES = ['done', 'partly', 'not yet']

interface Row {
  readonly line: number
  readonly what: string
  readonly state: string
  readonly witnesses: readonly Witness[]
  readonly note: string
}

interface Witness {
  readonly file: string
  /** The name of the test, or of the group of tests. */
  readonly name: string
}

describe('the ledger', () => {
  const rows = rowsOf(LEDGER)

  it('has a state in every row', () => {
    assert.ok(rows.length > 100)
    assert.deepEqual(rows.filter(({ state }) => !STATES.includes(state)).map(where), [])
  })

  it('has a witness for all that is done, and none for what is not', () => {
    const wrong = rows.filter(({ state, witnesses }) =>
      state === 'not yet' ? witnesses.length > 0 : witnesses.length === 0,
    )
    assert.deepEqual(wrong.map(where), [])
  })

  it('says what is missing where something is', () => {
    const silent = rows.filter(({ state, note }) => state === 'partly' && note === '')
    assert.deepEqual(silent.map(where), [])
  })

  it('names tests that there are', () => {
    const absent = rows.flatMap((row) =>
      row.witnesses
        .filter((witness) => !exists(witness))
        .map((one) => `${where(row)}: ${one.name}`),
    )
    assert.deepEqual(absent, [])
  })

  it('says no thing twice', () => {
    const whats = rows.map(({ what }) => what)
    assert.deepEqual(
      whats.filter((what, at) => whats.indexOf(what) !== at),
      [],
    )
  })

  it('has a row for every route', () => {
    const routes = everyPlane(async () => ({ status: 503, body: {} })).flatMap(
      ({ routes }) => routes,
    )
    const missing = routes
      .filter(({ path }) => path !== '/*')
      .map(({ method, path }) => ({ method, path: path.replaceAll(/:(\w+)/g, '{$1}') }))
      .filter(({ method, path }) => !isListed(`${method} ${path}`) && !isBelowListed(path))
      .map(({ method, path }) => `${method} ${path}`)
    assert.deepEqual(missing, [])
  })

  it('has a row for every resource type, and what can be done with it', () => {
    const missing = PROVIDERS.flatMap(({ types }) =>
      types.flatMap((type) => [
        ...(isListed(type.name) || isBelowListed(type.name) ? [] : [type.name]),
        ...[
          ...Object.keys(type.actions ?? {}),
          ...(type.kind === 'stored' ? Object.keys(type.reads ?? {}) : []),
        ]
          .filter((name) => name !== '' && !isListed(name))
          .map((name) => `${type.name}/${name}`),
      ]),
    )
    assert.deepEqual(missing, [])
  })
})

function isListed(text: string): boolean {
  return LEDGER.includes(`\`${text}\``)
}

/** Whether the ledger has `/users/…` for `/{version}/users/{id}`: all of it in one row. */
function isBelowListed(path: string): boolean {
  const below = path.replace('/{version}/', '/').replace('{key}', '/{key}')
  return [...LEDGER.matchAll(/`([^`]+)\/…`/g)].some(
    ([, stem]) => below === stem || below.startsWith(`${stem}/`),
  )
}

function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((line, at) => {
    const [, what, state, witnesses, note] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    if (what === undefined || what === 'What' || /^-+$/.test(what)) return []
    return [
      {
        line: at + 1,
        what,
        state: state ?? '',
        witnesses: witnessesOf(witnesses ?? ''),
        note: note ?? '',
      },
    ]
  })
}

function witnessesOf(cell: string): Witness[] {
  if (cell === '') return []
  return cell.split('<br>').map((text) => {
    const [, file = '', name = ''] = /^`([^`]+)` › (.+)$/.exec(text) ?? []
    return { file, name }
  })
}

/** Whether the file declares a test, or a group of them, of that name. */
function exists({ file, name }: Witness): boolean {
  const path = join(ROOT, file)
  if (file === '' || name === '' || !existsSync(path)) return false
  const declared = readFileSync(path, 'utf8').matchAll(
    /\b(?:describe|it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`([^`]*)`)/g,
  )
  return [...declared].some(([, ...quoted]) => quoted.some((text) => text === name))
}

function where({ line, what }: Row): string {
  return `docs/parity.md:${line} ${what}`
}
