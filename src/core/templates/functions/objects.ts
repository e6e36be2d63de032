import { ExpressionError } from '../invalid.ts'
import {
  isArray,
  isEqual,
  isObject,
  type Json,
  type JsonObject,
  member,
  memberName,
} from '../value.ts'
import { distinct } from './arrays.ts'
import { array, type Family, object, row, text } from './function.ts'

const ANY = Number.POSITIVE_INFINITY

export const objectFunctions: Family = {
  createObject: row([0, ANY], (args) => {
    if (args.length % 2 > 0) throw new ExpressionError('a value is missing for the last name')
    return Object.fromEntries(
      args.flatMap((name, at) => (at % 2 === 0 ? [[text(name), args[at + 1] ?? null]] : [])),
    )
  }),
  null: row(0, () => null),
  coalesce: row([1, ANY], (args) => args.find((value) => value !== null) ?? null),
  items: row(1, ([value]) => {
    const entries = Object.entries(object(value))
    return entries
      .sort(([a], [b]) => compareOrdinal(a.toLowerCase(), b.toLowerCase()))
      .map(([key, item]) => ({ key, value: item }))
  }),
  objectKeys: row(1, ([value]) =>
    Object.keys(object(value)).sort((a, b) => compareOrdinal(a.toLowerCase(), b.toLowerCase())),
  ),
  tryGet: row([2, ANY], ([value = null, ...path]) => tryGet(value, path)),
  union: row([1, ANY], (args) => {
    if (args.every(isArray)) return distinct(args.flat() as Json[])
    return args.map(object).reduce(merged)
  }),
  intersection: row([1, ANY], (args) => {
    if (args.every(isArray)) {
      const [first = [], ...others] = args as (readonly Json[])[]
      return distinct(
        first.filter((item) => others.every((list) => list.some((one) => isEqual(one, item)))),
      )
    }
    const [first = {}, ...others] = args.map(object)
    return Object.fromEntries(
      Object.entries(first).filter(([name, item]) =>
        others.every((one) => {
          const other = member(one, name)
          return other !== undefined && isEqual(other, item)
        }),
      ),
    )
  }),
  shallowMerge: row(1, ([list]) =>
    array(list)
      .map(object)
      .reduce((all, one) => put(all, one, (_before, now) => now), {}),
  ),
}

/** A member of nothing is nothing; a member that is not there is nothing too. */
function tryGet(value: Json, path: readonly Json[]): Json {
  let at: Json | undefined = value
  for (const step of path) {
    if (at === null || at === undefined) return null
    if (typeof step === 'number' && isArray(at)) at = at[step]
    else if (typeof step === 'string' && isObject(at)) at = member(at, step)
    else return null
  }
  return at ?? null
}

/** Objects inside objects are joined as well. */
function merged(left: JsonObject, right: JsonObject): JsonObject {
  return put(left, right, (before, now) =>
    isObject(before) && isObject(now) ? merged(before, now) : now,
  )
}

function put(
  left: JsonObject,
  right: JsonObject,
  join: (before: Json | undefined, now: Json) => Json,
): JsonObject {
  const entries = new Map(Object.entries(left))
  for (const [name, value] of Object.entries(right)) {
    const key = memberName(left, name) ?? name
    entries.set(key, join(entries.get(key), value))
  }
  return Object.fromEntries(entries)
}

export function compareOrdinal(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
