/**
 * Refresh tokens: each use gives another in its place. Azure lets the one before stay good. So it
 * is here for clients that prove themselves, to whom alone it is of use. Of a public client it stays
 * good for a short while, because the client's processes share one and refresh at once, and answers
 * get lost on the way; when it comes later than that, somebody has copied it, and the whole sign-in
 * ends (RFC 9700, 2.2.2 and 4.14.2).
 */
import { after, MINUTE_MS } from '../../base/clock.ts'
import type { ClientId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { RefreshTokensTable } from '../../store/tables.ts'
import type { Transaction } from '../transaction.ts'
import {
  drawOpaque,
  endSignIn,
  findSignIn,
  hashOfOpaque,
  prolong,
  SIGN_IN_LIFE_MS,
  type SignIn,
} from './sign-in.ts'

/** What came of presenting a refresh token. Only `granted` gives anything away. */
export type RefreshOutcome =
  | { readonly kind: 'granted'; readonly signIn: SignIn; readonly next: Secret<string> }
  | { readonly kind: 'unknown' | 'expired' | 'outlived' | 'reused' | 'otherClient' | 'unproved' }

/** How long a refresh token that was replaced is still taken. */
export const OVERLAP_MS = MINUTE_MS

const rowByHash = statement<{ hash: Uint8Array }, RefreshTokensTable>((query, param) =>
  query.selectFrom('refresh_tokens').selectAll().where('hash', '=', param('hash')),
)
const insertRow = statement<RefreshTokensTable, unknown>((query, param) =>
  query.insertInto('refresh_tokens').values({
    hash: param('hash'),
    sign_in_id: param('sign_in_id'),
    replaced_at: param('replaced_at'),
    expires_at: param('expires_at'),
  }),
)
const replaceRow = statement<{ hash: Uint8Array; now: number }, unknown>((query, param) =>
  query
    .updateTable('refresh_tokens')
    .set({ replaced_at: param('now') })
    .where('hash', '=', param('hash'))
    .where('replaced_at', 'is', null),
)

/** Gives the client of a sign-in a refresh token. */
export async function issueRefreshToken(
  tx: Transaction,
  { id }: Pick<SignIn, 'id'>,
): Promise<Secret<string>> {
  const token = drawOpaque()
  await insertRow.run(tx.db, {
    hash: hashOfOpaque(token.reveal()),
    sign_in_id: id,
    replaced_at: null,
    expires_at: after(tx.now, SIGN_IN_LIFE_MS),
  })
  return token
}

/** Takes a refresh token for its sign-in, and gives the one that takes its place. */
export async function redeemRefreshToken(
  tx: Transaction,
  presented: {
    readonly token: Secret<string>
    readonly clientId: ClientId
    /** Whether the client has proved itself. */
    readonly proved: boolean
  },
): Promise<RefreshOutcome> {
  const hash = hashOfOpaque(presented.token.reveal())
  const row = await rowByHash.first(tx.db, { hash })
  if (row === undefined) return { kind: 'unknown' }
  const signIn = await findSignIn(tx, row.sign_in_id)
  if (signIn === undefined || row.expires_at <= tx.now) return { kind: 'expired' }
  const isReplaced = row.replaced_at !== null && tx.now >= row.replaced_at + OVERLAP_MS
  if (isReplaced && !signIn.confidential) {
    await endSignIn(tx, signIn.id)
    return { kind: 'reused' }
  }
  if (signIn.fixedEnd !== undefined && tx.now >= signIn.fixedEnd) return { kind: 'outlived' }
  if (signIn.clientId !== presented.clientId) return { kind: 'otherClient' }
  if (signIn.confidential && !presented.proved) return { kind: 'unproved' }
  await replaceRow.run(tx.db, { hash, now: tx.now })
  await prolong(tx, signIn.id)
  return { kind: 'granted', signIn, next: await issueRefreshToken(tx, signIn) }
}
