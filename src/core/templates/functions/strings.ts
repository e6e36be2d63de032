import { ExpressionError } from '../invalid.ts'
import { isArray, isObject, type Json, textOf } from '../value.ts'
import { formatted } from './format.ts'
import { type Family, integer, row, text, wrongType } from './function.ts'
import { guidOf, uniqueStringOf } from './hashes.ts'

const ANY = Number.POSITIVE_INFINITY

export const stringFunctions: Family = {
  concat: row([1, ANY], (args) => {
    if (args.every(isArray)) return args.flat() as Json[]
    if (args.some((one) => isArray(one) || isObject(one)))
      throw wrongType(args.find(isArray), 'String')
    return args.map(textOf).join('')
  }),
  string: row(1, ([value = null]) => textOf(value)),
  format: row([1, ANY], ([pattern, ...args]) => formatted(text(pattern), args)),
  toLower: row(1, ([value]) => text(value).toLowerCase()),
  toUpper: row(1, ([value]) => text(value).toUpperCase()),
  trim: row(1, ([value]) => text(value).trim()),
  replace: row(3, ([value, old, now]) => {
    if (text(old) === '') throw new ExpressionError('the text to replace must not be empty')
    return text(value).replaceAll(text(old), () => text(now))
  }),
  split: row(2, ([value, by]) => {
    const marks = isArray(by) ? by.map(text) : [text(by)]
    const pattern = marks.map((mark) => mark.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
    return text(value).split(new RegExp(pattern))
  }),
  join: row(2, ([items, by]) => {
    if (!isArray(items)) throw wrongType(items, 'Array')
    return items.map(textOf).join(text(by))
  }),
  substring: row([2, 3], ([value, from, count]) => {
    const [whole, start] = [text(value), integer(from)]
    const length = count === undefined ? whole.length - start : integer(count)
    if (start < 0 || length < 0 || start + length > whole.length) {
      throw new ExpressionError(
        `the index and length parameters must refer to a location within the string. The index parameter: '${start}', the length parameter: '${length}', the length of the string parameter: '${whole.length}'. Please see https://aka.ms/arm-functions#substring for usage details`,
      )
    }
    return whole.slice(start, start + length)
  }),
  padLeft: row([2, 3], ([value, width, mark = ' ']) =>
    textOf(value ?? null).padStart(integer(width), text(mark)),
  ),
  startsWith: row(2, ([value, start]) =>
    text(value).toLowerCase().startsWith(text(start).toLowerCase()),
  ),
  endsWith: row(2, ([value, end]) => text(value).toLowerCase().endsWith(text(end).toLowerCase())),
  guid: row([1, ANY], (args) => guidOf(args.map(textOf))),
  uniqueString: row([1, ANY], (args) => uniqueStringOf(args.map(textOf))),
  newGuid: row(0, (_args, { fresh }) => {
    if (!fresh) throw onlyInDefaults('newGuid')
    return fresh.newGuid()
  }),
  fail: row(1, ([message]) => {
    throw new ExpressionError(`The template failed by its own function 'fail': ${text(message)}`)
  }),
}

export function onlyInDefaults(name: string): ExpressionError {
  return new ExpressionError(
    `The template function '${name}' is not expected at this location. Please see https://aka.ms/arm-functions for usage details. It can be used in the default value of a parameter only`,
  )
}
