/**
 * The settings of vaults by name, for whoever opens one by its host name: kept in memory, since
 * every request for a secret asks, and true after each commit.
 */

import type { Call } from '../../core/call.ts'
import { resourcesOfType } from '../../core/resources/lists.ts'
import { type Resource, watchResources } from '../../core/resources/resource.ts'
import type { AccessPolicy } from '../../core/secrets/access-policies.ts'
import { LONGEST_RETENTION_DAYS, type Vault } from '../../core/secrets/vault.ts'
import { cached } from '../../store/cache.ts'
import { publicAccessOf } from './vault-network.ts'

export const VAULT_TYPE = 'microsoft.keyvault/vaults'

const VAULT_KEY = /\/providers\/microsoft\.keyvault\/vaults\/([^/]+)$/

const settings = cached(async (db) => {
  const all = await resourcesOfType({ db }, VAULT_TYPE)
  return new Map(all.map((resource) => [resource.id.name.toLowerCase(), vaultOf(resource)]))
})

watchResources((tx, key, resource) => {
  const name = VAULT_KEY.exec(key)?.[1]
  if (name === undefined) return
  const vault = resource && vaultOf(resource)
  tx.db.afterCommit(() =>
    settings.apply(tx.db.database, (all) => {
      if (vault) all.set(name, vault)
      else all.delete(name)
    }),
  )
})

/** The vault of that name, whatever its casing; names are unique in all subscriptions. */
export async function findVault(call: Call, name: string): Promise<Vault | undefined> {
  return (await settings.get(call.db)).get(name.toLowerCase())
}

export async function allVaults(call: Call): Promise<Vault[]> {
  return [...(await settings.get(call.db)).values()]
}

/** The vault of a name where nothing can be waited for; undefined also when nothing was asked before. */
export function peekVault(call: Call, name: string): Vault | undefined {
  return settings.peek(call.db.database)?.get(name.toLowerCase())
}

/**
 * What a vault's contents are filed under: drawn when it is made, and kept wherever it moves. Vaults
 * that are older than this are filed under the id that they had then.
 */
export function contentsOf({ id, state }: Resource): string {
  return typeof state.contents === 'string' ? state.contents : id.key
}

/** What a vault's objects depend on, from its resource. */
export function vaultOf(resource: Resource): Vault {
  const { id, location, properties } = resource
  const sku = properties.sku as { name: Vault['sku'] } | undefined
  return {
    key: contentsOf(resource),
    id,
    name: id.name,
    location: location ?? '',
    tenantId: String(properties.tenantId),
    sku: sku?.name ?? 'standard',
    softDeleteRetentionDays: Number(properties.softDeleteRetentionInDays ?? LONGEST_RETENTION_DAYS),
    purgeProtection: properties.enablePurgeProtection === true,
    enableRbac: properties.enableRbacAuthorization === true,
    accessPolicies: (properties.accessPolicies ?? []) as readonly AccessPolicy[],
    publicAccess: publicAccessOf(properties),
  }
}
