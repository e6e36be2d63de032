/**
 * Tokens: the keys that sign them, the claims in them, and whether a token that comes back is one
 * of ours; also whether a client's assertion is signed by the client.
 *
 * It knows no other room of core: who the subject is and which certificates a client has, it is
 * told. Signing keys are RSA-2048 with a self-signed certificate and are rolled with overlap: a key
 * is published two days before it signs, signs for a month, and stays published until the last
 * token it signed has expired.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { certificateKey, makeCertificate, makeKeyPair, thumbprint } from '../../base/certificate.ts'
import { after, DAY_MS, HOUR_MS, type Instant } from '../../base/clock.ts'
import { cached } from '../../store/cache.ts'
import type { Database, Db } from '../../store/database.ts'
import { statement } from '../../store/statement.ts'
import type { SigningKeysTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { transaction } from '../transaction.ts'

const SIGNS_FOR_MS = 30 * DAY_MS
const PUBLISHED_AHEAD_MS = 2 * DAY_MS
/** From the first signature to the end: the month, and time for a roll that comes late. */
const PUBLISHED_FOR_MS = 45 * DAY_MS
/** No token lives longer, with the tolerance of those who verify: the key must be there as long. */
const LONGEST_TOKEN_LIFE_MS = 25 * HOUR_MS
const SUBJECT = 'Locum token signing'

export interface SigningKey {
  /** base64url SHA-1 of the certificate; the `x5t` too. */
  readonly kid: string
  /** DER. */
  readonly certificate: Buffer
  readonly publicKey: KeyObject
  readonly activeAt: Instant
  readonly endsAt: Instant
}

interface KeptKey extends SigningKey {
  readonly sealedPrivateKey: Uint8Array
  privateKey: KeyObject | undefined
}

const everyRow = statement<Record<string, never>, SigningKeysTable>((query) =>
  query.selectFrom('signing_keys').selectAll(),
)
const insertRow = statement<SigningKeysTable, unknown>((query, param) =>
  query.insertInto('signing_keys').values({
    kid: param('kid'),
    certificate: param('certificate'),
    private_key: param('private_key'),
    created_at: param('created_at'),
    active_at: param('active_at'),
    ends_at: param('ends_at'),
  }),
)
const deleteEnded = statement<{ now: number }, unknown>((query, param) =>
  query.deleteFrom('signing_keys').where('ends_at', '<=', param('now')),
)

const keys = cached<Map<string, KeptKey>>(async (db) => {
  const rows = await everyRow.all(db, {})
  return new Map(rows.map((row) => [row.kid, fromRow(row)]))
})

const underWay = new WeakMap<Database, Promise<void>>()

/** The published key of that name, or undefined. */
export async function findSigningKey(call: Call, kid: string): Promise<SigningKey | undefined> {
  const key = (await keys.get(call.db)).get(kid)
  return key && key.endsAt > call.now ? key : undefined
}

/** The published keys, the newest first: retired and coming ones are among them. */
export async function publishedKeys(call: Call): Promise<SigningKey[]> {
  const published = [...(await keys.get(call.db)).values()].filter((key) => key.endsAt > call.now)
  return published.sort((a, b) => b.activeAt - a.activeAt)
}

/** The key that signs now, with its private half; made at once when there is none. */
export async function activeKey(
  call: Call,
): Promise<{ readonly kid: string; readonly privateKey: KeyObject }> {
  for (const mayRoll of [true, false]) {
    const usable = usableKeys((await keys.get(call.db)).values(), call.now)
    const newest = usable.reduce<KeptKey | undefined>(
      (best, key) => (best && best.activeAt >= key.activeAt ? best : key),
      undefined,
    )
    if (newest) return { kid: newest.kid, privateKey: openPrivateKey(call, newest) }
    if (mayRoll) await rollSigningKeys(call)
  }
  throw new Error('no signing key could be made')
}

