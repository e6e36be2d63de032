/**
 * The activity of a scope: what was changed and what was refused there and below, newest first.
 */
import type { Instant } from '../../base/clock.ts'
import { type Page, pageOf } from '../../base/page.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { query, rowsOf } from '../../store/statement.ts'
import type { Call } from '../call.ts'
import { type AuditEntry, entryOf } from './audit.ts'

/** How many entries a page holds. */
const ENTRIES_A_PAGE = 200

export interface Activity extends AuditEntry {
  /** Counts entries: larger is newer. */
  readonly sequence: number
}

export interface ActivityAsked {
  readonly scope: ResourceId
  readonly from: Instant
  readonly to: Instant
  readonly callId?: string | undefined
  /** Continue below this sequence. */
  readonly before?: number | undefined
}

export async function activityOf(call: Call, asked: ActivityAsked): Promise<Page<Activity>> {
  const { key } = asked.scope
  let built = query
    .selectFrom('audit')
    .selectAll()
    .where('at', '>=', asked.from)
    .where('at', '<=', asked.to)
    .where(({ or, and, eb, fn }) => {
      const scope = fn<string>('lower', ['scope'])
      // Every key below a scope sorts between these two: `/` is followed by `0` in ASCII.
      return or([eb(scope, '=', key), and([eb(scope, '>', `${key}/`), eb(scope, '<', `${key}0`)])])
    })
    .orderBy('sequence', 'desc')
    .limit(ENTRIES_A_PAGE + 1)
  if (asked.callId !== undefined) built = built.where('call_id', '=', asked.callId)
  if (asked.before !== undefined) built = built.where('sequence', '<', asked.before)
  const rows = await rowsOf(call.db, built)
  const entries = rows.map((row) => ({ sequence: row.sequence, ...entryOf(row) }))
  return pageOf(entries, ENTRIES_A_PAGE, ({ sequence }) => String(sequence))
}
