/**
 * Secrets of applications. The directory makes them, shows them once and keeps a salted hash.
 *
 * A fast hash is enough, because a secret is drawn from 40 characters of 65 and never chosen by a
 * person: there is nothing to guess that a slow hash would slow down.
 */
import { createHash, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../base/clock.ts'
import type { ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { PasswordCredentialsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export interface PasswordCredential {
  readonly keyId: string
  /** The object id of the application or service principal it belongs to. */
  readonly ownerId: ObjectId
  /** The first three characters, by which people tell their secrets apart. */
  readonly hint: string
  readonly displayName: string | undefined
  readonly startsAt: Instant
  readonly endsAt: Instant
}

/** Without `-`, so that no command line takes a secret for an option. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~'
const SECRET_CHARS = 40
const HINT_CHARS = 3
const SALT_BYTES = 16
/** Longer than any secret the directory makes, in characters. */
const LONGEST_PRESENTED_CHARS = 1024

const rowsByOwner = statement<{ ownerId: string }, PasswordCredentialsTable>((query, param) =>
  query
    .selectFrom('password_credentials')
    .selectAll()
    .where('owner_id', '=', param('ownerId'))
    .orderBy('starts_at')
    .orderBy('key_id'),
)
const insertRow = statement<PasswordCredentialsTable, unknown>((query, param) =>
  query.insertInto('password_credentials').values({
    key_id: param('key_id'),
    owner_id: param('owner_id'),
    salt: param('salt'),
    hash: param('hash'),
    hint: param('hint'),
    display_name: param('display_name'),
    starts_at: param('starts_at'),
    ends_at: param('ends_at'),
  }),
)
const deleteRow = statement<{ ownerId: string; keyId: string }, unknown>((query, param) =>
  query
    .deleteFrom('password_credentials')
    .where('owner_id', '=', param('ownerId'))
    .where('key_id', '=', param('keyId')),
)
const deleteRowsOfOwner = statement<{ ownerId: string }, unknown>((query, param) =>
  query.deleteFrom('password_credentials').where('owner_id', '=', param('ownerId')),
)

/** Makes a secret; its text is in the answer and nowhere else. */
export async function addPasswordCredential(
  tx: Transaction,
  asked: {
    readonly ownerId: ObjectId
    readonly displayName?: string | undefined
    readonly startsAt?: Instant | undefined
    readonly endsAt: Instant
  },
): Promise<{ readonly credential: PasswordCredential; readonly secretText: Secret<string> }> {
  const secretText = drawSecret()
  const salt = randomBytes(SALT_BYTES)
  const row: PasswordCredentialsTable = {
    key_id: randomUUID(),
    owner_id: asked.ownerId,
    salt,
    hash: hashOf(salt, secretText),
    hint: secretText.slice(0, HINT_CHARS),
    display_name: asked.displayName ?? null,
    starts_at: asked.startsAt ?? tx.now,
    ends_at: asked.endsAt,
  }
  await insertRow.run(tx.db, row)
  return { credential: fromRow(row), secretText: new Secret(secretText) }
}

/** The owner's secrets without their texts, oldest first. */
export async function passwordCredentialsOf(
  call: Call,
  ownerId: ObjectId,
): Promise<PasswordCredential[]> {
  return (await rowsByOwner.all(call.db, { ownerId })).map(fromRow)
}

/** Removes one secret; gives whether there was one. */
export async function removePasswordCredential(
  tx: Transaction,
  { ownerId, keyId }: { readonly ownerId: ObjectId; readonly keyId: string },
): Promise<boolean> {
  return (await deleteRow.run(tx.db, { ownerId, keyId })) > 0
}

export async function removePasswordCredentialsOf(
  tx: Transaction,
  ownerId: ObjectId,
): Promise<void> {
  await deleteRowsOfOwner.run(tx.db, { ownerId })
}

/** What a presented secret turned out to be, among all secrets of its owners. */
export type PasswordOutcome = 'right' | 'wrong' | 'expired'

/** Compares in constant time with every secret of the owners, matching or not. */
export async function checkPassword(
  call: Call,
  asked: { readonly ownerIds: readonly ObjectId[]; readonly presented: Secret<string> },
): Promise<PasswordOutcome> {
  const presented = asked.presented.reveal().slice(0, LONGEST_PRESENTED_CHARS)
  const matching: PasswordCredentialsTable[] = []
  for (const ownerId of asked.ownerIds) {
    for (const row of await rowsByOwner.all(call.db, { ownerId })) {
      if (timingSafeEqual(hashOf(row.salt, presented), row.hash)) matching.push(row)
    }
  }
  const started = matching.filter((row) => row.starts_at <= call.now)
  if (started.length === 0) return 'wrong'
  return started.some((row) => row.ends_at > call.now) ? 'right' : 'expired'
}

function drawSecret(): string {
  let text = ''
  while (text.length < SECRET_CHARS) text += ALPHABET.charAt(randomInt(ALPHABET.length))
  return text
}

function hashOf(salt: Uint8Array, secretText: string): Buffer {
  return createHash('sha256').update(salt).update(secretText, 'utf8').digest()
}

function fromRow(row: PasswordCredentialsTable): PasswordCredential {
  return {
    keyId: row.key_id,
    ownerId: row.owner_id as ObjectId,
    hint: row.hint,
    displayName: row.display_name ?? undefined,
    startsAt: row.starts_at as Instant,
    endsAt: row.ends_at as Instant,
  }
}
