/** Roles for key vaults: their management, and what is inside vaults that use role assignments. */
import type { BuiltInRoleRow } from './row.ts'

export const KEY_VAULT: readonly BuiltInRoleRow[] = [
  {
    name: 'Key Vault Administrator',
    id: '00482a5a-887f-4fb3-b363-3b7fe8e74483',
    description: 'Everything inside a vault: keys, secrets and certificates.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/checkNameAvailability/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/*/read',
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/operations/read',
        ],
        dataActions: ['Microsoft.KeyVault/vaults/*'],
      },
    ],
  },
  {
    name: 'Key Vault Certificate User',
    id: 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba',
    description: 'Reads certificates together with their secret and key.',
    permissions: [
      {
        dataActions: [
          'Microsoft.KeyVault/vaults/certificates/read',
          'Microsoft.KeyVault/vaults/secrets/getSecret/action',
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
          'Microsoft.KeyVault/vaults/keys/read',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Certificates Officer',
    id: 'a4417e6f-fecd-4de8-b567-7b0420556985',
    description: 'Everything with certificates but who may reach them.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/checkNameAvailability/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/*/read',
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/operations/read',
        ],
        dataActions: [
          'Microsoft.KeyVault/vaults/certificatecas/*',
          'Microsoft.KeyVault/vaults/certificates/*',
          'Microsoft.KeyVault/vaults/certificatecontacts/write',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Contributor',
    id: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
    description: 'Manages vaults, but reaches nothing inside them.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.KeyVault/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
        notActions: [
          'Microsoft.KeyVault/locations/deletedVaults/purge/action',
          'Microsoft.KeyVault/hsmPools/*',
          'Microsoft.KeyVault/managedHsms/*',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Crypto Officer',
    id: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
    description: 'Everything with keys but who may reach them.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/checkNameAvailability/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/*/read',
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/operations/read',
        ],
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/*',
          'Microsoft.KeyVault/vaults/keyrotationpolicies/*',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Crypto Service Encryption User',
    id: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    description:
      "Reads keys and wraps and unwraps with them: for services that encrypt with a customer's key.",
    permissions: [
      {
        actions: [
          'Microsoft.EventGrid/eventSubscriptions/write',
          'Microsoft.EventGrid/eventSubscriptions/read',
          'Microsoft.EventGrid/eventSubscriptions/delete',
        ],
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read',
          'Microsoft.KeyVault/vaults/keys/wrap/action',
          'Microsoft.KeyVault/vaults/keys/unwrap/action',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Crypto Service Release User',
    id: '08bbd89e-9f13-488c-ac41-acfcb10c90ab',
    description: 'Releases keys into attested environments.',
    permissions: [{ dataActions: ['Microsoft.KeyVault/vaults/keys/release/action'] }],
  },
  {
    name: 'Key Vault Crypto User',
    id: '12338af0-0e69-4776-bea7-57ae8d297424',
    description: 'Uses keys: sign, verify, encrypt, decrypt, wrap, unwrap.',
    permissions: [
      {
        dataActions: [
          'Microsoft.KeyVault/vaults/keys/read',
          'Microsoft.KeyVault/vaults/keys/update/action',
          'Microsoft.KeyVault/vaults/keys/backup/action',
          'Microsoft.KeyVault/vaults/keys/encrypt/action',
          'Microsoft.KeyVault/vaults/keys/decrypt/action',
          'Microsoft.KeyVault/vaults/keys/wrap/action',
          'Microsoft.KeyVault/vaults/keys/unwrap/action',
          'Microsoft.KeyVault/vaults/keys/sign/action',
          'Microsoft.KeyVault/vaults/keys/verify/action',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Data Access Administrator',
    id: '8b54135c-b56d-4d72-a534-26097cfdc8d8',
    description: 'Grants and revokes the data roles of key vaults, and no others.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/roleAssignments/write',
          'Microsoft.Authorization/roleAssignments/delete',
          'Microsoft.Authorization/*/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Resources/subscriptions/read',
          'Microsoft.Management/managementGroups/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/vaults/*/read',
        ],
        condition:
          "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-3b7fe8e74483, a4417e6f-fecd-4de8-b567-7b0420556985, 14b46e9e-c2b7-41b4-b07b-48a6ebf60603, e147488a-f6f5-4113-8e2d-b22465e65bf6, 12338af0-0e69-4776-bea7-57ae8d297424, 21090545-7ca7-4776-b22c-e363652d74d2, b86a8fe4-44ce-4948-aee5-eccb2c155cd7, 4633458b-17de-408a-b874-0445c86b69e6})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-3b7fe8e74483, a4417e6f-fecd-4de8-b567-7b0420556985, 14b46e9e-c2b7-41b4-b07b-48a6ebf60603, e147488a-f6f5-4113-8e2d-b22465e65bf6, 12338af0-0e69-4776-bea7-57ae8d297424, 21090545-7ca7-4776-b22c-e363652d74d2, b86a8fe4-44ce-4948-aee5-eccb2c155cd7, 4633458b-17de-408a-b874-0445c86b69e6}))",
        conditionVersion: '2.0',
      },
    ],
  },
  {
    name: 'Key Vault Purge Operator',
    id: 'a68e7c17-0ab2-4c09-9a58-125dae29748c',
    description: 'Purges deleted vaults for good.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/deletedVaults/read',
          'Microsoft.KeyVault/locations/deletedVaults/purge/action',
          'Microsoft.KeyVault/locations/operationResults/read',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Reader',
    id: '21090545-7ca7-4776-b22c-e363652d74d2',
    description: 'Sees vaults and what is in them, but neither secret values nor key material.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/checkNameAvailability/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/*/read',
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/operations/read',
        ],
        dataActions: [
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
        ],
      },
    ],
  },
  {
    name: 'Key Vault Secrets Officer',
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
    description: 'Everything with secrets but who may reach them.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
          'Microsoft.KeyVault/checkNameAvailability/read',
          'Microsoft.KeyVault/deletedVaults/read',
          'Microsoft.KeyVault/locations/*/read',
          'Microsoft.KeyVault/vaults/*/read',
          'Microsoft.KeyVault/operations/read',
        ],
        dataActions: ['Microsoft.KeyVault/vaults/secrets/*'],
      },
    ],
  },
  {
    name: 'Key Vault Secrets User',
    id: '4633458b-17de-408a-b874-0445c86b69e6',
    description: 'Reads the values of secrets.',
    permissions: [
      {
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action',
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
        ],
      },
    ],
  },
  {
    name: 'Managed HSM contributor',
    id: '18500a29-7fe2-46b2-a342-b16a415e101d',
    description: 'Manages managed HSM pools, but reaches nothing inside them.',
    permissions: [
      {
        actions: [
          'Microsoft.KeyVault/managedHSMs/*',
          'Microsoft.KeyVault/deletedManagedHsms/read',
          'Microsoft.KeyVault/locations/deletedManagedHsms/read',
          'Microsoft.KeyVault/locations/deletedManagedHsms/purge/action',
          'Microsoft.KeyVault/locations/managedHsmOperationResults/read',
        ],
      },
    ],
  },
]
