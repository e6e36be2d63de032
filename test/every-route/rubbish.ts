/**
 * Rubbish: an example spoilt in one way. Every piece of it must be refused, in the surface's own
 * words, whoever sends it.
 */
import type { Asked } from '../../src/http/test-door.ts'
import { type Example, pathOf, queryOf, variableSegments } from './example.ts'
import type { Surface } from './surfaces.ts'

/** Routes that look at what they know in a body and at nothing else. */
const IGNORES_UNKNOWN: ReadonlySet<string> = new Set(['control POST /roles/import'])
/** Templates are written with comments. */
const TAKES_COMMENTS = /^arm \w+ Microsoft\.Resources\/deployments /
/** A tag's name may be nearly any text, as long as it is one line. */
const TAKES_QUOTES = /\/tagNames\//
/** Routes whose body may be an array. */
const TAKES_ARRAYS: ReadonlySet<string> = new Set(['control POST /roles/import'])

export interface Spoilt {
  readonly how: string
  readonly asked: Asked
  /** The one status that fits; any of 400 to 499 where it is not given. */
  readonly status?: number
}

/** Segments that are no name of anything. */
const SEGMENTS: Readonly<Record<string, string>> = {
  'a way up, escaped': '%2e%2e%2f%2e%2e%2fwalked',
  'a way up, escaped twice': '%252e%252e%252f',
  'a way up with backslashes': '..%5c..%5cwindows',
  'an escaped slash': 'a%2fb',
  'two dots': '%2e%2e',
  'a NUL': 'wal%00ked',
  'a line break': 'wal%0d%0aked',
  'an escape that is none': '%zz',
  'bytes that are not UTF-8': '%ff%fe',
  'a quote and SQL': "x'%20or%20'1'='1",
  'a query in it': 'x%3fapi-version=1',
  'a thousand characters': 'x'.repeat(1000),
  'ten thousand characters': 'x'.repeat(10_000),
}

const METHODS_WITH_BODIES: ReadonlySet<string> = new Set(['PUT', 'POST', 'PATCH', 'DELETE'])

export function spoil(example: Example, surface: Surface): Spoilt[] {
  return [
    ...spoiltSegments(example),
    ...spoiltQueries(example, surface),
    ...(METHODS_WITH_BODIES.has(example.method) ? unreadableBodies(example) : []),
    ...wrongBodies(example).map(({ how, body }) => ({ how, asked: { ...asIs(example), body } })),
  ]
}

/** The example as it is, but for who asks. */
export function asIs(example: Example): Asked {
  return {
    method: example.method,
    path: `${pathOf(example)}${queryOf(example.query)}`,
    ...(example.headers && { headers: example.headers }),
    ...(example.body !== undefined && { body: bodyOf(example) }),
  }
}

function bodyOf({ plane, body }: Example): unknown {
  return plane.reads === 'form' ? new URLSearchParams(body as never).toString() : body
}

function spoiltSegments(example: Example): Spoilt[] {
  const places = Array.from({ length: variableSegments(example) }, (_none, at) => at)
  const isRubbish = ([what]: [string, string]) =>
    what !== 'a quote and SQL' || !TAKES_QUOTES.test(example.label)
  return places.flatMap((at) =>
    Object.entries(SEGMENTS)
      .filter(isRubbish)
      .map(([what, segment]) => ({
        how: `${what} as name ${at + 1}`,
        asked: {
          ...asIs(example),
          path: `${pathOf(example, { at, segment })}${queryOf(example.query)}`,
        },
      })),
  )
}

function spoiltQueries(example: Example, surface: Surface): Spoilt[] {
  const path = pathOf(example)
  const with_ = (how: string, query: string): Spoilt => ({
    how,
    asked: { ...asIs(example), path: `${path}${query}` },
  })
  const { 'api-version': version, ...others } = example.query
  const whole = queryOf(example.query) || '?'
  const spoilt = [
    with_('a name twice', `${whole}&walk=1&walk=2`),
    with_('a name twice, in other case', `${whole}&walk=1&WALK=1`),
  ]
  const versioned = surface.unversioned && !surface.unversioned.includes(example.label)
  if (!versioned || version === undefined) return spoilt
  const rest = new URLSearchParams(others).toString()
  return [
    ...spoilt,
    with_('no api-version', `?${rest}`),
    with_('an empty api-version', `?api-version=&${rest}`),
    with_('an api-version that is none', `?api-version=latest&${rest}`),
    with_('an api-version of long ago', `?api-version=1999-12-31&${rest}`),
    with_('an api-version that climbs', `?api-version=../../2021-04-01&${rest}`),
  ]
}

/** Bodies that cannot be read at all: on every route that may have one. */
function unreadableBodies(example: Example): Spoilt[] {
  const send = (how: string, body: string, status?: number): Spoilt => ({
    how,
    asked: { ...asIs(example), body },
    ...(status && { status }),
  })
  const tooLong = {
    how: 'a body that says it is too long',
    asked: {
      ...asIs(example),
      headers: {
        ...example.headers,
        'content-type': 'application/json',
        'content-length': String(example.plane.bodyLimitBytes + 1),
        connection: 'close',
      },
      body: '{}',
    },
    status: 413,
  }
  if (example.plane.reads === 'form') return [tooLong, send('a field twice', 'a=1&a=2')]
  return [
    tooLong,
    send('half of a JSON text', '{"location":"west'),
    send('no JSON at all', 'location=westeurope'),
    ...(TAKES_COMMENTS.test(example.label) ? [] : [send('JSON with a comment', '{} // done')]),
    send('a body that nests a thousand deep', `${'['.repeat(1000)}${']'.repeat(1000)}`),
    send('a body that names a prototype', '{"__proto__":{"admin":true}}'),
    send('a NUL', '\u0000'),
  ]
}

interface WrongBody {
  readonly how: string
  readonly body: unknown
}

/** Bodies that can be read, and are not what is asked for. */
function wrongBodies({ plane, label, body }: Example): WrongBody[] {
  if (body === undefined || plane.reads !== 'json') return []
  const arrays = TAKES_ARRAYS.has(label) ? [] : [[], [body]]
  const unknown = { ...body, walk: 'by nobody asked for' }
  return [
    ...arrays.map((array) => ({ how: `an array of ${array.length}`, body: array })),
    ...(IGNORES_UNKNOWN.has(label) ? [] : [{ how: 'an unknown member', body: unknown }]),
    { how: 'a text', body: JSON.stringify('text') },
    { how: 'a number', body: 42 },
    { how: 'true', body: true },
    { how: 'null', body: null },
  ]
}

/** Values of every type: one of them is wrong for any member. */
const WRONG: readonly unknown[] = [0, -1, 1e308, 'text', '', true, [], {}, [[]], [null], { a: [] }]

/** The body with each of its members, at any depth, replaced by each value in turn. */
export function* mutations(body: unknown): Generator<unknown> {
  if (typeof body !== 'object' || body === null) return
  for (const [name, value] of Object.entries(body)) {
    const put = (other: unknown) =>
      Array.isArray(body) ? body.with(Number(name), other) : { ...body, [name]: other }
    for (const wrong of WRONG) yield put(wrong)
    for (const deeper of mutations(value)) yield put(deeper)
  }
}
