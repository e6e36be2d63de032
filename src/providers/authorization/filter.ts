/**
 * The `$filter` of roles and assignments: a few comparisons and functions joined by `and`.
 *
 *   atScope() and assignedTo('{id}')        roleName eq 'Reader'
 */
import { Failure } from '../../base/failure.ts'
import { wordAmong } from '../../base/word.ts'

/** The value by the name of its property or function; '' for a function without one. */
export type Filter = ReadonlyMap<string, string>

const TERM =
  /\s*(?:(?<call>[a-z]+)\s*\(\s*(?:'(?<argument>(?:[^']|'')*)')?\s*\)|(?<property>[a-z]+)\s+eq\s+(?:'(?<text>(?:[^']|'')*)'|(?<bare>[0-9a-z-]+)))\s*/iy
const AND = /and\b/iy

/**
 * Reads a filter; an absent one is empty.
 * @param allowed the names that the collection can be filtered by
 * @throws Failure invalid `InvalidFilter`
 */
export function readFilter(text: string | undefined, allowed: readonly string[]): Filter {
  const filter = new Map<string, string>()
  if (text === undefined || text.trim() === '') return filter
  let at = 0
  for (;;) {
    TERM.lastIndex = at
    const term = TERM.exec(text)?.groups
    const given = term?.call ?? term?.property
    const name = wordAmong(allowed, given)
    if (term === undefined || name === undefined || filter.has(name)) throw refusal(text, allowed)
    filter.set(name, (term.argument ?? term.text ?? term.bare ?? '').replaceAll("''", "'"))
    at = TERM.lastIndex
    if (at === text.length) return filter
    AND.lastIndex = at
    if (!AND.test(text)) throw refusal(text, allowed)
    at = AND.lastIndex
  }
}

function refusal(text: string, allowed: readonly string[]): Failure {
  return new Failure(
    'invalid',
    'InvalidFilter',
    `The filter '${text}' is not supported. It can use ${allowed.join(', ')}, joined by 'and'.`,
  )
}
