/**
 * The audit: one row per change and per refusal, written where it is decided, read by the activity
 * log and by whoever asks why. It owns the table `audit`. It holds facts, never a secret.
 */
import type { Instant } from '../../base/clock.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { AuditTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface AuditEntry {
  readonly at: Instant
  readonly callId: string
  /** Object id of a principal, key of a machine, name of a job, or `nobody`. */
  readonly caller: string
  /** `Microsoft.Compute/virtualMachines/write`. */
  readonly action: string
  readonly scope: string
  readonly outcome: AuditTable['outcome']
  readonly facts: Readonly<Record<string, unknown>>
}

type Recorded = Pick<AuditEntry, 'action' | 'scope' | 'outcome'> &
  Partial<Pick<AuditEntry, 'facts'>>

const insert = statement((query, param: Param<Omit<AuditTable, 'sequence'>>) =>
  query.insertInto('audit').values({
    // SQLite numbers the row: an integer primary key given as null takes the next one.
    sequence: null as unknown as number,
    at: param('at'),
    call_id: param('call_id'),
    caller: param('caller'),
    action: param('action'),
    scope: param('scope'),
    outcome: param('outcome'),
    facts: param('facts'),
  }),
)

/** Records an entry with the transaction it speaks of. */
export async function record(tx: Transaction, entry: Recorded): Promise<void> {
  await insert.run(tx.db, {
    at: tx.now,
    call_id: tx.id,
    caller: callerOf(tx),
    action: entry.action,
    scope: entry.scope,
    outcome: entry.outcome,
    facts: JSON.stringify(entry.facts ?? {}),
  })
}

const latest = statement((query, param: Param<{ limit: number }>) =>
  query.selectFrom('audit').selectAll().orderBy('sequence', 'desc').limit(param('limit')),
)

/** The newest entries, newest first. */
export async function latestEntries(call: Call, limit: number): Promise<AuditEntry[]> {
  const rows = await latest.all(call.db, { limit })
  return rows.map(entryOf)
}

/** An entry as the table keeps it. */
export function entryOf(row: Omit<AuditTable, 'sequence'>): AuditEntry {
  return {
    at: row.at as Instant,
    callId: row.call_id,
    caller: row.caller,
    action: row.action,
    scope: row.scope,
    outcome: row.outcome,
    facts: JSON.parse(row.facts),
  }
}

function callerOf({ caller }: Call): string {
  switch (caller.kind) {
    case 'principal':
      return caller.objectId
    case 'machine':
      return caller.key
    case 'job':
      return caller.name
    case 'nobody':
      return 'nobody'
  }
}
