/** Roles for storage accounts and for the blobs, files, queues and tables in them. */
import type { BuiltInRoleRow } from './row.ts'

export const STORAGE: readonly BuiltInRoleRow[] = [
  {
    name: 'Storage Account Backup Contributor',
    id: 'e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1',
    description: 'Runs backups of storage accounts.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Authorization/locks/read',
          'Microsoft.Authorization/locks/write',
          'Microsoft.Authorization/locks/delete',
          'Microsoft.Features/features/read',
          'Microsoft.Features/providers/features/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/operations/read',
          'Microsoft.Storage/storageAccounts/objectReplicationPolicies/delete',
          'Microsoft.Storage/storageAccounts/objectReplicationPolicies/read',
          'Microsoft.Storage/storageAccounts/objectReplicationPolicies/write',
          'Microsoft.Storage/storageAccounts/objectReplicationPolicies/restorePointMarkers/write',
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/write',
          'Microsoft.Storage/storageAccounts/blobServices/read',
          'Microsoft.Storage/storageAccounts/blobServices/write',
          'Microsoft.Storage/storageAccounts/read',
          'Microsoft.Storage/storageAccounts/restoreBlobRanges/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Account Contributor',
    id: '17d1049b-9a84-46fb-8f53-869881c3d3ab',
    description: 'Manages storage accounts, their keys included.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Insights/diagnosticSettings/*',
          'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/storageAccounts/*',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Storage Account Encryption Scope Contributor Role',
    id: 'a316ed6d-1efe-48ac-ac08-f7995a9c26fb',
    description: 'Manages encryption scopes.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/encryptionScopes/read',
          'Microsoft.Storage/storageAccounts/encryptionScopes/write',
        ],
      },
    ],
  },
  {
    name: 'Storage Account Key Operator Service Role',
    id: '81a9662b-bebf-436f-a333-f67b29880f12',
    description: 'Lists account keys and makes new ones.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/listkeys/action',
          'Microsoft.Storage/storageAccounts/regeneratekey/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Actions Blob Data Operator',
    id: '4bad4d9e-2a13-4888-94bb-c8432f6f3040',
    description: 'Lets storage tasks work on blobs.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/write',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/runAsSuperUser/action',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/immutableStorage/runAsSuperUser/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Actions Contributor',
    id: 'bd8acdb0-202c-4493-a7fe-ef98eefbfbc4',
    description: 'Manages storage tasks.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.StorageActions/storageTasks/read',
          'Microsoft.StorageActions/storageTasks/write',
          'Microsoft.StorageActions/storageTasks/delete',
          'Microsoft.StorageActions/storageTasks/storageTaskAssignments/read',
          'Microsoft.StorageActions/storageTasks/reports/read',
          'Microsoft.StorageActions/locations/previewActions/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Actions Task Assignment Contributor',
    id: '77789c21-1643-48a2-8f27-47f858540b51',
    description: 'Assigns storage tasks to accounts.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/storageAccounts/reports/read',
          'Microsoft.Storage/storageAccounts/read',
          'Microsoft.Storage/storageAccounts/blobServices/read',
          'Microsoft.Storage/storageAccounts/storageTaskAssignments/read',
          'Microsoft.Storage/storageAccounts/storageTaskAssignments/write',
          'Microsoft.Storage/storageAccounts/storageTaskAssignments/delete',
          'Microsoft.Storage/storageAccounts/storageTaskAssignments/reports/read',
        ],
      },
      {
        actions: [
          'Microsoft.Authorization/roleAssignments/write',
          'Microsoft.Authorization/roleAssignments/delete',
        ],
        condition:
          "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{4bad4d9e2a13488894bbc8432f6f3040})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{4bad4d9e2a13488894bbc8432f6f3040}))",
        conditionVersion: '2.0',
      },
    ],
  },
  {
    name: 'Storage Blob Data Contributor',
    id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    description: 'Reads, writes and deletes blobs and containers.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/delete',
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/write',
          'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Blob Data Owner',
    id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    description: 'Everything with blobs and containers, POSIX access control included.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/*',
          'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
        ],
        dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'],
      },
    ],
  },
  {
    name: 'Storage Blob Data Reader',
    id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    description: 'Reads and lists blobs and containers.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
        ],
        dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
      },
    ],
  },
  {
    name: 'Storage Blob Delegator',
    id: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a',
    description: 'Gets a user delegation key, to sign shared access with.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Connector Contributor',
    id: '9d819e60-1b9f-4871-b492-4e6cdee0b50a',
    description: 'Manages storage connectors.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/storageAccounts/read',
          'Microsoft.Storage/storageAccounts/listServiceSas/action',
          'Microsoft.Storage/storageAccounts/blobServices/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/write',
          'Microsoft.Storage/locations/DataManagementRPOperationStatuses/read',
          'Microsoft.Storage/locations/DataManagementRPOperationStatuses/write',
          'Microsoft.Storage/storageAccounts/connectors/read',
          'Microsoft.Storage/storageAccounts/connectors/delete',
          'Microsoft.Storage/storageAccounts/connectors/write',
          'Microsoft.Storage/storageAccounts/connectors/testExistingConnection/action',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
        ],
      },
    ],
  },
  {
    name: 'Storage DataShare Contributor',
    id: '35c49d44-ccc1-4b18-8267-cfb3bacdd396',
    description: 'Manages shares of storage data.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Storage/storageAccounts/read',
          'Microsoft.Storage/storageAccounts/listServiceSas/action',
          'Microsoft.Storage/storageAccounts/blobServices/read',
          'Microsoft.Storage/storageAccounts/blobServices/containers/read',
          'Microsoft.Storage/locations/DataManagementRPOperationStatuses/read',
          'Microsoft.Storage/locations/DataManagementRPOperationStatuses/write',
          'Microsoft.Storage/storageAccounts/dataShares/read',
          'Microsoft.Storage/storageAccounts/dataShares/delete',
          'Microsoft.Storage/storageAccounts/dataShares/write',
        ],
        dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
      },
    ],
  },
  {
    name: 'Storage File Backup Contributor',
    id: 'c8a487a2-c85b-4487-83a1-9f04cde10293',
    description: 'Runs backups of file shares.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Authorization/locks/delete',
          'Microsoft.Authorization/locks/write',
          'Microsoft.Storage/storageAccounts/fileServices/read',
          'Microsoft.Storage/storageAccounts/fileServices/shares/delete',
          'Microsoft.Storage/storageAccounts/fileServices/shares/lease/action',
          'Microsoft.Storage/storageAccounts/fileServices/shares/read',
          'Microsoft.Storage/storageAccounts/fileServices/shares/write',
          'Microsoft.Storage/storageAccounts/fileServices/write',
          'Microsoft.Storage/storageAccounts/read',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data Privileged Contributor',
    id: '69566ab7-960f-475b-8e7c-b3118f30c6bd',
    description:
      'Reads, writes and deletes files and their access lists, whatever those lists say.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action',
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data Privileged Reader',
    id: 'b8eda974-7b85-4f76-af95-65846b26df6d',
    description: 'Reads files, whatever their access lists say.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data SMB Admin',
    id: 'bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b',
    description: 'Administers file shares over SMB.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action',
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data SMB MI Admin',
    id: 'a235d3ee-5935-4cfb-8cc5-a3303ad5995e',
    description: 'Administers file shares over SMB, for managed identities.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action',
          'Microsoft.Storage/storageAccounts/fileServices/runAsBuiltInFileAdministrator/action',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data SMB Share Contributor',
    id: '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb',
    description: 'Reads, writes and deletes files over SMB.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data SMB Share Elevated Contributor',
    id: 'a7264617-510b-434b-a828-9731dc254ea7',
    description: 'Reads, writes and deletes files and their access lists over SMB.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
          'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Data SMB Share Reader',
    id: 'aba4ae5f-2193-4029-9191-0cb91df5e314',
    description: 'Reads files over SMB.',
    permissions: [
      { dataActions: ['Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read'] },
    ],
  },
  {
    name: 'Storage File Data SMB Take Ownership',
    id: '5d9bac3f-34b2-432f-bde5-78aa8e73ce6b',
    description: 'Takes the ownership of files over SMB.',
    permissions: [
      { dataActions: ['Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action'] },
    ],
  },
  {
    name: 'Storage File Delegator',
    id: '765a04e0-5de8-4bb2-9bf6-b2a30bc03e91',
    description: 'Gets a user delegation key for files.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/fileServices/generateUserDelegationKey/action',
        ],
      },
    ],
  },
  {
    name: 'Storage File Restore Contributor',
    id: 'e7a9e73d-4397-41f2-a282-af8b65aaa2dc',
    description: 'Restores file shares from backup.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Storage/storageAccounts/fileServices/shares/read',
          'Microsoft.Storage/storageAccounts/read',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/delete',
          'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/modifypermissions/action',
          'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/read',
          'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/write',
          'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
          'Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Queue Data Contributor',
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    description: 'Reads, writes and deletes queues and messages.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/queueServices/queues/delete',
          'Microsoft.Storage/storageAccounts/queueServices/queues/read',
          'Microsoft.Storage/storageAccounts/queueServices/queues/write',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete',
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/write',
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Queue Data Message Processor',
    id: '8a0f0c08-91a1-4084-bc3d-661d67233fed',
    description: 'Peeks at, receives and deletes messages.',
    permissions: [
      {
        dataActions: [
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
          'Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Queue Data Message Sender',
    id: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
    description: 'Adds messages to queues.',
    permissions: [
      {
        dataActions: ['Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action'],
      },
    ],
  },
  {
    name: 'Storage Queue Data Reader',
    id: '19e7f393-937e-4f77-808e-94535e297925',
    description: 'Reads and lists queues and messages.',
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/queueServices/queues/read'],
        dataActions: ['Microsoft.Storage/storageAccounts/queueServices/queues/messages/read'],
      },
    ],
  },
  {
    name: 'Storage Queue Delegator',
    id: '7ee386e9-84f0-448e-80a6-f185f6533131',
    description: 'Gets a user delegation key for queues.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/queueServices/generateUserDelegationKey/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Table Data Contributor',
    id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    description: 'Reads, writes and deletes tables and entities.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/read',
          'Microsoft.Storage/storageAccounts/tableServices/tables/write',
          'Microsoft.Storage/storageAccounts/tableServices/tables/delete',
        ],
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/write',
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete',
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action',
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/update/action',
        ],
      },
    ],
  },
  {
    name: 'Storage Table Data Reader',
    id: '76199698-9eea-4c19-bc75-cec21354c6b6',
    description: 'Reads tables and entities.',
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/tableServices/tables/read'],
        dataActions: ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'],
      },
    ],
  },
  {
    name: 'Storage Table Delegator',
    id: '965033a5-c8eb-4f35-b82f-fef460a3606d',
    description: 'Gets a user delegation key for tables.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/tableServices/generateUserDelegationKey/action',
        ],
      },
    ],
  },
  {
    name: 'Reader and Data Access',
    id: 'c12c1c16-33a1-487b-954d-41c89c60f349',
    description: 'Sees everything and gets account keys, and with them all data.',
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/listKeys/action',
          'Microsoft.Storage/storageAccounts/ListAccountSas/action',
          'Microsoft.Storage/storageAccounts/read',
        ],
      },
    ],
  },
  {
    name: 'Classic Storage Account Contributor',
    id: '86e8f5dc-a6e9-4c67-9d15-de283e8eac25',
    description: 'Manages classic storage accounts.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.ClassicStorage/storageAccounts/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.ResourceHealth/availabilityStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Classic Storage Account Key Operator Service Role',
    id: '985d6b00-f706-48f5-a6fe-d0ca12fb668d',
    description: 'Lists the keys of classic storage accounts and makes new ones.',
    permissions: [
      {
        actions: [
          'Microsoft.ClassicStorage/storageAccounts/listkeys/action',
          'Microsoft.ClassicStorage/storageAccounts/regeneratekey/action',
        ],
      },
    ],
  },
]
