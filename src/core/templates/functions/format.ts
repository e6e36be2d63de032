/**
 * Composite formatting: `{0}`, `{1,8}`, `{2:D4}`. Of number formats it knows decimal, hexadecimal,
 * fixed and grouped ones and patterns of zeros, which are those that templates use.
 */
import { ExpressionError } from '../invalid.ts'
import { type Json, textOf } from '../value.ts'

const HOLE = /\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^{}]*))?\}/g

export function formatted(pattern: string, args: readonly Json[]): string {
  return pattern.replaceAll(HOLE, (whole, index?: string, width?: string, style?: string) => {
    if (whole === '{{') return '{'
    if (whole === '}}') return '}'
    const value = args[Number(index)]
    if (value === undefined) {
      throw new ExpressionError(`the format '${pattern}' has no argument for '${whole}'`)
    }
    const written = style && typeof value === 'number' ? styled(value, style) : textOf(value)
    const columns = Number(width ?? 0)
    return columns < 0 ? written.padEnd(-columns) : written.padStart(columns)
  })
}

function styled(value: number, style: string): string {
  if (/^0+$/.test(style)) return signed(value, (digits) => digits.padStart(style.length, '0'))
  const digits = style.length > 1 ? Number(style.slice(1)) : undefined
  switch (style[0]) {
    case 'D':
    case 'd':
      return signed(value, (text) => text.padStart(digits ?? 0, '0'))
    case 'X':
      return value
        .toString(16)
        .toUpperCase()
        .padStart(digits ?? 0, '0')
    case 'x':
      return value.toString(16).padStart(digits ?? 0, '0')
    case 'F':
    case 'f':
      return value.toFixed(digits ?? 2)
    case 'N':
    case 'n':
      return value.toLocaleString('en-US', {
        minimumFractionDigits: digits ?? 2,
        maximumFractionDigits: digits ?? 2,
      })
    default:
      return String(value)
  }
}

function signed(value: number, write: (digits: string) => string): string {
  return (value < 0 ? '-' : '') + write(String(Math.abs(value)))
}
