/** Dates: text in and text out; durations as ISO 8601 writes them. */
import type { Instant } from '../../../base/clock.ts'
import { ExpressionError } from '../invalid.ts'
import { dateFormat, readDate } from './date-format.ts'
import { type Family, integer, row, text } from './function.ts'
import { onlyInDefaults } from './strings.ts'

/** What `utcNow` writes unless it is told. */
const COMPACT = 'yyyyMMddTHHmmssZ'

export const dateFunctions: Family = {
  utcNow: row([0, 1], ([format = COMPACT], { fresh }) => {
    if (!fresh) throw onlyInDefaults('utcNow')
    return dateFormat(fresh.now, text(format))
  }),
  dateTimeAdd: row([2, 3], ([base, duration, format]) => {
    const { at, format: own } = readDate(text(base))
    return dateFormat(added(at, text(duration)), format === undefined ? own : text(format))
  }),
  dateTimeFromEpoch: row(1, ([seconds]) =>
    dateFormat((integer(seconds) * 1000) as Instant, 'yyyy-MM-ddTHH:mm:ssZ'),
  ),
  dateTimeToEpoch: row(1, ([date]) => Math.floor(readDate(text(date)).at / 1000)),
}

const DURATION =
  /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Years and months are those of the calendar: a day that a month lacks becomes its last. */
function added(at: Instant, duration: string): Instant {
  const match = DURATION.exec(duration)
  if (!match || /[PT]$/.test(duration)) {
    throw new ExpressionError(`the value '${duration}' is not a duration of ISO 8601`)
  }
  const sign = match[1] ? -1 : 1
  const part = (index: number) => sign * Number(match[index] ?? 0)
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + part(2) * 12 + part(3))
  const longest = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, longest))
  const days = part(4) * 7 + part(5)
  return (date.getTime() +
    (((days * 24 + part(6)) * 60 + part(7)) * 60 + part(8)) * 1000) as Instant
}
