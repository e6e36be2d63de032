/**
 * Soft delete: a deleted name is hidden, not gone. Until its retention ends it can be recovered, or
 * purged where the vault has no purge protection; nothing else can be done under that name.
 */
import { DAY_MS, type Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { type Page, pageOf } from '../../base/page.ts'
import type { Db, WriteDb } from '../../store/database.ts'
import { statement } from '../../store/statement.ts'
import type { DeletedVaultObjectsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import {
  type Collection,
  type CollectionName,
  type Deletion,
  deletedNotFound,
  type FiledAs,
  type ObjectName,
} from './collection.ts'
import { nameKey, type Vault } from './vault.ts'
import { type PageRequest, readVersion } from './versions.ts'

/** How many names one run of the job purges, so that other writes need not wait for long. */
const MOST_PURGED_A_RUN = 500

export interface Deleted<Item> {
  readonly item: Item
  readonly deletedAt: Instant
  readonly purgeAt: Instant
}

/** Hides a name; its newest version speaks for it. @throws Failure missing */
export async function softDelete<Row extends FiledAs>(
  tx: Transaction,
  collection: Collection<Row>,
  { vault, name }: ObjectName,
): Promise<Deleted<Row>> {
  const item = await readVersion(tx.db, collection, { vault, name })
  const purgeAt = (tx.now + vault.softDeleteRetentionDays * DAY_MS) as Instant
  await markDeleted.run(tx.db, {
    vault_key: vault.key,
    collection: collection.name,
    name_key: item.name_key,
    deleted_at: tx.now,
    purge_at: purgeAt,
  })
  return { item, deletedAt: tx.now, purgeAt }
}

/** @throws Failure missing when the name is not deleted */
export async function readDeleted<Row extends FiledAs>(
  db: Db,
  collection: Collection<Row>,
  { vault, name }: ObjectName,
): Promise<Deleted<Row>> {
  const row = await collection.deleted.first(db, { vault: vault.key, name: nameKey(name) })
  if (row === undefined) throw deletedNotFound(collection.name, name)
  return deletedOf(row)
}

export async function listDeleted<Row extends FiledAs>(
  call: Call,
  collection: Collection<Row>,
  { vault, after = '', size }: { readonly vault: Vault } & PageRequest,
): Promise<Page<Deleted<Row>>> {
  const at = { vault: vault.key, after, limit: size + 1 }
  const page = pageOf(await collection.deletedPage.all(call.db, at), size, (row) => row.name_key)
  return { items: page.items.map(deletedOf), next: page.next }
}

/** Brings a deleted name back with all its versions; gives the newest. @throws Failure missing */
export async function recover<Row extends FiledAs>(
  tx: Transaction,
  collection: Collection<Row>,
  of: ObjectName,
): Promise<Row> {
  const { item } = await readDeleted(tx.db, collection, of)
  await unmarkDeleted.run(tx.db, keyOf(collection.name, item))
  return item
}

/**
 * Forgets a deleted name for good.
 * @throws Failure missing when it is not deleted; forbidden when the vault has purge protection
 */
export async function purge<Row extends FiledAs>(
  tx: Transaction,
  collection: Collection<Row>,
  of: ObjectName,
): Promise<void> {
  const { item } = await readDeleted(tx.db, collection, of)
  if (of.vault.purgeProtection) throw purgeProtected(of.vault)
  await forget(tx.db, keyOf(collection.name, item))
}

/** Forgets what has been deleted for as long as it is kept; gives how many names. For a job. */
export async function purgeDue(tx: Transaction): Promise<number> {
  const due = await dueForPurge.all(tx.db, { now: tx.now, limit: MOST_PURGED_A_RUN })
  for (const row of due) await forget(tx.db, row)
  return due.length
}

/** Forgets everything a vault held, when the vault itself is gone for good. */
export async function forgetVault(tx: Transaction, vaultKey: string): Promise<void> {
  for (const forgetting of Object.values(forgetAll)) {
    await forgetting.run(tx.db, { vault: vaultKey })
  }
}

type DeletedKey = Pick<DeletedVaultObjectsTable, 'vault_key' | 'collection' | 'name_key'>

function keyOf(collection: CollectionName, { vault_key, name_key }: FiledAs): DeletedKey {
  return { vault_key, collection, name_key }
}

async function forget(db: WriteDb, key: DeletedKey): Promise<void> {
  await forgetVersions[key.collection].run(db, key)
  if (key.collection === 'keys') await forgetPolicy.run(db, key)
  await unmarkDeleted.run(db, key)
}

function deletedOf<Row>(row: Row & Deletion): Deleted<Row> {
  const { deleted_at, purge_at } = row
  return { item: row, deletedAt: deleted_at as Instant, purgeAt: purge_at as Instant }
}

function purgeProtected(vault: Vault): Failure {
  return new Failure(
    'forbidden',
    'Forbidden',
    'Operation "purge" is not allowed because purge protection is enabled for this vault. Key ' +
      'Vault service will automatically purge it after the retention period has passed.\r\n' +
      `Vault: ${vault.name};location=${vault.location}`,
  )
}

const markDeleted = statement<DeletedVaultObjectsTable, unknown>((query, param) =>
  query.insertInto('deleted_vault_objects').values({
    vault_key: param('vault_key'),
    collection: param('collection'),
    name_key: param('name_key'),
    deleted_at: param('deleted_at'),
    purge_at: param('purge_at'),
  }),
)

const unmarkDeleted = statement<DeletedKey, unknown>((query, param) =>
  query
    .deleteFrom('deleted_vault_objects')
    .where('vault_key', '=', param('vault_key'))
    .where('collection', '=', param('collection'))
    .where('name_key', '=', param('name_key')),
)

const dueForPurge = statement<{ now: number; limit: number }, DeletedKey>((query, param) =>
  query
    .selectFrom('deleted_vault_objects')
    .select(['vault_key', 'collection', 'name_key'])
    .where('purge_at', '<=', param('now'))
    .orderBy('purge_at')
    .limit(param('limit')),
)

const forgetVersions = { secrets: rowsOf('secrets'), keys: rowsOf('keys') }
const forgetPolicy = rowsOf('key_rotation_policies')

function rowsOf(table: CollectionName | 'key_rotation_policies') {
  return statement<DeletedKey, unknown>((query, param) =>
    query
      .deleteFrom(table)
      .where('vault_key', '=', param('vault_key'))
      .where('name_key', '=', param('name_key')),
  )
}

const forgetAll = {
  secrets: everythingIn('secrets'),
  keys: everythingIn('keys'),
  deleted: everythingIn('deleted_vault_objects'),
  policies: everythingIn('key_rotation_policies'),
}

function everythingIn(table: CollectionName | 'deleted_vault_objects' | 'key_rotation_policies') {
  return statement<{ vault: string }, unknown>((query, param) =>
    query.deleteFrom(table).where('vault_key', '=', param('vault')),
  )
}
