/** What every version of every object in a vault has: attributes and tags. */
import { epochSeconds, type Instant } from '../../base/clock.ts'

/** The last second of the year 9999, after which Azure's own calendar ends. */
export const LAST_SECOND = 253_402_300_799

export interface Attributes {
  readonly enabled: boolean
  readonly notBefore: Instant | undefined
  readonly expires: Instant | undefined
  readonly created: Instant
  readonly updated: Instant
}

/** What a caller may say of them; what is left out stays, or is as for a new version. */
export interface AttributeChanges {
  readonly enabled?: boolean | undefined
  readonly notBefore?: Instant | undefined
  readonly expires?: Instant | undefined
}

export type Tags = Readonly<Record<string, string>>

export interface AttributeColumns {
  readonly enabled: number
  readonly not_before: number | null
  readonly expires_at: number | null
  readonly created_at: number
  readonly updated_at: number
}

/** The columns of a new version. */
export function newColumns(now: Instant, given: AttributeChanges): AttributeColumns {
  const fresh = { enabled: 1, not_before: null, expires_at: null, created_at: now, updated_at: now }
  return changedColumns(now, given, fresh)
}

/** The columns of a version after a change at `now`. */
export function changedColumns(
  now: Instant,
  given: AttributeChanges,
  before: AttributeColumns,
): AttributeColumns {
  return {
    enabled: given.enabled === undefined ? before.enabled : Number(given.enabled),
    not_before: given.notBefore ?? before.not_before,
    expires_at: given.expires ?? before.expires_at,
    created_at: before.created_at,
    updated_at: now,
  }
}

/** As every door shows them, in the order Azure writes them: times in seconds, absent when not set. */
export function shownAttributes(attributes: Attributes): Record<string, unknown> {
  const { enabled, notBefore, expires, created, updated } = attributes
  return {
    enabled,
    ...(notBefore !== undefined && { nbf: epochSeconds(notBefore) }),
    ...(expires !== undefined && { exp: epochSeconds(expires) }),
    created: epochSeconds(created),
    updated: epochSeconds(updated),
  }
}

export function attributesOf(row: AttributeColumns): Attributes {
  return {
    enabled: row.enabled === 1,
    notBefore: (row.not_before ?? undefined) as Instant | undefined,
    expires: (row.expires_at ?? undefined) as Instant | undefined,
    created: row.created_at as Instant,
    updated: row.updated_at as Instant,
  }
}

/** Tags as kept: an object that has none differs from one with an empty set. */
export function tagsColumn(tags: Tags | undefined): string | null {
  return tags === undefined ? null : JSON.stringify(tags)
}

export function tagsOf(column: string | null): Tags | undefined {
  return column === null ? undefined : (JSON.parse(column) as Tags)
}
