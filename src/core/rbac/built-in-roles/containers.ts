/** Roles for container registries and Kubernetes. */
import type { BuiltInRoleRow } from './row.ts'

export const CONTAINERS: readonly BuiltInRoleRow[] = [
  {
    name: 'AcrDelete',
    id: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11',
    description: 'Deletes images and tags from a registry.',
    permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/artifacts/delete'] }],
  },
  {
    name: 'AcrImageSigner',
    id: '6cef56e8-d556-48e5-a04f-b8e64114680f',
    description: 'Signs images of a registry with content trust.',
    permissions: [
      {
        actions: ['Microsoft.ContainerRegistry/registries/sign/write'],
        dataActions: ['Microsoft.ContainerRegistry/registries/trustedCollections/write'],
      },
    ],
  },
  {
    name: 'AcrPull',
    id: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    description: 'Pulls images from a registry.',
    permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }],
  },
  {
    name: 'AcrPush',
    id: '8311e382-0749-4cb8-b61a-304f252e45ec',
    description: 'Pushes images to a registry and pulls them.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/pull/read',
          'Microsoft.ContainerRegistry/registries/push/write',
        ],
      },
    ],
  },
  {
    name: 'AcrQuarantineReader',
    id: 'cdda3590-29a3-44f6-95f2-9f980659eb04',
    description: 'Pulls images that are in quarantine.',
    permissions: [
      {
        actions: ['Microsoft.ContainerRegistry/registries/quarantine/read'],
        dataActions: ['Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read'],
      },
    ],
  },
  {
    name: 'AcrQuarantineWriter',
    id: 'c8d4ff99-41c3-41a8-9f60-21dfdad59608',
    description: 'Pushes images into quarantine and pulls them from it.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/quarantine/read',
          'Microsoft.ContainerRegistry/registries/quarantine/write',
        ],
        dataActions: [
          'Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read',
          'Microsoft.ContainerRegistry/registries/quarantinedArtifacts/write',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Cache Rule Administrator',
    id: 'df87f177-bb12-4db1-9793-a413691eff94',
    description: 'Manages the cache rules of registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/cacheRules/read',
          'Microsoft.ContainerRegistry/registries/cacheRules/write',
          'Microsoft.ContainerRegistry/registries/cacheRules/delete',
          'Microsoft.ContainerRegistry/registries/cacheRules/operationStatuses/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Cache Rule Reader',
    id: 'c357b964-0002-4b64-a50d-7a28f02edc52',
    description: 'Sees the cache rules of registries.',
    permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/cacheRules/read'] }],
  },
  {
    name: 'Container Registry Configuration Reader and Data Access Configuration Reader',
    id: '69b07be0-09bf-439a-b9a6-e73de851bd59',
    description: 'Sees how registries and access to their data are set up.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/read',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/read',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/listCredentials/action',
          'Microsoft.ContainerRegistry/registries/tokens/read',
          'Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/webhooks/read',
          'Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action',
          'Microsoft.ContainerRegistry/registries/webhooks/listEvents/action',
          'Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/replications/read',
          'Microsoft.ContainerRegistry/registries/replications/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read',
          'Microsoft.Insights/AlertRules/Write',
          'Microsoft.Insights/AlertRules/Delete',
          'Microsoft.Insights/AlertRules/Read',
          'Microsoft.Insights/AlertRules/Activated/Action',
          'Microsoft.Insights/AlertRules/Resolved/Action',
          'Microsoft.Insights/AlertRules/Throttled/Action',
          'Microsoft.Insights/AlertRules/Incidents/Read',
          'Microsoft.Resources/deployments/read',
          'Microsoft.Resources/deployments/*/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read',
          'Microsoft.Network/virtualNetworks/read',
          'Microsoft.Network/virtualNetworks/subnets/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Connected Registry Administrator',
    id: '281928aa-9782-4d9a-954a-3f34c1ed9f95',
    description: 'Manages connected registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/write',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/delete',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/deactivate/action',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/resync/action',
          'Microsoft.ContainerRegistry/registries/scopeMaps/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/write',
          'Microsoft.ContainerRegistry/registries/scopeMaps/delete',
          'Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/tokens/read',
          'Microsoft.ContainerRegistry/registries/tokens/write',
          'Microsoft.ContainerRegistry/registries/tokens/delete',
          'Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/generateCredentials/action',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Connected Registry Reader',
    id: '93f83a62-9a8b-4821-9827-5b3ee513aec3',
    description: 'Sees connected registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/tokens/read',
          'Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Contributor and Data Access Configuration Administrator',
    id: '3bc748fc-213d-45c1-8d91-9da5725539b9',
    description: 'Manages registries and sets up access to their data.',
    permissions: [
      {
        actions: [
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.ContainerRegistry/registries/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/read',
          'Microsoft.ContainerRegistry/registries/write',
          'Microsoft.ContainerRegistry/registries/delete',
          'Microsoft.ContainerRegistry/registries/listCredentials/action',
          'Microsoft.ContainerRegistry/registries/regenerateCredential/action',
          'Microsoft.ContainerRegistry/registries/generateCredentials/action',
          'Microsoft.ContainerRegistry/registries/replications/read',
          'Microsoft.ContainerRegistry/registries/replications/write',
          'Microsoft.ContainerRegistry/registries/replications/delete',
          'Microsoft.ContainerRegistry/registries/replications/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/read',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/delete',
          'Microsoft.ContainerRegistry/registries/privateEndpointConnections/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/tokens/read',
          'Microsoft.ContainerRegistry/registries/tokens/write',
          'Microsoft.ContainerRegistry/registries/tokens/delete',
          'Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/read',
          'Microsoft.ContainerRegistry/registries/scopeMaps/write',
          'Microsoft.ContainerRegistry/registries/scopeMaps/delete',
          'Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read',
          'Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Authorization/*/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/read',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/write',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/delete',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/deactivate/action',
          'Microsoft.ContainerRegistry/registries/connectedRegistries/resync/action',
          'Microsoft.ContainerRegistry/registries/webhooks/read',
          'Microsoft.ContainerRegistry/registries/webhooks/write',
          'Microsoft.ContainerRegistry/registries/webhooks/delete',
          'Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action',
          'Microsoft.ContainerRegistry/registries/webhooks/ping/action',
          'Microsoft.ContainerRegistry/registries/webhooks/listEvents/action',
          'Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read',
          'Microsoft.Insights/AlertRules/Write',
          'Microsoft.Insights/AlertRules/Delete',
          'Microsoft.Insights/AlertRules/Read',
          'Microsoft.Insights/AlertRules/Activated/Action',
          'Microsoft.Insights/AlertRules/Resolved/Action',
          'Microsoft.Insights/AlertRules/Throttled/Action',
          'Microsoft.Insights/AlertRules/Incidents/Read',
          'Microsoft.ContainerRegistry/locations/operationResults/read',
          'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
          'Microsoft.Network/virtualNetworks/subnets/read',
          'Microsoft.Network/virtualNetworks/subnets/write',
          'Microsoft.Network/virtualNetworks/read',
          'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write',
          'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read',
          'Microsoft.Network/privateEndpoints/privateLinkServiceProxies/delete',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Credential Set Administrator',
    id: 'f094fb07-0703-4400-ad6a-e16dd8000e14',
    description: 'Manages the credential sets of registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/credentialSets/read',
          'Microsoft.ContainerRegistry/registries/credentialSets/write',
          'Microsoft.ContainerRegistry/registries/credentialSets/delete',
          'Microsoft.ContainerRegistry/registries/credentialSets/operationStatuses/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Credential Set Reader',
    id: '29093635-9924-4f2c-913b-650a12949526',
    description: 'Sees the credential sets of registries.',
    permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/credentialSets/read'] }],
  },
  {
    name: 'Container Registry Data Importer and Data Reader',
    id: '577a9874-89fd-4f24-9dbd-b5034d0ad23a',
    description: 'Imports images into a registry and reads its data.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/importImage/action',
          'Microsoft.ContainerRegistry/registries/read',
          'Microsoft.ContainerRegistry/registries/pull/read',
        ],
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
          'Microsoft.ContainerRegistry/registries/catalog/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Repository Catalog Lister',
    id: 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    description: 'Lists the repositories of a registry.',
    permissions: [{ dataActions: ['Microsoft.ContainerRegistry/registries/catalog/read'] }],
  },
  {
    name: 'Container Registry Repository Contributor',
    id: '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    description: 'Reads, writes and deletes in repositories.',
    permissions: [
      {
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
          'Microsoft.ContainerRegistry/registries/repositories/metadata/write',
          'Microsoft.ContainerRegistry/registries/repositories/content/write',
          'Microsoft.ContainerRegistry/registries/repositories/metadata/delete',
          'Microsoft.ContainerRegistry/registries/repositories/content/delete',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Repository Reader',
    id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    description: 'Reads from repositories.',
    permissions: [
      {
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Repository Writer',
    id: '2a1e307c-b015-4ebd-883e-5b7698a07328',
    description: 'Reads from repositories and writes to them.',
    permissions: [
      {
        dataActions: [
          'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
          'Microsoft.ContainerRegistry/registries/repositories/content/read',
          'Microsoft.ContainerRegistry/registries/repositories/metadata/write',
          'Microsoft.ContainerRegistry/registries/repositories/content/write',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Tasks Contributor',
    id: 'fb382eab-e894-4461-af04-94435c366c3f',
    description: 'Manages the tasks of registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/agentpools/read',
          'Microsoft.ContainerRegistry/registries/agentpools/write',
          'Microsoft.ContainerRegistry/registries/agentpools/delete',
          'Microsoft.ContainerRegistry/registries/agentpools/listQueueStatus/action',
          'Microsoft.ContainerRegistry/registries/agentpools/operationResults/status/read',
          'Microsoft.ContainerRegistry/registries/agentpools/operationStatuses/read',
          'Microsoft.ContainerRegistry/registries/tasks/read',
          'Microsoft.ContainerRegistry/registries/tasks/write',
          'Microsoft.ContainerRegistry/registries/tasks/delete',
          'Microsoft.ContainerRegistry/registries/tasks/listDetails/action',
          'Microsoft.ContainerRegistry/registries/scheduleRun/action',
          'Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action',
          'Microsoft.ContainerRegistry/registries/runs/read',
          'Microsoft.ContainerRegistry/registries/runs/write',
          'Microsoft.ContainerRegistry/registries/runs/listLogSasUrl/action',
          'Microsoft.ContainerRegistry/registries/runs/cancel/action',
          'Microsoft.ContainerRegistry/registries/taskruns/read',
          'Microsoft.ContainerRegistry/registries/taskruns/write',
          'Microsoft.ContainerRegistry/registries/taskruns/delete',
          'Microsoft.ContainerRegistry/registries/taskruns/listDetails/action',
          'Microsoft.ContainerRegistry/registries/taskruns/operationStatuses/read',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.ContainerRegistry/registries/read',
        ],
      },
    ],
  },
  {
    name: 'Container Registry Transfer Pipeline Contributor',
    id: 'bf94e731-3a51-4a7c-8c54-a1ab9971dfc1',
    description: 'Manages the transfer pipelines of registries.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerRegistry/registries/exportPipelines/read',
          'Microsoft.ContainerRegistry/registries/exportPipelines/write',
          'Microsoft.ContainerRegistry/registries/exportPipelines/delete',
          'Microsoft.ContainerRegistry/registries/importPipelines/read',
          'Microsoft.ContainerRegistry/registries/importPipelines/write',
          'Microsoft.ContainerRegistry/registries/importPipelines/delete',
          'Microsoft.ContainerRegistry/registries/pipelineRuns/read',
          'Microsoft.ContainerRegistry/registries/pipelineRuns/write',
          'Microsoft.ContainerRegistry/registries/pipelineRuns/delete',
          'Microsoft.ContainerRegistry/registries/pipelineRuns/operationStatuses/read',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service Cluster Admin Role',
    id: '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8',
    description: "Gets the administrator's credential of clusters.",
    permissions: [
      {
        actions: [
          'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
          'Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action',
          'Microsoft.ContainerService/managedClusters/read',
          'Microsoft.ContainerService/managedClusters/runcommand/action',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service Cluster Monitoring User',
    id: '1afdec4b-e479-420e-99e7-f82237c7c5e6',
    description: 'Gets the monitoring credential of clusters.',
    permissions: [
      {
        actions: [
          'Microsoft.ContainerService/managedClusters/listClusterMonitoringUserCredential/action',
          'Microsoft.ContainerService/managedClusters/read',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service Cluster User Role',
    id: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
    description: "Gets the user's credential of clusters.",
    permissions: [
      {
        actions: [
          'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
          'Microsoft.ContainerService/managedClusters/read',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service Contributor Role',
    id: 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8',
    description: 'Manages clusters.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.ContainerService/locations/*',
          'Microsoft.ContainerService/managedClusters/*',
          'Microsoft.ContainerService/managedclustersnapshots/*',
          'Microsoft.ContainerService/snapshots/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.ContainerService/deploymentSafeguards/*',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service RBAC Admin',
    id: '3498e952-d568-435e-9b2c-8d77e338d7f7',
    description: 'Everything in a namespace but quotas and the namespace itself.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Resources/subscriptions/operationresults/read',
          'Microsoft.Resources/subscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
        ],
        dataActions: ['Microsoft.ContainerService/managedClusters/*'],
        notDataActions: [
          'Microsoft.ContainerService/managedClusters/resourcequotas/write',
          'Microsoft.ContainerService/managedClusters/resourcequotas/delete',
          'Microsoft.ContainerService/managedClusters/namespaces/write',
          'Microsoft.ContainerService/managedClusters/namespaces/delete',
        ],
      },
    ],
  },
  {
    name: 'Azure Kubernetes Service RBAC Cluster Admin',
    id: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
    description: 'Everything in a cluster.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Resources/subscriptions/operationresults/read',
          'Microsoft.Resources/subscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
        ],
        dataActions: ['Microsoft.ContainerService/managedClusters/*'],
      },
    ],
  },
  {
    name: 'Kubernetes Cluster - Azure Arc Onboarding',
    id: '34e09817-6cbe-4d01-b1a2-e0eac5743d41',
    description: 'Connects clusters from outside Azure.',
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/*/read',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/write',
          'Microsoft.Resources/subscriptions/operationresults/read',
          'Microsoft.Resources/subscriptions/read',
          'Microsoft.Resources/subscriptions/resourceGroups/read',
          'Microsoft.Kubernetes/connectedClusters/Write',
          'Microsoft.Kubernetes/connectedClusters/read',
          'Microsoft.KubernetesConfiguration/extensions/write',
          'Microsoft.KubernetesConfiguration/extensions/read',
          'Microsoft.KubernetesConfiguration/extensions/delete',
          'Microsoft.KubernetesConfiguration/extensions/operations/read',
          'Microsoft.Support/*',
        ],
      },
    ],
  },
]
