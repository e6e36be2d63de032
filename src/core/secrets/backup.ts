/**
 * Backups: all versions of a secret or key in one piece that only this instance can open, and only
 * for the subscription it was made in. Whoever holds it learns nothing, and can change nothing in it.
 */
import { Failure } from '../../base/failure.ts'
import type { KeysTable, SecretsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import {
  type Collection,
  type CollectionName,
  deletedButRecoverable,
  KEYS,
  type ObjectName,
  SECRETS,
} from './collection.ts'
import { insertKey, type KeyVersion, keyOf, sealContext as keySealContext } from './keys.ts'
import {
  insertSecret,
  type SecretVersion,
  secretOf,
  sealContext as secretSealContext,
} from './secrets.ts'
import type { Vault } from './vault.ts'
import { listVersions, readVersion } from './versions.ts'

/**
 * What a backup holds: rows as the tables of today have them. Whoever changes those tables makes the
 * next format, and reads this one still: backups live outside, for years.
 */
const FORMAT = 1
/** As many as Azure backs up; what is longer than a request may be could not be restored. */
const MOST_VERSIONS = 500
const LONGEST_BACKUP_BYTES = 700_000

/** @throws Failure missing `SecretNotFound`; invalid `BadParameter` when there is too much of it */
export async function backupSecret(call: Call, of: ObjectName): Promise<Buffer> {
  const rows = await allVersions(call, SECRETS, of)
  const open = (row: SecretsTable) => call.seal.open(row.value, secretSealContext(row))
  return packed(
    call,
    of.vault,
    'secrets',
    rows.map((row) => ({ ...row, value: text(open(row)) })),
  )
}

/** @throws Failure missing `KeyNotFound`; invalid `BadParameter` when there is too much of it */
export async function backupKey(call: Call, of: ObjectName): Promise<Buffer> {
  const rows = await allVersions(call, KEYS, of)
  const open = (row: KeysTable) => call.seal.open(row.private_key, keySealContext(row))
  const plain = rows.map((row) => ({ ...row, private_key: text(open(row)) }))
  return packed(call, of.vault, 'keys', plain)
}

/**
 * Brings a secret back with its versions, and gives the newest.
 * @throws Failure invalid `Malformed backup blob`; conflict when there is one of that name
 */
export async function restoreSecret(
  tx: Transaction,
  { vault, backup }: { readonly vault: Vault; readonly backup: Uint8Array },
): Promise<SecretVersion> {
  const rows = unpacked<SecretsTable>(tx, vault, 'secrets', backup)
  await refuseTaken(tx, SECRETS, { vault, name: rows[0].name })
  for (const row of rows) {
    const filed = { ...row, vault_key: vault.key }
    const value = tx.seal.close(bytes(row.value), secretSealContext(filed))
    await insertSecret.run(tx.db, { ...filed, value })
  }
  return secretOf(await readVersion(tx.db, SECRETS, { vault, name: rows[0].name }))
}

/** The same for a key. */
export async function restoreKey(
  tx: Transaction,
  { vault, backup }: { readonly vault: Vault; readonly backup: Uint8Array },
): Promise<KeyVersion> {
  const rows = unpacked<KeysTable>(tx, vault, 'keys', backup)
  await refuseTaken(tx, KEYS, { vault, name: rows[0].name })
  for (const row of rows) {
    const filed = { ...row, vault_key: vault.key }
    const privateKey = tx.seal.close(bytes(row.private_key), keySealContext(filed))
    await insertKey.run(tx.db, { ...filed, private_key: privateKey })
  }
  return keyOf(await readVersion(tx.db, KEYS, { vault, name: rows[0].name }))
}

async function allVersions<Row extends SecretsTable | KeysTable>(
  call: Call,
  collection: Collection<Row>,
  { vault, name }: ObjectName,
): Promise<readonly Row[]> {
  await readVersion(call.db, collection, { vault, name })
  const page = await listVersions(call, collection, { vault, name, size: MOST_VERSIONS })
  if (page.next !== undefined) throw tooMuch()
  return page.items
}

function packed(
  { seal }: Call,
  vault: Vault,
  collection: CollectionName,
  rows: readonly object[],
): Buffer {
  const plain = Buffer.from(JSON.stringify({ format: FORMAT, rows }))
  if (plain.length > LONGEST_BACKUP_BYTES) throw tooMuch()
  return Buffer.from(seal.close(plain, backupContext(vault, collection)))
}

function unpacked<Row extends SecretsTable | KeysTable>(
  { seal }: Call,
  vault: Vault,
  collection: CollectionName,
  backup: Uint8Array,
): readonly [Row, ...Row[]] {
  let plain: Buffer
  try {
    plain = seal.open(backup, backupContext(vault, collection))
  } catch {
    throw malformed()
  }
  const { format, rows } = JSON.parse(plain.toString('utf8'))
  if (format !== FORMAT) throw malformed()
  return rows
}

/** What does not open is nobody's: it says no more than that. */
function malformed(): Failure {
  const message = 'Backup blob contains invalid or corrupt version.'
  return new Failure('invalid', 'Malformed backup blob', message)
}

/** A backup is restored into any vault of the subscription. */
function backupContext({ id }: Vault, collection: CollectionName): string {
  return `backup:${id.subscriptionId?.toLowerCase()}/${collection}`
}

async function refuseTaken<Row extends SecretsTable | KeysTable>(
  tx: Transaction,
  { name: collection, newest, deleted }: Collection<Row>,
  { vault, name }: ObjectName,
): Promise<void> {
  const at = { vault: vault.key, name: name.toLowerCase() }
  if (await deleted.first(tx.db, at)) throw deletedButRecoverable(collection, name)
  if (await newest.first(tx.db, at)) {
    const noun = collection === 'keys' ? 'Key' : 'Secret'
    throw new Failure('conflict', 'Conflict', `${noun} ${name} already exists.`)
  }
}

function tooMuch(): Failure {
  return new Failure(
    'invalid',
    'BadParameter',
    `The backup would hold too much: at most ${MOST_VERSIONS} versions, and as many bytes as can be ` +
      'sent back in one request.',
  )
}

/** Bytes in JSON. */
function text(plain: Buffer): string {
  return plain.toString('base64')
}

/** What is a string in a backup, whatever type the column has. */
function bytes(encoded: unknown): Buffer {
  return Buffer.from(String(encoded), 'base64')
}
