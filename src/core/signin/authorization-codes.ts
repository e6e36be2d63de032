/** Authorization codes (RFC 6749, 4.1) with their challenges (RFC 7636): ten minutes, once. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { after, type Instant, MINUTE_MS } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { AuthorizationCodesTable } from '../../store/tables.ts'
import type { Transaction } from '../transaction.ts'
import {
  beginSignIn,
  drawOpaque,
  endSignIn,
  findSignIn,
  hashOfOpaque,
  type SignIn,
} from './sign-in.ts'

/** What came of presenting a code. Only `granted` gives anything away. */
export type CodeOutcome =
  | {
      readonly kind: 'granted'
      readonly signIn: SignIn
      readonly scope: string
      readonly nonce: string | undefined
    }
  | { readonly kind: 'unknown' | 'expired' | 'used' | 'otherClient' | 'redirect' | 'verifier' }

export const CODE_LIFE_MS = 10 * MINUTE_MS

const rowByHash = statement<{ hash: Uint8Array }, AuthorizationCodesTable>((query, param) =>
  query.selectFrom('authorization_codes').selectAll().where('hash', '=', param('hash')),
)
const insertRow = statement<AuthorizationCodesTable, unknown>((query, param) =>
  query.insertInto('authorization_codes').values({
    hash: param('hash'),
    sign_in_id: param('sign_in_id'),
    redirect_uri: param('redirect_uri'),
    challenge: param('challenge'),
    scope: param('scope'),
    nonce: param('nonce'),
    expires_at: param('expires_at'),
    used: param('used'),
  }),
)
const useRow = statement<{ hash: Uint8Array }, unknown>((query, param) =>
  query.updateTable('authorization_codes').set({ used: 1 }).where('hash', '=', param('hash')),
)

/** Gives a client a code for a user who has signed in. */
export async function issueAuthorizationCode(
  tx: Transaction,
  asked: {
    readonly userId: ObjectId
    readonly clientId: ClientId
    readonly redirectUri: string
    /** base64url SHA-256 of a verifier. */
    readonly challenge: string | undefined
    readonly scope: string
    readonly nonce: string | undefined
    /** When the user signed in; just now, unless the browser remembered. */
    readonly authenticatedAt?: Instant | undefined
  },
): Promise<Secret<string>> {
  const signIn = await beginSignIn(tx, asked)
  const code = drawOpaque()
  await insertRow.run(tx.db, {
    hash: hashOfOpaque(code.reveal()),
    sign_in_id: signIn.id,
    redirect_uri: asked.redirectUri,
    challenge: asked.challenge ?? null,
    scope: asked.scope,
    nonce: asked.nonce ?? null,
    expires_at: after(tx.now, CODE_LIFE_MS),
    used: 0,
  })
  return code
}

/**
 * Takes a code for what it stands for. Whoever presents it, right or not, uses it up; when it comes
 * again somebody has stolen it, and the whole sign-in ends.
 */
export async function redeemAuthorizationCode(
  tx: Transaction,
  presented: {
    readonly code: Secret<string>
    readonly clientId: ClientId
    readonly redirectUri: string | undefined
    readonly verifier: Secret<string> | undefined
  },
): Promise<CodeOutcome> {
  const hash = hashOfOpaque(presented.code.reveal())
  const row = await rowByHash.first(tx.db, { hash })
  if (row === undefined) return { kind: 'unknown' }
  if (row.used === 1) {
    await endSignIn(tx, row.sign_in_id)
    return { kind: 'used' }
  }
  if (row.expires_at <= tx.now) return { kind: 'expired' }
  await useRow.run(tx.db, { hash })
  const signIn = await findSignIn(tx, row.sign_in_id)
  if (signIn === undefined) return { kind: 'expired' }
  if (signIn.clientId !== presented.clientId) return { kind: 'otherClient' }
  if (row.redirect_uri !== presented.redirectUri) return { kind: 'redirect' }
  if (!answers(row.challenge, presented.verifier)) return { kind: 'verifier' }
  return { kind: 'granted', signIn, scope: row.scope, nonce: row.nonce ?? undefined }
}

/** A verifier where there was no challenge is a mix-up, too (RFC 9700, 2.1.1). */
function answers(challenge: string | null, verifier: Secret<string> | undefined): boolean {
  if (challenge === null || verifier === undefined) {
    return challenge === null && verifier === undefined
  }
  const given = createHash('sha256').update(verifier.reveal(), 'ascii').digest('base64url')
  return given.length === challenge.length && timingSafeEqual(bytes(given), bytes(challenge))
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
