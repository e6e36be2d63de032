/** What an account is made of, as it is asked for and as it is kept. */
import { z } from 'zod'
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import { isJsonObject } from '../../base/json.ts'

type Json = Readonly<Record<string, unknown>>

const rule = z.looseObject({})
export const accountProperties = z.looseObject({
  accessTier: z.string().optional(),
  allowBlobPublicAccess: z.boolean().optional(),
  allowCrossTenantReplication: z.boolean().optional(),
  allowSharedKeyAccess: z.boolean().optional(),
  allowedCopyScope: z.string().optional(),
  azureFilesIdentityBasedAuthentication: z.looseObject({}).optional(),
  customDomain: z.looseObject({}).optional(),
  defaultToOAuthAuthentication: z.boolean().optional(),
  dnsEndpointType: z.string().optional(),
  encryption: z.looseObject({}).optional(),
  immutableStorageWithVersioning: z.looseObject({}).optional(),
  isHnsEnabled: z.boolean().optional(),
  isLocalUserEnabled: z.boolean().optional(),
  isNfsV3Enabled: z.boolean().optional(),
  isSftpEnabled: z.boolean().optional(),
  keyPolicy: z.looseObject({}).optional(),
  largeFileSharesState: z.string().optional(),
  minimumTlsVersion: z.string().optional(),
  networkAcls: z
    .looseObject({
      ipRules: z.array(rule).optional(),
      virtualNetworkRules: z.array(z.looseObject({ id: z.string() })).optional(),
      resourceAccessRules: z.array(rule).optional(),
    })
    .optional(),
  publicNetworkAccess: z.string().optional(),
  routingPreference: z.looseObject({}).optional(),
  sasPolicy: z.looseObject({}).optional(),
  supportsHttpsTrafficOnly: z.boolean().optional(),
})
export type AccountProperties = z.infer<typeof accountProperties>

/** Kinds that are asked for a tier of access; the others have none to choose. */
const TIERED: ReadonlySet<string> = new Set(['StorageV2', 'BlobStorage', 'FileStorage'])

const USUAL: Json = {
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  defaultToOAuthAuthentication: false,
  dnsEndpointType: 'Standard',
  minimumTlsVersion: 'TLS1_0',
  publicNetworkAccess: 'Enabled',
  supportsHttpsTrafficOnly: true,
}

/** What is kept of what is asked for; members that are not named stay as they were. */
export function keptProperties(
  asked: AccountProperties,
  before: Json | undefined,
  { kind, now }: { readonly kind: string; readonly now: Instant },
): Record<string, unknown> {
  const known = Object.keys(accountProperties.shape)
  const given = Object.fromEntries(Object.entries(asked).filter(([name]) => known.includes(name)))
  const kept = { ...before, ...given }
  return {
    ...USUAL,
    ...(TIERED.has(kind) && { accessTier: 'Hot' }),
    ...kept,
    networkAcls: networkRules((kept.networkAcls ?? {}) as Json),
    encryption: encryption((kept.encryption ?? {}) as Json, now),
  }
}

/** Who may come in by the network: every rule allows, and says so. */
function networkRules(given: Json): Json {
  const rules = (name: string, made: Json): unknown[] => {
    const list = given[name]
    return Array.isArray(list) ? list.map((one) => ({ ...made, ...one })) : []
  }
  return {
    bypass: 'AzureServices',
    defaultAction: 'Allow',
    ...given,
    ipRules: rules('ipRules', { action: 'Allow' }),
    virtualNetworkRules: rules('virtualNetworkRules', { action: 'Allow', state: 'Succeeded' }),
    resourceAccessRules: rules('resourceAccessRules', {}),
  }
}

/**
 * Blobs and files are encrypted with the account's key always; queues and tables are shown only
 * where that was chosen for them too.
 */
function encryption(given: Json, now: Instant): Json {
  const asked = isJsonObject(given.services) ? given.services : {}
  const service = (name: string, always: boolean): Json => {
    const one = isJsonObject(asked[name]) ? asked[name] : {}
    if (!always && one.keyType !== 'Account') return {}
    const since = one.lastEnabledTime ?? isoSevenDigits(now)
    return { [name]: { keyType: 'Account', enabled: true, lastEnabledTime: since } }
  }
  return {
    keySource: 'Microsoft.Storage',
    ...given,
    services: {
      ...service('blob', true),
      ...service('file', true),
      ...service('queue', false),
      ...service('table', false),
    },
  }
}
