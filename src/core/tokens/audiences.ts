/**
 * The resources that Microsoft itself runs, by the names under which tokens for them are asked.
 *
 * A token is issued only for a resource somebody has registered: one of these, or an application of
 * the tenant. Anything else is a spelling mistake, and Azure says so.
 */
import type { Names } from '../../base/names.ts'

interface FirstPartyResource {
  readonly name: string
  readonly clientId?: string
  /** Without a slash at the end. */
  readonly uris: readonly string[]
  /** Each account is a resource of its own as well: `https://{account}` and one of these. */
  readonly accountSuffixes?: readonly string[]
}

/** What issues and takes tokens that stand in for credentials; its tokens are of version 2. */
export const TOKEN_EXCHANGE = 'Workload identity token exchange'
export const TOKEN_EXCHANGE_CLIENT_ID = 'fb60f99c-7a34-4190-8149-302f77469936'

const FIRST_PARTY: readonly FirstPartyResource[] = [
  {
    name: 'Azure Resource Manager',
    clientId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    uris: ['https://management.azure.com', 'https://management.core.windows.net'],
  },
  {
    name: 'Azure Key Vault',
    clientId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
    uris: ['https://vault.azure.net'],
  },
  { name: 'Azure Key Vault Managed HSM', uris: ['https://managedhsm.azure.net'] },
  {
    name: 'Azure Storage',
    clientId: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
    uris: ['https://storage.azure.com'],
    accountSuffixes: [
      '.blob.core.windows.net',
      '.queue.core.windows.net',
      '.table.core.windows.net',
      '.file.core.windows.net',
      '.dfs.core.windows.net',
    ],
  },
  { name: 'Azure managed disks', uris: ['https://disk.azure.com'] },
  {
    name: 'Microsoft Graph',
    clientId: '00000003-0000-0000-c000-000000000000',
    uris: ['https://graph.microsoft.com'],
  },
  {
    name: 'Azure Active Directory Graph',
    clientId: '00000002-0000-0000-c000-000000000000',
    uris: ['https://graph.windows.net'],
  },
  { name: 'Azure portal', clientId: '74658136-14ec-4630-ad9b-26e160ff0fc6', uris: [] },
  {
    name: TOKEN_EXCHANGE,
    clientId: TOKEN_EXCHANGE_CLIENT_ID,
    uris: ['api://AzureADTokenExchange'],
  },
  {
    name: 'Azure SQL Database',
    clientId: '022907d3-0f1b-48f7-badc-1ba6abab6d66',
    uris: ['https://database.windows.net'],
  },
  {
    name: 'Azure Database for PostgreSQL and MySQL',
    clientId: '123cd850-d9df-40bd-94d5-c9f07b7fa203',
    uris: ['https://ossrdbms-aad.database.windows.net'],
  },
  {
    name: 'Azure Cosmos DB',
    clientId: 'a232010e-820c-4083-83bb-3ace5fc29d0b',
    uris: ['https://cosmos.azure.com'],
    accountSuffixes: ['.documents.azure.com'],
  },
  {
    name: 'Azure Service Bus',
    clientId: '80a10ef9-8168-493d-abf9-3297c4ef6e3c',
    uris: ['https://servicebus.azure.net'],
    accountSuffixes: ['.servicebus.windows.net'],
  },
  {
    name: 'Azure Event Hubs',
    clientId: '80369ed6-5f11-4dd9-bef3-692475845e77',
    uris: ['https://eventhubs.azure.net'],
  },
  {
    name: 'Azure Event Grid',
    clientId: '4962773b-9cdb-44cf-a8bf-237846a00ab7',
    uris: ['https://eventgrid.azure.net'],
  },
  {
    name: 'Azure App Configuration',
    clientId: '35ffadb3-7fc1-497e-b61b-381d28e744cc',
    uris: ['https://azconfig.io', 'https://appconfig.azure.com'],
    accountSuffixes: ['.azconfig.io'],
  },
  {
    name: 'Azure Container Registry',
    clientId: '6a0ec4d3-30cb-4a83-91c0-ae56bc0e3d26',
    uris: ['https://containerregistry.azure.net'],
  },
  {
    name: 'Azure Kubernetes Service',
    clientId: '6dae42f8-4368-4678-94ff-3960e28e3630',
    uris: [],
  },
  { name: 'Azure Monitor', uris: ['https://monitor.azure.com'] },
  {
    name: 'Azure Log Analytics',
    clientId: 'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5',
    uris: ['https://api.loganalytics.io', 'https://api.loganalytics.azure.com'],
  },
  { name: 'Application Insights', uris: ['https://api.applicationinsights.io'] },
  {
    name: 'Azure AI services',
    clientId: '7d312290-28c8-473c-a0ed-8e53749b6d6d',
    uris: ['https://cognitiveservices.azure.com'],
  },
  { name: 'Azure AI Foundry', uris: ['https://ai.azure.com'] },
  { name: 'Azure Machine Learning', uris: ['https://ml.azure.com'] },
  {
    name: 'Azure AI Search',
    clientId: '880da380-985e-4198-81b9-e05b1cc53158',
    uris: ['https://search.azure.com'],
  },
  {
    name: 'Azure Cache for Redis',
    clientId: 'acca5fbb-b7e4-4009-81f1-37e38fd66d78',
    uris: ['https://redis.azure.com'],
  },
  { name: 'Azure SignalR Service', uris: ['https://signalr.azure.com'] },
  { name: 'Azure Web PubSub', uris: ['https://webpubsub.azure.com'] },
  { name: 'Azure Communication Services', uris: ['https://communication.azure.com'] },
  {
    name: 'Azure Batch',
    clientId: 'ddbf3205-c6bd-46ae-8127-60eb93363864',
    uris: ['https://batch.core.windows.net'],
  },
  {
    name: 'Azure Data Lake',
    clientId: 'e9f49c6b-5ce5-44c8-925d-015017e9f7ad',
    uris: ['https://datalake.azure.net'],
  },
  {
    name: 'Azure Data Explorer',
    clientId: '2746ea77-4702-4b45-80ca-3c97e680e8b7',
    uris: ['https://kusto.kusto.windows.net', 'https://api.kusto.windows.net'],
    accountSuffixes: ['.kusto.windows.net'],
  },
  { name: 'Azure Synapse', uris: ['https://dev.azuresynapse.net'] },
  { name: 'Azure Databricks', clientId: '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d', uris: [] },
  {
    name: 'Azure Digital Twins',
    clientId: '0b07f429-9f4b-4714-9392-cc5e8e80c8b0',
    uris: ['https://digitaltwins.azure.net'],
  },
  { name: 'Azure IoT Hub', uris: ['https://iothubs.azure.net'] },
  { name: 'Azure Purview', uris: ['https://purview.azure.net'] },
  { name: 'Azure Attestation', uris: ['https://attest.azure.net'] },
  { name: 'Azure DevOps', clientId: '499b84ac-1321-427f-aa17-267ca6975798', uris: [] },
]