/**
 * Makes the key that is due, and forgets those that have ended. Idempotent; callers at the same
 * time share one run, and of two nodes at the same time one makes the key.
 */
export function rollSigningKeys(call: Call): Promise<void> {
  const { database } = call.db
  const already = underWay.get(database)
  if (already) return already
  const rolling = roll(call).finally(() => underWay.delete(database))
  underWay.set(database, rolling)
  return rolling
}

async function roll(call: Call): Promise<void> {
  if (dueAt(await rowsOf(call.db), call.now) === undefined) return dropEnded(call)
  const pair = await makeKeyPair('RSA-2048')
  const certificate = await makeCertificate(
    {
      subject: SUBJECT,
      publicKey: pair.publicKey,
      use: { kind: 'signer' },
      notBefore: call.now,
      notAfter: after(call.now, PUBLISHED_AHEAD_MS + PUBLISHED_FOR_MS),
    },
    { subject: SUBJECT, ...pair },
  )
  const kid = thumbprint(certificate.der, 'sha1').toString('base64url')
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'der' })
  const sealed = call.seal.close(pkcs8, sealContext(kid))
  await transaction(call, async (tx) => {
    const activeAt = dueAt(await rowsOf(tx.db), tx.now)
    if (activeAt === undefined) return
    const row: SigningKeysTable = {
      kid,
      certificate: certificate.der,
      private_key: sealed,
      created_at: tx.now,
      active_at: activeAt,
      ends_at: after(activeAt, PUBLISHED_FOR_MS),
    }
    await insertRow.run(tx.db, row)
    tx.db.afterCommit(() => keys.apply(tx.db.database, (known) => known.set(kid, fromRow(row))))
    call.log.info('signing key made', { kid, activeAt })
  })
  return dropEnded(call)
}

async function dropEnded(call: Call): Promise<void> {
  if ((await rowsOf(call.db)).every((row) => row.ends_at > call.now)) return
  await transaction(call, async (tx) => {
    await deleteEnded.run(tx.db, { now: tx.now })
    tx.db.afterCommit(() =>
      keys.apply(tx.db.database, (known) => {
        for (const key of known.values()) if (key.endsAt <= tx.now) known.delete(key.kid)
      }),
    )
  })
}

function rowsOf(db: Db): Promise<SigningKeysTable[]> {
  return everyRow.all(db, {})
}

/** From when the key that must be made now is to sign; undefined when none is due. */
function dueAt(rows: readonly SigningKeysTable[], now: Instant): Instant | undefined {
  if (!rows.some((row) => isUsable(row.active_at, row.ends_at, now))) return now
  const newest = Math.max(...rows.map((row) => row.active_at))
  const successorDue = newest + SIGNS_FOR_MS - PUBLISHED_AHEAD_MS <= now
  return successorDue ? after(now, PUBLISHED_AHEAD_MS) : undefined
}

function usableKeys(candidates: Iterable<KeptKey>, now: Instant): KeptKey[] {
  return [...candidates].filter((key) => isUsable(key.activeAt, key.endsAt, now))
}

function isUsable(activeAt: number, endsAt: number, now: Instant): boolean {
  return activeAt <= now && now + LONGEST_TOKEN_LIFE_MS < endsAt
}

function openPrivateKey(call: Call, key: KeptKey): KeyObject {
  key.privateKey ??= createPrivateKey({
    key: call.seal.open(key.sealedPrivateKey, sealContext(key.kid)),
    type: 'pkcs8',
    format: 'der',
  })
  return key.privateKey
}

function sealContext(kid: string): string {
  return `signing-key:${kid}`
}

function fromRow(row: SigningKeysTable): KeptKey {
  return {
    kid: row.kid,
    certificate: Buffer.from(row.certificate),
    publicKey: certificateKey(row.certificate),
    activeAt: row.active_at as Instant,
    endsAt: row.ends_at as Instant,
    sealedPrivateKey: row.private_key,
    privateKey: undefined,
  }
}
