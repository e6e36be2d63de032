/** What nobody can use any more. */
import { type Query, statement } from '../../store/statement.ts'
import type { Transaction } from '../transaction.ts'

const EXPIRING = [
  'authorization_codes',
  'browser_sessions',
  'device_codes',
  'refresh_tokens',
  'sign_ins',
] as const

const deletions = EXPIRING.map((table) =>
  statement<{ now: number }, unknown>((query: Query, param) =>
    query.deleteFrom(table).where('expires_at', '<=', param('now')),
  ),
)

/** Deletes codes, refresh tokens and sign-ins that have expired; gives how many. */
export async function deleteExpired(tx: Transaction): Promise<number> {
  let deleted = 0
  for (const deletion of deletions) deleted += await deletion.run(tx.db, { now: tx.now })
  return deleted
}
