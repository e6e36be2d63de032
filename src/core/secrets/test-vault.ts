/** For tests: a vault with Azure's defaults. Nothing in the program imports this. */
import { parseResourceId } from '../../base/resource-id.ts'
import type { Vault } from './vault.ts'

const ID = parseResourceId(
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Lab/providers/Microsoft.KeyVault/vaults/kv1',
)

export function someVault(facts: Partial<Vault> = {}): Vault {
  return {
    key: ID.key,
    id: ID,
    name: 'kv1',
    location: 'westeurope',
    tenantId: '66666666-7777-8888-9999-000000000000',
    sku: 'standard',
    softDeleteRetentionDays: 90,
    purgeProtection: false,
    enableRbac: true,
    accessPolicies: [],
    publicAccess: 'open',
    ...facts,
  }
}
