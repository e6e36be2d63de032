/** ISO 8601 durations of days or more, as rotation policies write them: `P90D`, `P2Y`, `P1M`. */
import { afterMonths, DAY_MS, type Instant } from '../../base/clock.ts'

export interface Duration {
  readonly months: number
  readonly days: number
}

const DURATION = /^P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/
const DAYS_A_MONTH = 30.436875

/** Undefined when it is none, or is of hours and minutes. */
export function readDuration(text: string): Duration | undefined {
  const found = DURATION.exec(text.toUpperCase())
  if (!found) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  return { months: 12 * years + months, days: 7 * weeks + days }
}

export function plus(instant: Instant, { months, days }: Duration): Instant {
  return (afterMonths(instant, months) + days * DAY_MS) as Instant
}

export function minus(instant: Instant, { months, days }: Duration): Instant {
  return (afterMonths(instant, -months) - days * DAY_MS) as Instant
}

/** For comparing durations with each other, which no calendar is needed for. */
export function inDays({ months, days }: Duration): number {
  return months * DAYS_A_MONTH + days
}
