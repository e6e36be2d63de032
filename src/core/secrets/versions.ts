/** Finding, listing and numbering the versions of a vault's objects. */
import { randomBytes } from 'node:crypto'
import { type Page, pageOf } from '../../base/page.ts'
import type { Db } from '../../store/database.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import {
  type Collection,
  deletedButRecoverable,
  type FiledAs,
  notFound,
  type ObjectName,
} from './collection.ts'
import { nameKey, type Vault } from './vault.ts'

const VERSION_BYTES = 16

export interface PageRequest {
  /** The key of the last item of the page before. */
  readonly after?: string | undefined
  readonly size: number
}

/** The version asked for. @throws Failure missing `SecretNotFound`, `KeyNotFound` */
export async function readVersion<Row extends FiledAs>(
  db: Db,
  collection: Collection<Row>,
  of: ObjectName,
): Promise<Row> {
  const at = { vault: of.vault.key, name: nameKey(of.name) }
  const row = await (of.version === undefined
    ? collection.newest.first(db, at)
    : collection.version.first(db, { ...at, version: of.version.toLowerCase() }))
  if (row === undefined) throw notFound(collection.name, of)
  return row
}

/** The newest version of each name, in the order of names. */
export async function listNewest<Row extends FiledAs>(
  call: Call,
  collection: Collection<Row>,
  { vault, after = '', size }: { readonly vault: Vault } & PageRequest,
): Promise<Page<Row>> {
  const rows = await collection.page.all(call.db, { vault: vault.key, after, limit: size + 1 })
  return pageOf(rows, size, (row) => row.name_key)
}

/** The versions of one name, oldest first; none when there is no such name. */
export async function listVersions<Row extends FiledAs>(
  call: Call,
  collection: Collection<Row>,
  { vault, name, after, size }: ObjectName & PageRequest,
): Promise<Page<Row>> {
  const rows = await collection.versions.all(call.db, {
    vault: vault.key,
    name: nameKey(name),
    after: Number(after ?? 0),
    limit: size + 1,
  })
  return pageOf(rows, size, (row) => String(row.sequence))
}

/**
 * Where the next version of a name is filed; the name keeps the casing it was first given.
 * @throws Failure conflict `ObjectIsDeletedButRecoverable`
 */
export async function nextVersion<Row extends FiledAs>(
  tx: Transaction,
  collection: Collection<Row>,
  of: ObjectName,
): Promise<FiledAs> {
  const at = { vault: of.vault.key, name: nameKey(of.name) }
  if (await collection.deleted.first(tx.db, at)) {
    throw deletedButRecoverable(collection.name, of.name)
  }
  const newest = await collection.newest.first(tx.db, at)
  return {
    vault_key: at.vault,
    name_key: at.name,
    name: newest?.name ?? of.name,
    version: randomBytes(VERSION_BYTES).toString('hex'),
    sequence: (newest?.sequence ?? 0) + 1,
  }
}
