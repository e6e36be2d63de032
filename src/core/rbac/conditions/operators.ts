/**
 * The operators of conditions: one row each. `…Not…` is the negation of its positive partner, and
 * is still false when the attribute is missing, which the evaluator sees to.
 */

/** A value of an attribute or literal, in the form its operator family compares. */
export type Value = string | number | boolean

export type Family = 'string' | 'number' | 'guid' | 'boolean' | 'date'

export interface Operator {
  readonly name: string
  readonly family: Family
  readonly test: (left: Value, right: Value) => boolean
}

/** `ForAllOfAnyValues`: all on the left, each against any on the right. */
export interface SetForm {
  readonly left: 'any' | 'all'
  readonly right: 'any' | 'all'
}

const equal = (left: Value, right: Value) => left === right
const less = (left: Value, right: Value) => left < right
const startsWith = (left: Value, right: Value) => String(left).startsWith(String(right))
const like = (left: Value, right: Value) => matchesGlob(String(left), String(right))

type Test = Operator['test']

const not =
  (test: Test): Test =>
  (left, right) =>
    !test(left, right)
const anyCase =
  (test: Test): Test =>
  (left, right) =>
    test(String(left).toLowerCase(), String(right).toLowerCase())

function withBothCases(name: string, test: Test): Operator[] {
  return [
    { name: `String${name}`, family: 'string', test },
    { name: `String${name}IgnoreCase`, family: 'string', test: anyCase(test) },
  ]
}

function ordered(prefix: string, family: Family): Operator[] {
  return [
    { name: `${prefix}Equals`, family, test: equal },
    { name: `${prefix}NotEquals`, family, test: not(equal) },
    { name: `${prefix}LessThan`, family, test: less },
    { name: `${prefix}LessThanEquals`, family, test: (left, right) => left <= right },
    { name: `${prefix}GreaterThan`, family, test: (left, right) => left > right },
    { name: `${prefix}GreaterThanEquals`, family, test: (left, right) => left >= right },
  ]
}

const ROWS: readonly Operator[] = [
  ...withBothCases('Equals', equal),
  ...withBothCases('NotEquals', not(equal)),
  ...withBothCases('StartsWith', startsWith),
  ...withBothCases('NotStartsWith', not(startsWith)),
  ...withBothCases('Like', like),
  ...withBothCases('NotLike', not(like)),
  ...ordered('Numeric', 'number'),
  ...ordered('DateTime', 'date'),
  { name: 'GuidEquals', family: 'guid', test: equal },
  { name: 'GuidNotEquals', family: 'guid', test: not(equal) },
  { name: 'BoolEquals', family: 'boolean', test: equal },
  { name: 'BoolNotEquals', family: 'boolean', test: not(equal) },
]

/** By lower-case name: the language does not mind case. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  ROWS.map((operator) => [operator.name.toLowerCase(), operator]),
)

export const SET_FORMS: ReadonlyMap<string, SetForm> = new Map([
  ['foranyofanyvalues', { left: 'any', right: 'any' }],
  ['forallofanyvalues', { left: 'all', right: 'any' }],
  ['foranyofallvalues', { left: 'any', right: 'all' }],
  ['forallofallvalues', { left: 'all', right: 'all' }],
])

const INTEGER = /^-?\d{1,15}$/
const GUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/i

/** Reads a value as its family compares it; undefined when it is not of that family. */
export function asFamily(value: Value, family: Family): Value | undefined {
  switch (family) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'number':
      if (typeof value === 'number') return value
      return typeof value === 'string' && INTEGER.test(value) ? Number(value) : undefined
    case 'guid':
      return typeof value === 'string' ? guidValue(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : booleanValue(value)
    case 'date':
      return dateValue(value)
  }
}

/** GUIDs are written with and without dashes; an id that ends in one counts as that GUID. */
function guidValue(value: string): string | undefined {
  const text = value.slice(value.lastIndexOf('/') + 1)
  return GUID.test(text) ? text.replaceAll('-', '').toLowerCase() : undefined
}

function booleanValue(value: Value): boolean | undefined {
  const text = String(value).toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/** Milliseconds since 1970; numbers are that already. A time without a zone is in UTC. */
function dateValue(value: Value): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !DATE.test(value)) return undefined
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/i.test(value) || !/T/i.test(value) ? value : `${value}Z`
  const at = Date.parse(zoned)
  return Number.isNaN(at) ? undefined : at
}

/**
 * `*` is any run of characters, `?` exactly one; a backslash takes a star, a question mark or a
 * backslash literally. One pass with one point to return to, so no pattern is slow.
 */
function matchesGlob(text: string, pattern: string): boolean {
  const parts = globParts(pattern)
  let at = 0
  let part = 0
  let starPart = -1
  let starAt = 0
  while (at < text.length) {
    const wanted = parts[part]
    if (wanted === '*') {
      starPart = part++
      starAt = at
    } else if (wanted !== undefined && (wanted === '?' || wanted === `=${text[at]}`)) {
      part++
      at++
    } else if (starPart >= 0) {
      part = starPart + 1
      at = ++starAt
    } else {
      return false
    }
  }
  while (parts[part] === '*') part++
  return part === parts.length
}

/** `*`, `?`, or `=` and the character that must stand there. */
function globParts(pattern: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ''
    const next = pattern[at + 1] ?? ''
    if (character === '\\' && '*?\\'.includes(next) && next !== '') {
      parts.push(`=${next}`)
      at++
    } else {
      parts.push(character === '*' || character === '?' ? character : `=${character}`)
    }
  }
  return parts
}
