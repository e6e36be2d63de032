/**
 * Sign-in: what remains once a user has signed in to a client, and the single-use codes and the
 * refresh tokens that stand for it.
 *
 * It checks no password, knows no client and words no refusal: it is handed ids, and gives back
 * opaque texts of which the database holds hashes only. It knows no other room of core. Codes are
 * decided inside one transaction, so however many present one at once, one of them wins.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, DAY_MS, type Instant } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { SignInsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

/** A user who has signed in to a client. */
export interface SignIn {
  readonly id: string
  readonly userId: ObjectId
  readonly clientId: ClientId
  /** Whether the client proved itself when it took the sign-in up, and so must again. */
  readonly confidential: boolean
  readonly authenticatedAt: Instant
  /** Of a client that runs in a browser: where it ends, however much it is used. */
  readonly fixedEnd: Instant | undefined
}

/** How long a sign-in lasts without being used: as long as Azure's refresh tokens. */
export const SIGN_IN_LIFE_MS = 90 * DAY_MS
/** How long one lasts whose tokens lie about in a browser, used or not. */
export const BROWSER_SIGN_IN_LIFE_MS = DAY_MS
const OPAQUE_BYTES = 48
/** Longer than any of ours. */
const LONGEST_OPAQUE_CHARS = 2048

const rowById = statement<{ id: string }, SignInsTable>((query, param) =>
  query.selectFrom('sign_ins').selectAll().where('id', '=', param('id')),
)
const insertRow = statement<SignInsTable, unknown>((query, param) =>
  query.insertInto('sign_ins').values({
    id: param('id'),
    user_id: param('user_id'),
    client_id: param('client_id'),
    confidential: param('confidential'),
    authenticated_at: param('authenticated_at'),
    expires_at: param('expires_at'),
    fixed_end: param('fixed_end'),
  }),
)
const prolongRow = statement<{ id: string; expiresAt: number }, unknown>((query, param) =>
  query
    .updateTable('sign_ins')
    .set({ expires_at: param('expiresAt') })
    .where('id', '=', param('id')),
)
const fixRow = statement<{ id: string; end: number }, unknown>((query, param) =>
  query
    .updateTable('sign_ins')
    .set({ fixed_end: param('end') })
    .where('id', '=', param('id')),
)
const confideRow = statement<{ id: string }, unknown>((query, param) =>
  query.updateTable('sign_ins').set({ confidential: 1 }).where('id', '=', param('id')),
)
const deleteRow = statement<{ id: string }, unknown>((query, param) =>
  query.deleteFrom('sign_ins').where('id', '=', param('id')),
)
const deleteTokens = statement<{ id: string }, unknown>((query, param) =>
  query.deleteFrom('refresh_tokens').where('sign_in_id', '=', param('id')),
)

/** Remembers that a user has signed in to a client: just now, unless it is said when. */
export async function beginSignIn(
  tx: Transaction,
  {
    userId,
    clientId,
    authenticatedAt = tx.now,
  }: {
    readonly userId: ObjectId
    readonly clientId: ClientId
    readonly authenticatedAt?: Instant | undefined
  },
): Promise<SignIn> {
  const signIn: SignIn = {
    id: randomUUID(),
    userId,
    clientId,
    confidential: false,
    authenticatedAt,
    fixedEnd: undefined,
  }
  await insertRow.run(tx.db, {
    id: signIn.id,
    user_id: userId,
    client_id: clientId,
    confidential: 0,
    authenticated_at: authenticatedAt,
    expires_at: after(tx.now, SIGN_IN_LIFE_MS),
    fixed_end: null,
  })
  return signIn
}

/** The sign-in, or undefined when it has ended. */
export async function findSignIn(call: Call, id: string): Promise<SignIn | undefined> {
  const row = await rowById.first(call.db, { id })
  if (row === undefined || row.expires_at <= call.now) return undefined
  return {
    id,
    userId: row.user_id as ObjectId,
    clientId: row.client_id as ClientId,
    confidential: row.confidential === 1,
    authenticatedAt: row.authenticated_at as Instant,
    fixedEnd: (row.fixed_end ?? undefined) as Instant | undefined,
  }
}

/** The client runs in a browser: the sign-in ends a day from now, however much it is used. */
export async function fixEnd(tx: Transaction, id: string): Promise<void> {
  await fixRow.run(tx.db, { id, end: after(tx.now, BROWSER_SIGN_IN_LIFE_MS) })
}

/** From here on only a client that proves itself may use the sign-in. */
export async function confide(tx: Transaction, id: string): Promise<void> {
  await confideRow.run(tx.db, { id })
}

/** The sign-in was used: it lasts as long again. */
export async function prolong(tx: Transaction, id: string): Promise<void> {
  await prolongRow.run(tx.db, { id, expiresAt: after(tx.now, SIGN_IN_LIFE_MS) })
}

/** Ends a sign-in; every refresh token that came of it is worthless. */
export async function endSignIn(tx: Transaction, id: string): Promise<void> {
  await deleteTokens.run(tx.db, { id })
  await deleteRow.run(tx.db, { id })
}

/** Draws a text that stands for something: 384 random bits, so that a fast hash hides it. */
export function drawOpaque(): Secret<string> {
  return new Secret(`1.${randomBytes(OPAQUE_BYTES).toString('base64url')}`)
}

/** Under what the database keeps an opaque text. */
export function hashOfOpaque(text: string): Uint8Array {
  return createHash('sha256').update(text.slice(0, LONGEST_OPAQUE_CHARS), 'utf8').digest()
}
