/**
 * Time: the only place that asks the machine what time it is.
 *
 * A clock can be moved forwards or back by a command, and tests move it instead of sleeping; so
 * nothing else in the house may call `Date.now`.
 */

declare const kind: unique symbol
/** Milliseconds since 1970, on Locum's clock. */
export type Instant = number & { readonly [kind]: 'Instant' }

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export interface Clock {
  now(): Instant
  /** Moves the clock by so many milliseconds, back if negative. */
  move(byMs: number): void
  /** How far the clock has been moved from the machine's own. */
  readonly movedMs: number
}

/** A clock that runs with the machine's, and can be moved away from it. */
export function runningClock(movedMs = 0): Clock {
  let moved = movedMs
  return {
    now: () => (Date.now() + moved) as Instant,
    move: (byMs) => {
      moved += byMs
    },
    get movedMs() {
      return moved
    },
  }
}

/** A clock that stands still until it is moved: for tests. */
export function standingClock(at = '2026-01-15T09:30:00.000Z'): Clock {
  const start = Date.parse(at)
  let moved = 0
  return {
    now: () => (start + moved) as Instant,
    move: (byMs) => {
      moved += byMs
    },
    get movedMs() {
      return moved
    },
  }
}

export function after(instant: Instant, ms: number): Instant {
  return (instant + ms) as Instant
}

/** By the calendar of UTC; a day that the month has not is the last it has. Back if negative. */
export function afterMonths(instant: Instant, months: number): Instant {
  const from = new Date(instant)
  const to = new Date(instant)
  to.setUTCMonth(from.getUTCMonth() + months)
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0)
  return to.getTime() as Instant
}

/** Whole seconds since 1970, as tokens and Key Vault attributes write time. */
export function epochSeconds(instant: Instant): number {
  return Math.floor(instant / 1000)
}

/** `2026-01-15T09:30:00.0000000Z`: Resource Manager writes seven digits of a second. */
export function isoSevenDigits(instant: Instant): string {
  return new Date(instant).toISOString().replace('Z', '0000Z')
}

/** `2026-01-15T09:30:00Z`: Microsoft Graph writes whole seconds. */
export function isoSeconds(instant: Instant): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** `2026-01-15 09:30:00Z`: the token service writes time in its errors so. */
export function isoSpaced(instant: Instant): string {
  return new Date(instant)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}
