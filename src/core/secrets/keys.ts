/** Keys: a name, its versions, and a private half each, sealed at rest and never given out. */
import type { Page } from '../../base/page.ts'
import { statement } from '../../store/statement.ts'
import type { KeysTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import {
  type AttributeChanges,
  type Attributes,
  attributesOf,
  changedColumns,
  newColumns,
  type Tags,
  tagsColumn,
  tagsOf,
} from './attributes.ts'
import { type FiledAs, KEYS, notAllowedWhenDisabled, type ObjectName } from './collection.ts'
import { type Deleted, listDeleted, purge, readDeleted, recover, softDelete } from './deletion.ts'
import {
  badProperty,
  type KeyMaterial,
  type KeyType,
  type PublicKeyMembers,
  usesOf,
} from './key-material.ts'
import { nameKey, type Vault } from './vault.ts'
import { listNewest, listVersions, nextVersion, type PageRequest, readVersion } from './versions.ts'

/** Operations that say nothing of cryptography by us, and that Azure accepts on any key. */
const CARRIED_OPERATIONS: readonly string[] = ['import', 'export']

/** A version of a key: its public half and what it may be used for. */
export interface KeyVersion {
  readonly name: string
  /** 32 hex digits. */
  readonly version: string
  readonly kty: KeyType
  readonly members: PublicKeyMembers
  readonly keyOperations: readonly string[]
  readonly tags: Tags | undefined
  readonly attributes: Attributes
}

export interface KeyChanges {
  readonly keyOperations?: readonly string[] | undefined
  readonly tags?: Tags | undefined
  readonly attributes?: AttributeChanges | undefined
}

/** @throws Failure missing `KeyNotFound`; forbidden `KeyDisabled` */
export async function readKey(call: Call, of: ObjectName): Promise<KeyVersion> {
  const row = await readVersion(call.db, KEYS, of)
  if (row.enabled !== 1) throw notAllowedWhenDisabled('keys', 'get')
  return keyOf(row)
}

/** A key whether it is disabled or not. @throws Failure missing `KeyNotFound` */
export async function describeKey(call: Call, of: ObjectName): Promise<KeyVersion> {
  return keyOf(await readVersion(call.db, KEYS, of))
}

/** The newest version of a key; undefined when there is none of that name. */
export async function findKey(
  call: Call,
  { vault, name }: ObjectName,
): Promise<KeyVersion | undefined> {
  const row = await KEYS.newest.first(call.db, { vault: vault.key, name: nameKey(name) })
  return row && keyOf(row)
}

export async function listKeys(
  call: Call,
  from: { readonly vault: Vault } & PageRequest,
): Promise<Page<KeyVersion>> {
  return mapped(await listNewest(call, KEYS, from), keyOf)
}

export async function listKeyVersions(
  call: Call,
  from: ObjectName & PageRequest,
): Promise<Page<KeyVersion>> {
  return mapped(await listVersions(call, KEYS, from), keyOf)
}

/**
 * Keeps new or imported material as the next version of a key.
 * @throws Failure invalid `BadParameter`; conflict when the name is deleted
 */
export async function createKey(
  tx: Transaction,
  asked: ObjectName & KeyChanges & { readonly material: KeyMaterial },
): Promise<KeyVersion> {
  const { material } = asked
  const operations = allowedOperations(material.kty, asked.keyOperations ?? usesOf(material.kty))
  const filed = await nextVersion(tx, KEYS, asked)
  const row: KeysTable = {
    ...filed,
    ...newColumns(tx.now, asked.attributes ?? {}),
    kty: material.kty,
    public_jwk: JSON.stringify(material.members),
    private_key: tx.seal.close(material.privateKey.reveal(), sealContext(filed)),
    key_ops: JSON.stringify(operations),
    tags: tagsColumn(asked.tags),
  }
  await insertKey.run(tx.db, row)
  return keyOf(row)
}

/** Changes what is given of a version, or of the newest; the key itself never changes. */
export async function updateKey(
  tx: Transaction,
  asked: ObjectName & KeyChanges,
): Promise<KeyVersion> {
  const before = await readVersion(tx.db, KEYS, asked)
  const operations = asked.keyOperations
  const row: KeysTable = {
    ...before,
    ...changedColumns(tx.now, asked.attributes ?? {}, before),
    key_ops:
      operations === undefined
        ? before.key_ops
        : JSON.stringify(allowedOperations(before.kty as KeyType, operations)),
    tags: asked.tags === undefined ? before.tags : tagsColumn(asked.tags),
  }
  await changeKey.run(tx.db, row)
  return keyOf(row)
}

/** @throws Failure missing `KeyNotFound` */
export async function deleteKey(tx: Transaction, of: ObjectName): Promise<Deleted<KeyVersion>> {
  return withKey(await softDelete(tx, KEYS, of))
}

/** @throws Failure missing `KeyNotFound` when the name is not deleted */
export async function readDeletedKey(call: Call, of: ObjectName): Promise<Deleted<KeyVersion>> {
  return withKey(await readDeleted(call.db, KEYS, of))
}

export async function listDeletedKeys(
  call: Call,
  from: { readonly vault: Vault } & PageRequest,
): Promise<Page<Deleted<KeyVersion>>> {
  return mapped(await listDeleted(call, KEYS, from), withKey)
}

/** @throws Failure missing `KeyNotFound` when the name is not deleted */
export async function recoverKey(tx: Transaction, of: ObjectName): Promise<KeyVersion> {
  return keyOf(await recover(tx, KEYS, of))
}

/** @throws Failure missing `KeyNotFound`; forbidden when the vault has purge protection */
export async function purgeKey(tx: Transaction, of: ObjectName): Promise<void> {
  await purge(tx, KEYS, of)
}

/** A private half sealed for one version does not open for another. */
export function sealContext(filed: FiledAs): string {
  return `key:${filed.vault_key}/${filed.name_key}/${filed.version}`
}

export function keyOf(row: KeysTable): KeyVersion {
  return {
    name: row.name,
    version: row.version,
    kty: row.kty as KeyType,
    members: JSON.parse(row.public_jwk) as PublicKeyMembers,
    keyOperations: JSON.parse(row.key_ops) as string[],
    tags: tagsOf(row.tags),
    attributes: attributesOf(row),
  }
}

function allowedOperations(kty: KeyType, asked: readonly string[]): readonly string[] {
  const possible = [...usesOf(kty), ...CARRIED_OPERATIONS]
  if (asked.some((operation) => !possible.includes(operation))) throw badProperty('key_ops')
  return asked
}

function withKey(deleted: Deleted<KeysTable>): Deleted<KeyVersion> {
  return { ...deleted, item: keyOf(deleted.item) }
}

function mapped<From, To>(page: Page<From>, to: (item: From) => To): Page<To> {
  return { items: page.items.map(to), next: page.next }
}

export const insertKey = statement<KeysTable, unknown>((query, param) =>
  query.insertInto('keys').values({
    vault_key: param('vault_key'),
    name_key: param('name_key'),
    name: param('name'),
    version: param('version'),
    kty: param('kty'),
    public_jwk: param('public_jwk'),
    private_key: param('private_key'),
    key_ops: param('key_ops'),
    tags: param('tags'),
    enabled: param('enabled'),
    not_before: param('not_before'),
    expires_at: param('expires_at'),
    created_at: param('created_at'),
    updated_at: param('updated_at'),
    sequence: param('sequence'),
  }),
)

const changeKey = statement<KeysTable, unknown>((query, param) =>
  query
    .updateTable('keys')
    .set({
      key_ops: param('key_ops'),
      tags: param('tags'),
      enabled: param('enabled'),
      not_before: param('not_before'),
      expires_at: param('expires_at'),
      updated_at: param('updated_at'),
    })
    .where('vault_key', '=', param('vault_key'))
    .where('name_key', '=', param('name_key'))
    .where('version', '=', param('version')),
)
