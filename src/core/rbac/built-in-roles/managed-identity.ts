/** Roles for user-assigned managed identities. */
import type { BuiltInRoleRow } from './row.ts'

export const MANAGED_IDENTITY: readonly BuiltInRoleRow[] = [
  {
    name: 'Managed Identity Contributor',
    id: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    description: 'Makes, changes and removes user-assigned identities.',
    permissions: [
      {
        actions: [
          'Microsoft.ManagedIdentity/userAssignedIdentities/read',
          'Microsoft.ManagedIdentity/userAssignedIdentities/write',
          'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete',
          'Microsoft.ManagedIdentity/userAssignedIdentities/revokeTokens/action',
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Managed Identity Operator',
    id: 'f1a07417-d97a-45cb-824c-7a7467783830',
    description: 'Sees user-assigned identities and attaches them to resources.',
    permissions: [
      {
        actions: [
          'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
          'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Managed Identity Federated Identity Credential Contributor',
    id: '7e559ce2-48d7-4b27-9128-fa1b247f1308',
    description: 'Writes the federated credentials of user-assigned identities.',
    permissions: [
      {
        actions: [
          'Microsoft.ManagedIdentity/userAssignedIdentities/read',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
          'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete',
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Resources/deployments/*',
        ],
      },
    ],
  },
]
