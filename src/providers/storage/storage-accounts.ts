import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { creationTimes, newKeys, shownKeys, withNewKey } from './account-keys.ts'
import { ACCOUNT_NAME, INVALID_ACCOUNT_NAME, refuseTakenName } from './account-names.ts'
import { SERVICES } from './account-services.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  accessTier: z.string().optional(),
  supportsHttpsTrafficOnly: z.boolean().optional(),
  allowBlobPublicAccess: z.boolean().optional(),
  allowSharedKeyAccess: z.boolean().optional(),
  defaultToOAuthAuthentication: z.boolean().optional(),
  minimumTlsVersion: z.string().optional(),
  publicNetworkAccess: z.string().optional(),
  isHnsEnabled: z.boolean().optional(),
  networkAcls: z.looseObject({}).optional(),
  encryption: z.looseObject({}).optional(),
})
type Properties = z.infer<typeof properties>

const regeneration = z.strictObject({ keyName: z.string() })

/** A storage account. Its name is its own in all of Azure; its keys are made with it. */
export const storageAccounts = storedType<Properties>({
  kind: 'stored',
  name: 'Microsoft.Storage/storageAccounts',
  apiVersions: STORAGE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['extendedLocation', 'zones', 'placement'],
  names: { pattern: ACCOUNT_NAME, code: 'AccountNameInvalid', message: INVALID_ACCOUNT_NAME },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  shows: { tags: 'always' },
  async settle(tx, { id, sku, kind, properties: asked }, before) {
    if (!before) await refuseTakenName(tx, id)
    const settledSku = readSku(sku ?? before?.sku)
    refuseUnknownKind(kind ?? before?.kind)
    return {
      sku: settledSku,
      properties: keptProperties(asked),
      ...(!before && {
        state: newKeys(tx, id.name),
        children: SERVICES.map((type) => ({ type, items: [{ name: 'default', body: {} }] })),
      }),
    }
  },
  async shown(call, account) {
    return {
      keyCreationTime: creationTimes(account),
      ...account.properties,
      encryption: account.properties.encryption ?? usualEncryption(account),
      creationTime: isoSevenDigits(account.createdAt),
      primaryEndpoints: { blob: blobEndpoint(call, account.id.name) },
      primaryLocation: account.location,
      statusOfPrimary: 'available',
      privateEndpointConnections: [],
    }
  },
  actions: {
    listKeys: async (tx, account) => ({ body: shownKeys(tx, account) }),
    async regenerateKey(tx, account, body) {
      const asked = regeneration.safeParse(body)
      const state = withNewKey(tx, account, asked.data?.keyName ?? '')
      return { state, body: shownKeys(tx, { ...account, state }) }
    },
  },
})

/** `https://acct.blob.core.windows.net/`, by the names the caller uses. */
function blobEndpoint(call: Call, name: string): string {
  return `${call.names.accountOrigin('blob', name)}/`
}

function keptProperties(asked: Properties): Record<string, unknown> {
  const known = Object.keys(properties.shape)
  const given = Object.entries(asked).filter(([name]) => known.includes(name))
  return {
    minimumTlsVersion: 'TLS1_0',
    allowBlobPublicAccess: false,
    supportsHttpsTrafficOnly: true,
    accessTier: 'Hot',
    networkAcls: {
      bypass: 'AzureServices',
      virtualNetworkRules: [],
      ipRules: [],
      defaultAction: 'Allow',
    },
    ...Object.fromEntries(given),
  }
}

function usualEncryption({ createdAt }: Resource): object {
  const service = { keyType: 'Account', enabled: true, lastEnabledTime: isoSevenDigits(createdAt) }
  return { keySource: 'Microsoft.Storage', services: { blob: service, file: service } }
}

const SKU_NAMES = [
  'Standard_LRS',
  'Standard_GRS',
  'Standard_RAGRS',
  'Standard_ZRS',
  'Standard_GZRS',
  'Standard_RAGZRS',
  'Premium_LRS',
  'Premium_ZRS',
]

function readSku(sku: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const given = String(sku?.name).toLowerCase()
  const name = SKU_NAMES.find((one) => one.toLowerCase() === given)
  if (name === undefined) throw invalidValue('sku')
  return { name, tier: name.slice(0, name.indexOf('_')) }
}

const KINDS = ['Storage', 'StorageV2', 'BlobStorage', 'BlockBlobStorage', 'FileStorage']

function refuseUnknownKind(kind: string | undefined): void {
  if (!KINDS.includes(kind ?? '')) throw invalidValue('kind')
}

function invalidValue(name: string): Failure {
  return new Failure(
    'invalid',
    'InvalidValuesForRequestParameters',
    `Values for request parameters are invalid: ${name}.`,
  )
}
