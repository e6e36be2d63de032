/** Secrets: a name, its versions, and a value each, sealed at rest. */
import { Failure } from '../../base/failure.ts'
import type { Page } from '../../base/page.ts'
import { Secret } from '../../base/secret.ts'
import { statement } from '../../store/statement.ts'
import type { SecretsTable } from '../../store/tables.ts'
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
import { type FiledAs, notAllowedWhenDisabled, type ObjectName, SECRETS } from './collection.ts'
import { type Deleted, listDeleted, purge, readDeleted, recover, softDelete } from './deletion.ts'
import type { Vault } from './vault.ts'
import { listNewest, listVersions, nextVersion, type PageRequest, readVersion } from './versions.ts'

/** The longest value, in bytes of UTF-8: Azure's "25k". */
export const LONGEST_SECRET_BYTES = 25_600

/** A version of a secret, without its value. */
export interface SecretVersion {
  readonly name: string
  /** 32 hex digits. */
  readonly version: string
  readonly contentType: string | undefined
  readonly tags: Tags | undefined
  readonly attributes: Attributes
}

export interface RevealedSecret extends SecretVersion {
  readonly value: Secret<string>
}

export interface SecretChanges {
  readonly contentType?: string | undefined
  readonly tags?: Tags | undefined
  readonly attributes?: AttributeChanges | undefined
}

/**
 * The value of a secret. Its validity times are advice: Azure gives the value outside them too.
 * @throws Failure missing `SecretNotFound`; forbidden `SecretDisabled`
 */
export async function readSecret(call: Call, of: ObjectName): Promise<RevealedSecret> {
  const row = await readVersion(call.db, SECRETS, of)
  if (row.enabled !== 1) throw notAllowedWhenDisabled('secrets', 'get')
  const value = call.seal.open(row.value, sealContext(row)).toString('utf8')
  return { ...secretOf(row), value: new Secret(value) }
}

/** A secret without its value, disabled or not. @throws Failure missing `SecretNotFound` */
export async function describeSecret(call: Call, of: ObjectName): Promise<SecretVersion> {
  return secretOf(await readVersion(call.db, SECRETS, of))
}

export async function listSecrets(
  call: Call,
  from: { readonly vault: Vault } & PageRequest,
): Promise<Page<SecretVersion>> {
  return mapped(await listNewest(call, SECRETS, from), secretOf)
}

export async function listSecretVersions(
  call: Call,
  from: ObjectName & PageRequest,
): Promise<Page<SecretVersion>> {
  return mapped(await listVersions(call, SECRETS, from), secretOf)
}

/**
 * Writes the next version of a secret.
 * @throws Failure invalid `BadParameter` when the value is too long; conflict when the name is deleted
 */
export async function setSecret(
  tx: Transaction,
  asked: ObjectName & SecretChanges & { readonly value: Secret<string> },
): Promise<RevealedSecret> {
  const plain = Buffer.from(asked.value.reveal(), 'utf8')
  if (plain.length > LONGEST_SECRET_BYTES) {
    throw new Failure('invalid', 'BadParameter', 'Property  has invalid value\r\n')
  }
  const filed = await nextVersion(tx, SECRETS, asked)
  const row: SecretsTable = {
    ...filed,
    ...newColumns(tx.now, asked.attributes ?? {}),
    value: tx.seal.close(plain, sealContext(filed)),
    content_type: asked.contentType ?? null,
    tags: tagsColumn(asked.tags),
  }
  await insertSecret.run(tx.db, row)
  return { ...secretOf(row), value: asked.value }
}

/** Changes what is given of a version, or of the newest; the value never changes. */
export async function updateSecret(
  tx: Transaction,
  asked: ObjectName & SecretChanges,
): Promise<SecretVersion> {
  const before = await readVersion(tx.db, SECRETS, asked)
  const row: SecretsTable = {
    ...before,
    ...changedColumns(tx.now, asked.attributes ?? {}, before),
    content_type: asked.contentType ?? before.content_type,
    tags: asked.tags === undefined ? before.tags : tagsColumn(asked.tags),
  }
  await changeSecret.run(tx.db, row)
  return secretOf(row)
}

/** @throws Failure missing `SecretNotFound` */
export async function deleteSecret(
  tx: Transaction,
  of: ObjectName,
): Promise<Deleted<SecretVersion>> {
  return withSecret(await softDelete(tx, SECRETS, of))
}

/** @throws Failure missing `SecretNotFound` when the name is not deleted */
export async function readDeletedSecret(
  call: Call,
  of: ObjectName,
): Promise<Deleted<SecretVersion>> {
  return withSecret(await readDeleted(call.db, SECRETS, of))
}

export async function listDeletedSecrets(
  call: Call,
  from: { readonly vault: Vault } & PageRequest,
): Promise<Page<Deleted<SecretVersion>>> {
  return mapped(await listDeleted(call, SECRETS, from), withSecret)
}

/** @throws Failure missing `SecretNotFound` when the name is not deleted */
export async function recoverSecret(tx: Transaction, of: ObjectName): Promise<SecretVersion> {
  return secretOf(await recover(tx, SECRETS, of))
}

/** @throws Failure missing `SecretNotFound`; forbidden when the vault has purge protection */
export async function purgeSecret(tx: Transaction, of: ObjectName): Promise<void> {
  await purge(tx, SECRETS, of)
}

/** A value sealed for one version does not open for another. */
export function sealContext(filed: FiledAs): string {
  return `secret:${filed.vault_key}/${filed.name_key}/${filed.version}`
}

export function secretOf(row: SecretsTable): SecretVersion {
  return {
    name: row.name,
    version: row.version,
    contentType: row.content_type ?? undefined,
    tags: tagsOf(row.tags),
    attributes: attributesOf(row),
  }
}

function withSecret(deleted: Deleted<SecretsTable>): Deleted<SecretVersion> {
  return { ...deleted, item: secretOf(deleted.item) }
}

function mapped<From, To>(page: Page<From>, to: (item: From) => To): Page<To> {
  return { items: page.items.map(to), next: page.next }
}

export const insertSecret = statement<SecretsTable, unknown>((query, param) =>
  query.insertInto('secrets').values({
    vault_key: param('vault_key'),
    name_key: param('name_key'),
    name: param('name'),
    version: param('version'),
    value: param('value'),
    content_type: param('content_type'),
    tags: param('tags'),
    enabled: param('enabled'),
    not_before: param('not_before'),
    expires_at: param('expires_at'),
    created_at: param('created_at'),
    updated_at: param('updated_at'),
    sequence: param('sequence'),
  }),
)

const changeSecret = statement<SecretsTable, unknown>((query, param) =>
  query
    .updateTable('secrets')
    .set({
      content_type: param('content_type'),
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
