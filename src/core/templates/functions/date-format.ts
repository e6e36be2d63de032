/**
 * Date formats, standard (one letter) and custom, in the invariant culture; every date is in UTC.
 */
import type { Instant } from '../../../base/clock.ts'
import { ExpressionError } from '../invalid.ts'

const STANDARD: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: 'yyyy-MM-ddTHH:mm:ss.fffffffK',
  O: 'yyyy-MM-ddTHH:mm:ss.fffffffK',
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: 'yyyy-MM-ddTHH:mm:ss',
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: 'yyyy-MM-dd HH:mm:ssZ',
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const PARTS =
  /'([^']*)'|"([^"]*)"|\\(.)|yyyy|yyy|yy|y|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|f+|F+|tt|t|zzz|zz|z|K/g

export function dateFormat(at: Instant, format: string): string {
  const pattern = format.length === 1 ? STANDARD[format] : format
  if (pattern === undefined) throw new ExpressionError(`the format '${format}' is not one of dates`)
  const date = new Date(at)
  return pattern.replaceAll(PARTS, (part, quoted, doubled, literal) => {
    return quoted ?? doubled ?? literal ?? written(date, part)
  })
}

function written(date: Date, part: string): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const hour = date.getUTCHours()
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  const dayName = DAYS[date.getUTCDay()] ?? ''
  const monthName = MONTHS[month] ?? ''
  switch (part) {
    case 'yyyy':
    case 'yyy':
      return String(year).padStart(4, '0')
    case 'yy':
      return two(year % 100)
    case 'y':
      return String(year % 100)
    case 'MMMM':
      return monthName
    case 'MMM':
      return monthName.slice(0, 3)
    case 'dddd':
      return dayName
    case 'ddd':
      return dayName.slice(0, 3)
    case 'tt':
    case 't':
      return (hour < 12 ? 'AM' : 'PM').slice(0, part.length)
    case 'zzz':
      return '+00:00'
    case 'zz':
      return '+00'
    case 'z':
      return '+0'
    case 'K':
      return 'Z'
  }
  if (/^f+$/i.test(part)) {
    const digits = `${String(date.getUTCMilliseconds()).padStart(3, '0')}0000`.slice(0, part.length)
    return part.startsWith('F') ? digits.replace(/0+$/, '') : digits
  }
  const numbers: Readonly<Record<string, number>> = {
    M: month + 1,
    d: day,
    H: hour,
    h: twelve,
    m: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
  }
  const number = numbers[part.charAt(0)] ?? 0
  return part.length === 2 ? two(number) : String(number)
}

const READ =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:([T ])(\d{2}):?(\d{2})(?::?(\d{2})(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** A date, and the format it is written in. */
export function readDate(text: string): { readonly at: Instant; readonly format: string } {
  const match = READ.exec(text.trim())
  const [, year, month, day, between, hour = 0, minute = 0, second = 0, fraction = '', zone = ''] =
    match ?? []
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  if (!match || Number.isNaN(utc)) {
    const other = Date.parse(`${text} UTC`)
    if (Number.isNaN(other)) throw new ExpressionError(`the value '${text}' is not a date`)
    return { at: other as Instant, format: 'yyyy-MM-ddTHH:mm:ssZ' }
  }
  const at = utc + Math.round(Number(`0${fraction}`) * 1000) - offsetMs(zone)
  const format =
    text.includes('-', 4) && text[4] === '-' ? formatOf(between, fraction) : compact(between)
  return { at: at as Instant, format }
}

function formatOf(between: string | undefined, fraction: string): string {
  if (between === undefined) return 'yyyy-MM-dd'
  const parts = fraction === '' ? '' : `.${'f'.repeat(Math.min(7, fraction.length - 1))}`
  return `yyyy-MM-dd${between}HH:mm:ss${parts}Z`
}

function compact(between: string | undefined): string {
  return between === undefined ? 'yyyyMMdd' : `yyyyMMdd${between}HHmmssZ`
}

/** Milliseconds that a zone is ahead of UTC. */
function offsetMs(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000
}
