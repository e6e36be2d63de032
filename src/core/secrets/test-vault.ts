/** For tests: a vault with Azure's defaults. Nothing in the program imports this. */
import type { Vault } from './vault.ts'

const ID =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Lab/providers/Microsoft.KeyVault/vaults/kv1'

export function someVault(facts: Partial<Vault> = {}): Vault {
  return {
    key: ID.toLowerCase(),
    id: ID,
    name: 'kv1',
    location: 'westeurope',
    tenantId: '66666666-7777-8888-9999-000000000000',
    sku: 'standard',
    softDeleteRetentionDays: 90,
    purgeProtection: false,
    enableRbac: true,
    accessPolicies: [],
    ...facts,
  }
}
