/** Comparison and logic. `if`, `and` and `or` look at no more than they need. */

import type { Environment } from '../environment.ts'
import { ExpressionError } from '../invalid.ts'
import type { Node } from '../syntax.ts'
import { DEFERRED, isEqual, type Json, type Value } from '../value.ts'
import { type Evaluate, type Family, flag, type LazyFunction, row, wrongType } from './function.ts'
import { compareOrdinal } from './objects.ts'

const ANY = Number.POSITIVE_INFINITY

export const logicFunctions: Family = {
  equals: row(2, ([left = null, right = null]) => isEqual(left, right)),
  less: row(2, (args) => order(args) < 0),
  lessOrEquals: row(2, (args) => order(args) <= 0),
  greater: row(2, (args) => order(args) > 0),
  greaterOrEquals: row(2, (args) => order(args) >= 0),
  not: row(1, ([value]) => !flag(value)),
  xor: row(2, ([left, right]) => flag(left) !== flag(right)),
  true: row(0, () => true),
  false: row(0, () => false),
  bool: row(1, ([value]) => {
    if (typeof value === 'boolean') return value
    if (typeof value === 'number') return value !== 0
    const word = String(value).toLowerCase()
    if (word === 'true' || word === '1') return true
    if (word === 'false' || word === '0') return false
    throw wrongType(value, 'Boolean')
  }),
  and: untilFirst(false),
  or: untilFirst(true),
  if: {
    kind: 'lazy',
    least: 3,
    most: 3,
    run([condition, yes, no], environment, evaluate) {
      const chosen = evaluate(condition as Node, environment)
      if (chosen !== DEFERRED) {
        return evaluate((flag(chosen as Json) ? yes : no) as Node, environment)
      }
      // Whichever it will be: what both want is asked for now.
      lookAt(yes as Node, environment, evaluate)
      lookAt(no as Node, environment, evaluate)
      return DEFERRED
    },
  },
}

/** `and` ends at the first false, `or` at the first true. */
function untilFirst(decisive: boolean): LazyFunction {
  return {
    kind: 'lazy',
    least: 2,
    most: ANY,
    run(nodes, environment, evaluate): Value {
      let deferred = false
      for (const node of nodes) {
        const value = evaluate(node, environment)
        if (value === DEFERRED) deferred = true
        else if (flag(value as Json) === decisive && !deferred) return decisive
      }
      return deferred ? DEFERRED : !decisive
    },
  }
}

function lookAt(node: Node, environment: Environment, evaluate: Evaluate): void {
  try {
    evaluate(node, environment)
  } catch (reason) {
    if (!(reason instanceof ExpressionError)) throw reason
  }
}

function order([left, right]: readonly Json[]): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return compareOrdinal(left, right)
  throw wrongType(right, typeof left === 'number' ? 'Integer' : 'String')
}
