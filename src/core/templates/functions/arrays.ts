/** Arrays, and what strings share with them. */
import { ExpressionError } from '../invalid.ts'
import { type DEFERRED, isArray, isEqual, isObject, type Json, member, textOf } from '../value.ts'
import { array, type Family, integer, row, text, wrongType } from './function.ts'

const ANY = Number.POSITIVE_INFINITY
const LONGEST_RANGE_ITEMS = 10_000

export const arrayFunctions: Family = {
  array: row(1, ([value = null]) => (isArray(value) ? value : [value])),
  createArray: row([0, ANY], (args) => [...args]),
  length: row(1, ([value]) => {
    if (isObject(value)) return Object.keys(value).length
    return sequence(value).length
  }),
  empty: row(1, ([value]) => {
    if (value === null) return true
    return isObject(value) ? Object.keys(value).length === 0 : sequence(value).length === 0
  }),
  first: row(1, ([value]) => {
    if (isArray(value)) return value[0] ?? null
    return text(value).slice(0, 1)
  }),
  last: row(1, ([value]) => {
    if (isArray(value)) return value.at(-1) ?? null
    return text(value).slice(-1)
  }),
  take: row(2, ([value, count]) => sequence(value).slice(0, Math.max(0, integer(count)))),
  skip: row(2, ([value, count]) => sequence(value).slice(Math.max(0, integer(count)))),
  contains: row(2, ([whole, part = null]) => {
    if (isObject(whole)) return member(whole, text(part)) !== undefined
    if (isArray(whole)) return whole.some((item) => isEqual(item, part))
    return text(whole).includes(textOf(part))
  }),
  indexOf: row(2, ([whole, part = null]) =>
    isArray(whole)
      ? whole.findIndex((item) => isEqual(item, part))
      : text(whole).toLowerCase().indexOf(text(part).toLowerCase()),
  ),
  lastIndexOf: row(2, ([whole, part = null]) =>
    isArray(whole)
      ? whole.findLastIndex((item) => isEqual(item, part))
      : text(whole).toLowerCase().lastIndexOf(text(part).toLowerCase()),
  ),
  indexFromEnd: row(2, ([items, back]) => fromEnd(items, back) ?? outOfBounds(back)),
  tryIndexFromEnd: row(2, ([items, back]) =>
    items === null ? null : (fromEnd(items, back) ?? null),
  ),
  range: row(2, ([from, count]) => {
    const [start, length] = [integer(from), integer(count)]
    if (length < 0 || length > LONGEST_RANGE_ITEMS) {
      throw new ExpressionError(`the count of a range must be from 0 to ${LONGEST_RANGE_ITEMS}`)
    }
    return Array.from({ length }, (_, at) => start + at)
  }),
  flatten: row(1, ([items]) => array(items).flatMap((item) => array(item))),
  distinct: row(1, ([items]) => distinct(array(items))),
}

export function distinct(items: readonly Json[]): Json[] {
  const kept: Json[] = []
  for (const item of items) if (!kept.some((one) => isEqual(one, item))) kept.push(item)
  return kept
}

function sequence(value: Json | undefined): string | readonly Json[] {
  if (typeof value === 'string' || isArray(value)) return value
  throw wrongType(value, 'Array')
}

function fromEnd(items: Json | undefined, back: Json | undefined): Json | undefined {
  return array(items).at(-integer(back))
}

function outOfBounds(back: Json | undefined): typeof DEFERRED {
  throw new ExpressionError(`the index '${back}' from the end is out of bounds`)
}