/** The account part of `https://{account}.blob.core.windows.net`, or of several labels. */
const ACCOUNT = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

const byName = new Map<string, FirstPartyResource>(
  FIRST_PARTY.flatMap((row) =>
    [...row.uris, ...(row.clientId ? [row.clientId] : [])].map(
      (name) => [name.toLowerCase(), row] as const,
    ),
  ),
)

/**
 * What Microsoft calls the resource asked for, by URI with or without a slash at its end, by client
 * id, or by one of the local names in use; undefined when it is none of Microsoft's.
 */
export function firstPartyName(names: Names, asked: string): string | undefined {
  const key = withoutSlash(asked).toLowerCase()
  return (byName.get(key) ?? byAccount(key) ?? byLocalName(names, key))?.name
}

function byAccount(key: string): FirstPartyResource | undefined {
  if (!key.startsWith('https://')) return undefined
  const host = key.slice('https://'.length)
  return FIRST_PARTY.find((row) =>
    row.accountSuffixes?.some(
      (suffix) => host.endsWith(suffix) && ACCOUNT.test(host.slice(0, -suffix.length)),
    ),
  )
}

/** Clients on the host name a resource after the host they call. */
function byLocalName(names: Names, key: string): FirstPartyResource | undefined {
  const local: readonly (readonly [string, string])[] = [
    [names.origin('management'), 'https://management.azure.com'],
    [names.origin('graph'), 'https://graph.microsoft.com'],
    [names.resource('vault'), 'https://vault.azure.net'],
    [names.resource('blob'), 'https://storage.azure.com'],
  ]
  const found = local.find(([name]) => name.toLowerCase() === key)
  return found && byName.get(found[1])
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text
}
