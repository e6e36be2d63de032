/**
 * What a key vault holds: versions of secrets and keys, and the names that are deleted but can
 * still be recovered.
 *
 * This room keeps the objects and their rules: names, versions, attributes, soft delete, what a key
 * may be used for. It is not the vault resource, which Resource Manager keeps and which arrives here
 * as a `Vault` value, and it does not decide who may do what, apart from the pure reading of a
 * vault's access policies. It knows no sibling.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { AccessPolicy } from './access-policies.ts'

/** The settings of a vault that its objects depend on. */
export interface Vault {
  /** What its objects are filed and sealed under: stays when the vault moves and its id changes. */
  readonly key: string
  readonly id: ResourceId
  readonly name: string
  readonly location: string
  readonly tenantId: string
  readonly sku: 'standard' | 'premium'
  readonly softDeleteRetentionDays: number
  readonly purgeProtection: boolean
  /** Whether role assignments decide; if not, access policies do. Never both. */
  readonly enableRbac: boolean
  readonly accessPolicies: readonly AccessPolicy[]
  /** Whom its public address lets in: callers, or nobody, for one of two reasons. */
  readonly publicAccess: 'open' | 'disabled' | 'denied'
}

export const LONGEST_RETENTION_DAYS = 90
export const SHORTEST_RETENTION_DAYS = 7

const OBJECT_NAME = /^[0-9A-Za-z-]{1,127}$/

/** The name by which an object is filed: names compare case-insensitively, but keep their casing. */
export function nameKey(name: string): string {
  if (!OBJECT_NAME.test(name)) {
    throw new Failure(
      'invalid',
      'BadParameter',
      `The request URI contains an invalid name: ${name}`,
    )
  }
  return name.toLowerCase()
}

export interface Recovery {
  readonly recoveryLevel: string
  readonly recoverableDays: number
}

/** How a vault's deleted objects can be had back, in the words of their attributes. */
export function recoveryOf(vault: Vault): Recovery {
  const customized = vault.softDeleteRetentionDays === LONGEST_RETENTION_DAYS ? '' : 'Customized'
  const purgeable = vault.purgeProtection ? '' : '+Purgeable'
  return {
    recoveryLevel: `${customized}Recoverable${purgeable}`,
    recoverableDays: vault.softDeleteRetentionDays,
  }
}
