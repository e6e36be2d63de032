/**
 * Microsoft.KeyVault: the vault as a resource, its access policies, and vaults that are deleted but
 * can be recovered. What a vault holds is not here: core/secrets has the rules of that, and the
 * vault plane is its door, which asks this folder only for a vault's settings.
 */
import type { Provider } from '../provider.ts'
import { accessPolicyChanges } from './access-policy-changes.ts'
import { deletedVaultLists, deletedVaults } from './deleted-vaults.ts'
import { deletedManagedHsms, managedHsmNames, managedHsms } from './managed-hsms.ts'
import { nameAvailability } from './name-availability.ts'
import { vaultPrivateEndpoints, vaultPrivateLinks } from './private-endpoints.ts'
import { vaultKeys, vaultKeyVersions } from './vault-keys.ts'
import { vaultSecrets } from './vault-secrets.ts'
import { vaults } from './vaults.ts'

export const keyVaultProvider: Provider = {
  namespace: 'Microsoft.KeyVault',
  types: [
    vaults,
    accessPolicyChanges,
    vaultSecrets,
    vaultKeys,
    vaultKeyVersions,
    deletedVaults,
    deletedVaultLists,
    nameAvailability,
    vaultPrivateEndpoints,
    vaultPrivateLinks,
    managedHsms,
    managedHsmNames,
    deletedManagedHsms,
  ],
}
