/**
 * Microsoft.ManagedIdentity: user-assigned identities, and the window on system-assigned ones.
 */
import type { Provider } from '../provider.ts'
import { systemIdentities } from './system-identities.ts'
import { userAssignedIdentities } from './user-assigned-identities.ts'

export const managedIdentityProvider: Provider = {
  namespace: 'Microsoft.ManagedIdentity',
  types: [systemIdentities, userAssignedIdentities],
}
