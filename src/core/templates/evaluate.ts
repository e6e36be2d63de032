/**
 * The evaluator: from an expression and what it can see to a value.
 *
 * Functions are rows of tables; those that decide whether their arguments are evaluated at all (`if`,
 * `and`, `lambda`) are rows of their own. A deferred argument defers the whole call, after all its
 * arguments were looked at: so everything an expression wants is asked for at once.
 */
import type { Environment } from './environment.ts'
import { findFunction } from './functions/table.ts'
import { ExpressionError } from './invalid.ts'
import { isExpression, type Node, parseExpression, unescaped } from './syntax.ts'
import {
  DEFERRED,
  isArray,
  isLambda,
  isObject,
  type Json,
  member,
  typeName,
  type Value,
} from './value.ts'

/** A string of a template: an expression's value, or the string itself. @throws ExpressionError */
export function evaluateText(text: string, environment: Environment): Json | typeof DEFERRED {
  if (!isExpression(text)) return unescaped(text)
  const value = evaluate(parseExpression(text), environment)
  if (isLambda(value)) {
    throw new ExpressionError(`The expression '${text}' ends in a lambda, which is no value`)
  }
  return value
}

export function evaluate(node: Node, environment: Environment): Value {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'access':
      return access(evaluate(node.of, environment), evaluate(node.key, environment))
    case 'call':
      return call(node.name, node.args, environment)
  }
}

function call(name: string, nodes: readonly Node[], environment: Environment): Value {
  if (name.includes('.')) return callUserFunction(name, nodes, environment)
  const row = findFunction(name)
  if (row === undefined) throw unknownFunction(name)
  const { least, most } = row
  if (nodes.length < least || nodes.length > most) throw wrongCount(name, nodes.length, least, most)
  if (row.kind === 'lazy') return row.run(nodes, environment, evaluate)
  const args = nodes.map((argument) => evaluate(argument, environment))
  if (args.includes(DEFERRED)) return DEFERRED
  try {
    return row.run(args as Json[], environment)
  } catch (reason) {
    if (!(reason instanceof ExpressionError) || reason.message.startsWith('The ')) throw reason
    throw new ExpressionError(
      `Unable to evaluate template language function '${name}': ${reason.message}`,
    )
  }
}

/** A template's own function sees its parameters and nothing else. */
function callUserFunction(name: string, nodes: readonly Node[], environment: Environment): Value {
  const found = environment.userFunction(name)
  if (found === undefined) throw unknownFunction(name)
  const { parameters, output } = found
  if (nodes.length !== parameters.length) {
    throw wrongCount(name, nodes.length, parameters.length, parameters.length)
  }
  const args = nodes.map((argument) => evaluate(argument, environment))
  if (args.includes(DEFERRED)) return DEFERRED
  const inner: Environment = {
    ...environment,
    noReferences: true,
    locals: new Map(),
    parameter(wanted) {
      const at = parameters.findIndex((one) => one.name.toLowerCase() === wanted.toLowerCase())
      if (at < 0) throw new ExpressionError(`The template parameter '${wanted}' is not found`)
      return args[at] ?? null
    },
    variable(wanted) {
      throw new ExpressionError(`The template variable '${wanted}' is not found`)
    },
  }
  return evaluateValue(output, inner)
}

/** Every expression in a value of any depth; deferred as a whole when a part is. */
export function evaluateValue(value: Json, environment: Environment): Json | typeof DEFERRED {
  if (typeof value === 'string') return evaluateText(value, environment)
  if (isArray(value)) {
    const items = value.map((item) => evaluateValue(item, environment))
    return items.includes(DEFERRED) ? DEFERRED : (items as Json[])
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(
    ([name, item]) => [evaluateText(name, environment), evaluateValue(item, environment)] as const,
  )
  if (entries.some((entry) => entry.includes(DEFERRED as never))) return DEFERRED
  return Object.fromEntries(entries) as Json
}

/** `value.name`, `value[0]`. */
export function access(of: Value, key: Value): Value {
  if (of === DEFERRED || key === DEFERRED) return DEFERRED
  if (typeof key === 'string' && isObject(of)) {
    const found = member(of, key)
    if (found !== undefined) return found
    throw new ExpressionError(
      `The language expression property '${key}' doesn't exist, available properties are '${Object.keys(of).join(', ')}'`,
    )
  }
  if (typeof key === 'number' && isArray(of)) {
    const found = of[key]
    if (found !== undefined) return found
    throw new ExpressionError(
      `The language expression property array index '${key}' is out of bounds`,
    )
  }
  const shown = typeof key === 'string' || typeof key === 'number' ? String(key) : typeName(key)
  throw new ExpressionError(
    `The language expression property '${shown}' can't be evaluated, property type is '${typeName(of)}'`,
  )
}

function unknownFunction(name: string): ExpressionError {
  return new ExpressionError(
    `The template function '${name}' is not valid. Please see https://aka.ms/arm-functions for usage details.`,
  )
}

function wrongCount(name: string, given: number, least: number, most: number): ExpressionError {
  const wanted =
    least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`
  return new ExpressionError(
    `The template language function '${name}' expects ${wanted} argument(s), and ${given} were given. Please see https://aka.ms/arm-functions for usage details.`,
  )
}
