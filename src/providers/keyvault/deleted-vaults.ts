/**
 * Deleted vaults: a row beside the subscription's other resources, with all that brings the vault
 * back. What the vault held stays where it is, and is forgotten only with this row.
 */
import { DAY_MS, type Instant, isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { listResources, resourcesNamed, resourcesOfType } from '../../core/resources/lists.ts'
import { beginOperation, finishOperations } from '../../core/resources/operations.ts'
import { findResource, type Resource, removeResource } from '../../core/resources/resource.ts'
import { forgetVault } from '../../core/secrets/deletion.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import type { KeptProperties } from './vault-properties.ts'
import { contentsOf } from './vault-settings.ts'

/** Lower case, as resources are filed. */
const DELETED_VAULT_TYPE = 'microsoft.keyvault/locations/deletedvaults'

export interface DeletedVault {
  readonly id: ResourceId
  readonly vaultId: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly properties: KeptProperties
  /** What its contents are filed under. */
  readonly contents: string
  readonly deletedAt: Instant
  readonly purgeAt: Instant
}

/** `…/locations/{l}/deletedVaults/{v}`. */
export const deletedVaults: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/locations/deletedVaults',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'subscription',
  async get(call, id) {
    return { status: 200, body: shown(await readDeletedVault(call, id)) }
  },
  actions: {
    async purge(tx, id) {
      const deleted = await readDeletedVault(tx, id)
      if (deleted.properties.enablePurgeProtection) {
        throw new Failure(
          'conflict',
          'MethodNotAllowed',
          "Operation 'DeletedVaultPurge' is not allowed.",
        )
      }
      await forgetDeletedVault(tx, deleted)
      // It is done, but clients look for an operation: what they would poll instead is gone.
      const operation = await beginOperation(tx, id)
      await finishOperations(tx, id.key)
      return { status: 202, operation }
    },
  },
}

/** `…/providers/Microsoft.KeyVault/deletedVaults`: all of a subscription. */
export const deletedVaultLists: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/deletedVaults',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'subscription',
  async list(call, scope) {
    const subscriptionId = scope.subscriptionId ?? ''
    const page = await listResources(call, { types: [DELETED_VAULT_TYPE], subscriptionId })
    const value = page.items.map((resource) => shown(readRow(resource)))
    return { status: 200, body: { value, nextLink: null } }
  },
}

/** The row that a vault leaves behind when it is deleted. */
export function deletedVaultOf(tx: Transaction, vault: Resource): Resource {
  const { id, location = '', tags, properties } = vault
  const days = (properties as unknown as KeptProperties).softDeleteRetentionInDays
  return {
    ...vault,
    id: parseResourceId(
      `/subscriptions/${id.subscriptionId}/providers/Microsoft.KeyVault/locations/${location}` +
        `/deletedVaults/${id.name}`,
    ),
    type: DELETED_VAULT_TYPE,
    properties: { vaultId: id.text, location, tags: tags ?? {} },
    state: {
      properties,
      contents: contentsOf(vault),
      deletedAt: tx.now,
      purgeAt: tx.now + days * DAY_MS,
    },
    version: 1,
    createdAt: tx.now,
    createdBy: callerObjectId(tx),
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
}

/** The deleted vault of that name, in whatever subscription; vault names are global. */
export async function findDeletedVault(
  call: Call,
  name: string,
): Promise<DeletedVault | undefined> {
  const [row] = await resourcesNamed(call, DELETED_VAULT_TYPE, name)
  return row && readRow(row)
}

/** Removes the row of a deleted vault that is being recovered; its contents stay. */
export async function takeBack(tx: Transaction, deleted: DeletedVault): Promise<void> {
  await removeResource(tx, deleted.id)
}

/** Forgets a deleted vault and all it held, for good. */
async function forgetDeletedVault(tx: Transaction, deleted: DeletedVault): Promise<void> {
  await removeResource(tx, deleted.id)
  await forgetVault(tx, deleted.contents)
}

/** Forgets the vaults that have been deleted for as long as they are kept. For a job. */
export async function purgeDueVaults(tx: Transaction): Promise<number> {
  const deleted = (await resourcesOfType(tx, DELETED_VAULT_TYPE)).map(readRow)
  const due = deleted.filter(({ purgeAt }) => purgeAt <= tx.now)
  for (const vault of due) await forgetDeletedVault(tx, vault)
  return due.length
}

async function readDeletedVault(call: Call, id: ResourceId): Promise<DeletedVault> {
  const row = await findResource(call, id)
  if (row) return readRow(row)
  throw new Failure(
    'missing',
    'DeletedVaultNotFound',
    `The specified deleted vault '${id.name}' does not exist.`,
  )
}

function readRow({ id, location = '', tags, properties, state }: Resource): DeletedVault {
  const vaultId = String(properties.vaultId)
  return {
    id,
    vaultId,
    location,
    tags,
    properties: state.properties as KeptProperties,
    // Those deleted before contents had a name of their own are filed under the vault's id.
    contents: typeof state.contents === 'string' ? state.contents : vaultId.toLowerCase(),
    deletedAt: state.deletedAt as Instant,
    purgeAt: state.purgeAt as Instant,
  }
}

function shown(deleted: DeletedVault): Record<string, unknown> {
  return {
    id: deleted.id.text,
    name: deleted.id.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: deleted.vaultId,
      location: deleted.location,
      tags: deleted.tags ?? {},
      deletionDate: isoSevenDigits(deleted.deletedAt),
      scheduledPurgeDate: isoSevenDigits(deleted.purgeAt),
      ...(deleted.properties.enablePurgeProtection && { purgeProtectionEnabled: true }),
    },
  }
}
