/**
 * ARM templates: what they mean, and nothing of what they do.
 *
 * A pure room: from the text of a template and the values of its parameters to the resources it asks
 * for, their order and their bodies. It reads no database and calls nobody; what only a running
 * deployment can know (`reference`, `list…`) it asks for as a `Wanted` fact and goes on when it is
 * given. It knows base alone.
 *
 * This file: the values of the template language.
 */

import { isJsonObject } from '../../base/json.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json }

export type JsonObject = { readonly [name: string]: Json }

/** Stands for a value that is not known yet; whatever is computed from it is not known either. */
export const DEFERRED: unique symbol = Symbol('deferred')

export interface Lambda {
  readonly kind: 'lambda'
  readonly parameters: readonly string[]
  apply(args: readonly Json[]): Json | typeof DEFERRED
}

/** What an expression comes to. */
export type Value = Json | Lambda | typeof DEFERRED

export function isObject(value: unknown): value is JsonObject {
  return isJsonObject(value) && !isLambda(value)
}

export function isLambda(value: unknown): value is Lambda {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'apply') === 'function'
  )
}

export function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value)
}

/** A member by its name; names ignore case, and one that fits exactly goes first. */
export function member(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name]
  const key = memberName(object, name)
  return key === undefined ? undefined : object[key]
}

/** The name of the member as the object has it. */
export function memberName(object: JsonObject, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return Object.keys(object).find((key) => key.toLowerCase() === wanted)
}

export function isEqual(left: Json, right: Json): boolean {
  if (isArray(left) && isArray(right)) {
    return (
      left.length === right.length && left.every((item, at) => isEqual(item, right[at] ?? null))
    )
  }
  if (isObject(left) && isObject(right)) {
    const names = Object.keys(left)
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => {
        const other = member(right, name)
        return other !== undefined && isEqual(left[name] ?? null, other)
      })
    )
  }
  return left === right
}

/** The type as messages name it. */
export function typeName(value: Value): string {
  if (value === null) return 'Null'
  if (isLambda(value)) return 'Lambda'
  if (isArray(value)) return 'Array'
  switch (typeof value) {
    case 'string':
      return 'String'
    case 'boolean':
      return 'Boolean'
    case 'number':
      return Number.isInteger(value) ? 'Integer' : 'Float'
    default:
      return 'Object'
  }
}

/** A value as text: `concat`, `format` and `string` write booleans with a capital. */
export function textOf(value: Json): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** Templates write null for what they leave unset. A template inside keeps its own. */
export function withoutNulls(value: Json, name = ''): Json {
  if (name === 'template') return value
  if (isArray(value)) return value.map((item) => withoutNulls(item))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item, key)]),
  ) as JsonObject
}
