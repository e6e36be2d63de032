/**
 * Microsoft.ManagedIdentity: user-assigned identities with the foreign tokens they trust, and the
 * window on system-assigned ones.
 */
import type { Provider } from '../provider.ts'
import { federatedIdentityCredentials } from './federated-identity-credentials.ts'
import { systemIdentities } from './system-identities.ts'
import { userAssignedIdentities } from './user-assigned-identities.ts'

export const managedIdentityProvider: Provider = {
  namespace: 'Microsoft.ManagedIdentity',
  types: [systemIdentities, userAssignedIdentities, federatedIdentityCredentials],
}
