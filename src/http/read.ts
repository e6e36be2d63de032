/**
 * Reading queries and bodies: once, strictly, before anything looks at them.
 */
import { Failure } from '../base/failure.ts'

/** How deep objects and arrays may nest in a body: deeper ones exhaust stacks, not purposes. */
const DEEPEST_JSON_LEVELS = 64

/** A query as the router gives it: values by lower-case name, and the first name sent twice. */
export interface ReadQuery {
  readonly values: Readonly<Record<string, string>>
  readonly repeated: string | undefined
}

/** Clients send the same few queries again and again; other texts are read and forgotten. */
const MOST_REMEMBERED_QUERIES = 500
const LONGEST_REMEMBERED_CHARS = 512
const remembered = new Map<string, ReadQuery>()

/** Reads a query string, the part after `?`. Names compare case-insensitively, as in Azure. */
export function readQuery(text: string): ReadQuery {
  const known = remembered.get(text)
  if (known) return known
  const query = parseQuery(text)
  if (text.length <= LONGEST_REMEMBERED_CHARS) {
    if (remembered.size >= MOST_REMEMBERED_QUERIES) remembered.clear()
    remembered.set(text, query)
  }
  return query
}

function parseQuery(text: string): ReadQuery {
  const values: Record<string, string> = Object.create(null)
  let repeated: string | undefined
  for (const [name, value] of new URLSearchParams(text)) {
    const key = name.toLowerCase()
    if (key in values) repeated ??= name
    values[key] = value
  }
  return { values: Object.freeze(values), repeated }
}

/**
 * Reads a JSON body; undefined when it is empty.
 * @throws Failure invalid `InvalidJson` when it is broken, too deep or pollutes prototypes
 */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  const text = bytes.toString('utf8')
  if (nestsDeeperThan(DEEPEST_JSON_LEVELS, text)) {
    throw new Failure('invalid', 'InvalidJson', 'The request body nests too deeply.')
  }
  try {
    return text.includes('__proto__') ? JSON.parse(text, refusePrototype) : JSON.parse(text)
  } catch (cause) {
    throw new Failure('invalid', 'InvalidJson', 'The request body is not valid JSON.', { cause })
  }
}

function refusePrototype(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('a member is named __proto__')
  return value
}

function nestsDeeperThan(most: number, text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (inString) {
      if (char === BACKSLASH) at++
      else if (char === QUOTE) inString = false
    } else if (char === QUOTE) inString = true
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > most) return true
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--
  }
  return false
}

const BACKSLASH = 0x5c
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/**
 * Reads a form body into its fields.
 * @throws Failure invalid `DuplicateParameter` when a field comes twice
 */
export function readForm(bytes: Buffer): Readonly<Record<string, string>> {
  const { values, repeated } = parseQuery(bytes.toString('utf8'))
  if (repeated !== undefined) throw duplicate(repeated)
  return values
}

export function duplicate(name: string): Failure {
  return new Failure(
    'invalid',
    'DuplicateParameter',
    `The request contains the parameter '${name}' more than once.`,
    { target: name },
  )
}
