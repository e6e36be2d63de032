/** Numbers: whole ones of Azure's 64 bits, as far as a double holds them exactly. */
import { ExpressionError } from '../invalid.ts'
import { isArray, type Json } from '../value.ts'
import { type Family, integer, row, wrongType } from './function.ts'

const ANY = Number.POSITIVE_INFINITY

export const numberFunctions: Family = {
  add: row(2, ([left, right]) => integer(left) + integer(right)),
  sub: row(2, ([left, right]) => integer(left) - integer(right)),
  mul: row(2, ([left, right]) => integer(left) * integer(right)),
  div: row(2, ([left, right]) => whole(integer(left) / divisor(right))),
  mod: row(2, ([left, right]) => whole(integer(left) % divisor(right))),
  min: row([1, ANY], (args) => Math.min(...integers(args))),
  max: row([1, ANY], (args) => Math.max(...integers(args))),
  int: row(1, ([value]) => {
    if (typeof value === 'number') return whole(value)
    const number =
      typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined
    if (number === undefined) {
      throw new ExpressionError(`the value '${String(value)}' cannot be converted to an integer`)
    }
    return number
  }),
  float: row(1, ([value]) => {
    const number = typeof value === 'number' ? value : Number(value)
    if (value === '' || typeof value === 'boolean' || !Number.isFinite(number)) {
      throw wrongType(value, 'Float')
    }
    return number
  }),
  copyIndex: row([0, 2], ([first, second], environment) => {
    const loop = typeof first === 'string' ? first : undefined
    const offset = loop === undefined ? first : second
    const index = environment.copyIndex(loop)
    if (index === undefined) {
      throw new ExpressionError(
        "The template function 'copyIndex' is not expected at this location. The function can only be used in a resource with copy specified. Please see https://aka.ms/arm-copy for usage details",
      )
    }
    return index + (offset === undefined ? 0 : integer(offset))
  }),
}

/** No negative zero: it prints as 0 and compares as another value. */
function whole(value: number): number {
  return Math.trunc(value) + 0
}

function divisor(value: Json | undefined): number {
  const number = integer(value)
  if (number === 0) throw new ExpressionError('the divisor must not be zero')
  return number
}

function integers(args: readonly Json[]): number[] {
  const [first] = args
  const list = args.length === 1 && isArray(first) ? first : args
  if (list.length === 0) throw new ExpressionError('the list of numbers must not be empty')
  return list.map(integer)
}
