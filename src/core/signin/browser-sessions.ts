/**
 * Browsers whose user has signed in: what a cookie stands for, so that the next client need not ask
 * for the password again. A day after its last use it is over.
 */
import { after, DAY_MS, type Instant } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { BrowserSessionsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { drawOpaque, hashOfOpaque } from './sign-in.ts'

export interface BrowserSession {
  readonly userId: ObjectId
  /** When the user last typed the password. */
  readonly authenticatedAt: Instant
  /** Those to which the user has signed in here: no others are given anything unasked. */
  readonly clients: readonly ClientId[]
}

const SESSION_LIFE_MS = DAY_MS
/** Of so many clients the session knows, the last. */
const MOST_CLIENTS = 100

const rowByHash = statement<{ hash: Uint8Array }, BrowserSessionsTable>((query, param) =>
  query.selectFrom('browser_sessions').selectAll().where('hash', '=', param('hash')),
)
const insertRow = statement<BrowserSessionsTable, unknown>((query, param) =>
  query.insertInto('browser_sessions').values({
    hash: param('hash'),
    user_id: param('user_id'),
    authenticated_at: param('authenticated_at'),
    expires_at: param('expires_at'),
    clients: param('clients'),
  }),
)
const prolongRow = statement<{ hash: Uint8Array; expiresAt: number }, unknown>((query, param) =>
  query
    .updateTable('browser_sessions')
    .set({ expires_at: param('expiresAt') })
    .where('hash', '=', param('hash')),
)
const deleteRow = statement<{ hash: Uint8Array }, unknown>((query, param) =>
  query.deleteFrom('browser_sessions').where('hash', '=', param('hash')),
)

/** A user has just signed in to a browser; gives what its cookie shall hold. */
export async function beginBrowserSession(
  tx: Transaction,
  { userId, clients }: Pick<BrowserSession, 'userId' | 'clients'>,
): Promise<Secret<string>> {
  const cookie = drawOpaque()
  await insertRow.run(tx.db, {
    hash: hashOfOpaque(cookie.reveal()),
    user_id: userId,
    authenticated_at: tx.now,
    expires_at: after(tx.now, SESSION_LIFE_MS),
    clients: JSON.stringify([...new Set(clients)].slice(-MOST_CLIENTS)),
  })
  return cookie
}

/** What the cookie stands for, while it lasts. */
export async function findBrowserSession(
  call: Call,
  cookie: Secret<string>,
): Promise<BrowserSession | undefined> {
  const row = await rowByHash.first(call.db, { hash: hashOfOpaque(cookie.reveal()) })
  if (row === undefined || row.expires_at <= call.now) return undefined
  return {
    userId: row.user_id as ObjectId,
    authenticatedAt: row.authenticated_at as Instant,
    clients: JSON.parse(row.clients),
  }
}

/** It was used, and lasts as long again. */
export async function prolongBrowserSession(
  tx: Transaction,
  cookie: Secret<string>,
): Promise<void> {
  const expiresAt = after(tx.now, SESSION_LIFE_MS)
  await prolongRow.run(tx.db, { hash: hashOfOpaque(cookie.reveal()), expiresAt })
}

/** The user signs out of the browser: the cookie stands for nothing, wherever it was copied to. */
export async function endBrowserSession(tx: Transaction, cookie: Secret<string>): Promise<void> {
  await deleteRow.run(tx.db, { hash: hashOfOpaque(cookie.reveal()) })
}
