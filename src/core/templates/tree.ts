/**
 * Values of a template with everything in them evaluated: names and values of members, items, and
 * the `copy` loops that make members.
 */
import type { Environment } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { ExpressionError } from './invalid.ts'
import { DEFERRED, isArray, isObject, type Json, type JsonObject, member } from './value.ts'

const MOST_TURNS = 800

/** @param deferred what stands in for an expression whose value is not known yet */
export function evaluateTree(
  value: Json,
  environment: Environment,
  deferred: (expression: string) => Json,
): Json {
  if (typeof value === 'string') {
    const result = evaluateText(value, environment)
    return result === DEFERRED ? deferred(value) : result
  }
  if (isArray(value)) return value.map((item) => evaluateTree(item, environment, deferred))
  if (!isObject(value)) return value
  const entries: [string, Json][] = []
  for (const [name, item] of Object.entries(value)) {
    if (name.toLowerCase() === 'copy' && isLoops(item)) {
      for (const loop of item) entries.push(turnsOf(loop, environment, deferred))
      continue
    }
    const key = evaluateText(name, environment)
    entries.push([key === DEFERRED ? name : String(key), evaluateTree(item, environment, deferred)])
  }
  return Object.fromEntries(entries)
}

/** A loop of a member or of a variable. */
interface Loop {
  readonly name: string
  readonly count: Json
  readonly input: Json
}

function isLoops(value: Json): value is readonly (JsonObject & Loop)[] {
  return (
    isArray(value) &&
    value.length > 0 &&
    value.every(
      (item) =>
        isObject(item) &&
        typeof item.name === 'string' &&
        item.count !== undefined &&
        item.input !== undefined,
    )
  )
}

/** The loops of a variables section; empty when there are none. */
export function loopsOf(value: Json | undefined): readonly Loop[] {
  return value !== undefined && isLoops(value) ? value : []
}

export function turnsOf(
  loop: Loop,
  environment: Environment,
  deferred: (expression: string) => Json,
): [name: string, items: Json] {
  const count = countOf(loop.count, environment)
  const items = Array.from({ length: count }, (_, index) =>
    evaluateTree(loop.input, inTurn(environment, loop.name, index, 'by name'), deferred),
  )
  return [loop.name, items]
}

/** How many turns a loop has. @throws ExpressionError */
export function countOf(count: Json, environment: Environment): number {
  const number = typeof count === 'string' ? evaluateText(count, environment) : count
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) {
    if (number <= MOST_TURNS) return number
    throw new ExpressionError(
      `The 'copy' count '${number}' exceeds the limit of ${MOST_TURNS}. Please see https://aka.ms/arm-copy for usage details.`,
    )
  }
  throw new ExpressionError(
    "The template 'copy' definition has an invalid copy count. The value must be a non-negative integer. Please see https://aka.ms/arm-copy for usage details.",
  )
}

/** The environment inside one turn of a loop; a loop of members is meant only by its name. */
export function inTurn(
  environment: Environment,
  name: string,
  index: number,
  meant: 'by name' | 'always',
): Environment {
  return {
    ...environment,
    copyIndex(loop) {
      if (loop !== undefined) {
        return loop.toLowerCase() === name.toLowerCase() ? index : environment.copyIndex(loop)
      }
      return meant === 'always' ? index : (environment.copyIndex(undefined) ?? index)
    },
  }
}

export type { Loop }

/** A member of an object as text, evaluated. @throws ExpressionError when it is not known at once */
export function textAt(
  source: JsonObject,
  name: string,
  environment: Environment,
): string | undefined {
  const found = member(source, name)
  if (found === undefined || found === null) return undefined
  const value = typeof found === 'string' ? evaluateText(found, environment) : found
  if (typeof value === 'string') return value
  throw new ExpressionError(`The '${name}' of a resource must be a string`)
}
