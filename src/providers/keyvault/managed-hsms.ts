/** Managed HSMs, deleted or not: there are none here, and clients that list vaults ask for them. */
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'

export const managedHsms: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/managedHSMs',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  list: async () => ({ status: 200, body: { value: [], nextLink: null } }),
}

export const deletedManagedHsms: DerivedType = {
  ...managedHsms,
  name: 'Microsoft.KeyVault/deletedManagedHSMs',
  place: 'subscription',
}
