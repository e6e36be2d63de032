/**
 * The functions of the template language, a table for each family.
 *
 * A row says how many arguments it takes and what it comes to; names are in Azure's casing and
 * compare without it. Rows are pure: what they know of the world is in the `Environment`.
 */
import type { Environment } from '../environment.ts'
import { ExpressionError } from '../invalid.ts'
import type { Node } from '../syntax.ts'
import {
  isArray,
  isLambda,
  isObject,
  type Json,
  type JsonObject,
  type Lambda,
  typeName,
  type Value,
} from '../value.ts'

export type Evaluate = (node: Node, environment: Environment) => Value

interface Counted {
  readonly least: number
  readonly most: number
}

export interface EagerFunction extends Counted {
  readonly kind: 'eager'
  run(args: readonly Json[], environment: Environment): Value
}

/** Decides itself which of its arguments are evaluated. */
export interface LazyFunction extends Counted {
  readonly kind: 'lazy'
  run(nodes: readonly Node[], environment: Environment, evaluate: Evaluate): Value
}

export type TemplateFunction = EagerFunction | LazyFunction
export type Family = Readonly<Record<string, TemplateFunction>>

/** A row with so many arguments, or between so many. */
export function row(
  counts: number | readonly [least: number, most: number],
  run: EagerFunction['run'],
): EagerFunction {
  const [least, most] = typeof counts === 'number' ? [counts, counts] : counts
  return { kind: 'eager', least, most, run }
}

export function text(value: Json | undefined): string {
  if (typeof value === 'string') return value
  throw wrongType(value, 'String')
}

export function integer(value: Json | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw wrongType(value, 'Integer')
}

export function flag(value: Json | undefined): boolean {
  if (typeof value === 'boolean') return value
  throw wrongType(value, 'Boolean')
}

export function array(value: Json | undefined): readonly Json[] {
  if (isArray(value)) return value
  throw wrongType(value, 'Array')
}

export function object(value: Json | undefined): JsonObject {
  if (isObject(value)) return value
  throw wrongType(value, 'Object')
}

export function lambda(value: unknown, counts: readonly number[]): Lambda {
  if (!isLambda(value)) throw wrongType(value as Json, 'Lambda')
  if (counts.includes(value.parameters.length)) return value
  throw new ExpressionError(
    `the lambda must have ${counts.join(' or ')} parameter(s), and has ${value.parameters.length}`,
  )
}

export function wrongType(value: Json | undefined, wanted: string): ExpressionError {
  return new ExpressionError(
    `an argument is expected to be of type '${wanted}', and is of type '${typeName(value ?? null)}'`,
  )
}
