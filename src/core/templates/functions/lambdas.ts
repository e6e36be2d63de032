/** `lambda` makes a function of an expression; the others apply it to arrays and objects. */
import { ExpressionError } from '../invalid.ts'
import { DEFERRED, isArray, type Json, type Lambda, textOf, type Value } from '../value.ts'
import { array, type Family, flag, lambda, object, row, text } from './function.ts'

export const lambdaFunctions: Family = {
  lambda: {
    kind: 'lazy',
    least: 1,
    most: 4,
    run(nodes, environment, evaluate): Value {
      const body = nodes.at(-1)
      const parameters = nodes.slice(0, -1).map((node) => text(evaluate(node, environment) as Json))
      return {
        kind: 'lambda',
        parameters,
        apply(args) {
          const locals = new Map(environment.locals)
          for (const [at, name] of parameters.entries()) locals.set(name, args[at] ?? null)
          return evaluate(body as never, { ...environment, locals }) as Json | typeof DEFERRED
        },
      }
    },
  },
  lambdaVariables: row(1, ([name], { locals }) => {
    const found = locals.get(text(name))
    if (found === undefined) {
      throw new ExpressionError(`The lambda variable '${text(name)}' is not found`)
    }
    return found
  }),
  map: row(2, ([items, by]) => all(each(items, by))),
  filter: row(2, ([items, by]) => {
    const kept = all(each(items, by))
    if (!isArray(kept)) return DEFERRED
    return array(items).filter((_, at) => flag(kept[at]))
  }),
  sort: row(2, ([items, by]) => sorted(array(items), lambda(by, [2]))),
  reduce: row(3, ([items, start = null, by]) => {
    const step = lambda(by, [2, 3])
    let sum: Json = start
    for (const [at, item] of array(items).entries()) {
      const next = step.apply([sum, item, at])
      if (next === DEFERRED) return DEFERRED
      sum = next
    }
    return sum
  }),
  toObject: row([2, 3], ([items, by, of]) => {
    const names = all(each(items, by, [1]))
    const values = of === undefined ? array(items) : all(each(items, of, [1]))
    if (!isArray(names) || !isArray(values)) return DEFERRED
    return Object.fromEntries(names.map((name, at) => [textOf(name), values[at] ?? null]))
  }),
  groupBy: row(2, ([items, by]) => {
    const names = all(each(items, by))
    if (!isArray(names)) return DEFERRED
    const groups = new Map<string, Json[]>()
    for (const [at, item] of array(items).entries()) {
      const name = textOf(names[at] ?? null)
      groups.set(name, [...(groups.get(name) ?? []), item])
    }
    return Object.fromEntries(groups)
  }),
  mapValues: row(2, ([value, by]) => {
    const entries = Object.entries(object(value))
    const step = lambda(by, [1])
    const values = all(entries.map(([, item]) => step.apply([item])))
    if (!isArray(values)) return DEFERRED
    return Object.fromEntries(entries.map(([name], at) => [name, values[at] ?? null]))
  }),
}

/** The lambda of each item, and of its place when it takes one. */
function each(
  items: Json | undefined,
  by: Json | undefined,
  counts: readonly number[] = [1, 2],
): (Json | typeof DEFERRED)[] {
  const step = lambda(by, counts)
  return array(items).map((item, at) => step.apply([item, at]))
}

function all(values: readonly (Json | typeof DEFERRED)[]): Json | typeof DEFERRED {
  return values.includes(DEFERRED) ? DEFERRED : (values as readonly Json[])
}

/** The lambda says whether the first stands before the second. */
function sorted(items: readonly Json[], isBefore: Lambda): Value {
  let deferred = false
  const before = (left: Json, right: Json) => {
    const said = isBefore.apply([left, right])
    if (said === DEFERRED) deferred = true
    return said !== DEFERRED && flag(said)
  }
  const result = items.toSorted((left, right) =>
    before(left, right) ? -1 : before(right, left) ? 1 : 0,
  )
  return deferred ? DEFERRED : result
}
