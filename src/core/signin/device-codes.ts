/**
 * Device codes (RFC 8628): a device shows a short user code, a person types it elsewhere and signs
 * in, and the device meanwhile asks with a long code of its own. Fifteen minutes, once.
 */
import { randomInt } from 'node:crypto'
import { after, MINUTE_MS } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { DeviceCodesTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { beginSignIn, drawOpaque, findSignIn, hashOfOpaque, type SignIn } from './sign-in.ts'

/** What came of a device's asking. Only `granted` gives anything away. */
export type DeviceOutcome =
  | { readonly kind: 'granted'; readonly signIn: SignIn; readonly scope: string }
  | { readonly kind: 'unknown' | 'expired' | 'pending' | 'declined' | 'used' | 'otherClient' }

export const DEVICE_CODE_LIFE_MS = 15 * MINUTE_MS

/** Without letters and digits that look alike; 45 bits, good for fifteen minutes. */
const DRAWN_FROM = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const USER_CODE_CHARS = 9

const rowByHash = statement<{ hash: Uint8Array }, DeviceCodesTable>((query, param) =>
  query.selectFrom('device_codes').selectAll().where('hash', '=', param('hash')),
)
const rowByUserCode = statement<{ hash: Uint8Array }, DeviceCodesTable>((query, param) =>
  query.selectFrom('device_codes').selectAll().where('user_code_hash', '=', param('hash')),
)
const insertRow = statement<DeviceCodesTable, unknown>((query, param) =>
  query.insertInto('device_codes').values({
    hash: param('hash'),
    user_code_hash: param('user_code_hash'),
    client_id: param('client_id'),
    scope: param('scope'),
    sign_in_id: param('sign_in_id'),
    state: param('state'),
    expires_at: param('expires_at'),
  }),
)
const decideRow = statement<Pick<DeviceCodesTable, 'hash' | 'state' | 'sign_in_id'>, unknown>(
  (query, param) =>
    query
      .updateTable('device_codes')
      .set({ state: param('state'), sign_in_id: param('sign_in_id') })
      .where('hash', '=', param('hash')),
)

/** Gives a device its two codes. */
export async function issueDeviceCode(
  tx: Transaction,
  asked: { readonly clientId: ClientId; readonly scope: string },
): Promise<{ readonly deviceCode: Secret<string>; readonly userCode: Secret<string> }> {
  const deviceCode = drawOpaque()
  const userCode = drawUserCode()
  await insertRow.run(tx.db, {
    hash: hashOfOpaque(deviceCode.reveal()),
    user_code_hash: hashOfUserCode(userCode),
    client_id: asked.clientId,
    scope: asked.scope,
    sign_in_id: null,
    state: 'pending',
    expires_at: after(tx.now, DEVICE_CODE_LIFE_MS),
  })
  return { deviceCode, userCode: new Secret(userCode) }
}

/** Which client waits behind a user code, while the code can still be decided. */
export async function clientBehindUserCode(
  call: Call,
  userCode: string,
): Promise<ClientId | undefined> {
  const row = await waitingRow(call, userCode)
  return row && (row.client_id as ClientId)
}

/** The person signed in; gives whether the code was still waiting for that. */
export async function approveDevice(
  tx: Transaction,
  { userCode, userId }: { readonly userCode: string; readonly userId: ObjectId },
): Promise<boolean> {
  const row = await waitingRow(tx, userCode)
  if (row === undefined) return false
  const signIn = await beginSignIn(tx, { userId, clientId: row.client_id as ClientId })
  await decideRow.run(tx.db, { hash: row.hash, state: 'approved', sign_in_id: signIn.id })
  return true
}

/** The person said no; gives whether the code was still waiting for that. */
export async function declineDevice(tx: Transaction, userCode: string): Promise<boolean> {
  const row = await waitingRow(tx, userCode)
  if (row === undefined) return false
  await decideRow.run(tx.db, { hash: row.hash, state: 'declined', sign_in_id: null })
  return true
}

/** Takes a device code for what it stands for, as soon as the person has signed in. */
export async function redeemDeviceCode(
  tx: Transaction,
  { code, clientId }: { readonly code: Secret<string>; readonly clientId: ClientId },
): Promise<DeviceOutcome> {
  const hash = hashOfOpaque(code.reveal())
  const row = await rowByHash.first(tx.db, { hash })
  if (row === undefined) return { kind: 'unknown' }
  if (row.client_id !== clientId) return { kind: 'otherClient' }
  if (row.expires_at <= tx.now) return { kind: 'expired' }
  if (row.state !== 'approved') return { kind: row.state }
  await decideRow.run(tx.db, { hash, state: 'used', sign_in_id: row.sign_in_id })
  const signIn = row.sign_in_id === null ? undefined : await findSignIn(tx, row.sign_in_id)
  return signIn ? { kind: 'granted', signIn, scope: row.scope } : { kind: 'expired' }
}

async function waitingRow(call: Call, userCode: string): Promise<DeviceCodesTable | undefined> {
  const row = await rowByUserCode.first(call.db, { hash: hashOfUserCode(userCode) })
  return row && row.state === 'pending' && row.expires_at > call.now ? row : undefined
}

function drawUserCode(): string {
  return Array.from({ length: USER_CODE_CHARS }, () =>
    DRAWN_FROM.charAt(randomInt(DRAWN_FROM.length)),
  ).join('')
}

/** People type small letters, blanks and dashes. */
function hashOfUserCode(typed: string): Uint8Array {
  return hashOfOpaque(`user:${typed.toUpperCase().replace(/[\s-]/g, '')}`)
}
