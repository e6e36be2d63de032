import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { wordAmong } from '../../base/word.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { placesOf } from './account-endpoints.ts'
import { creationTimes, newKeys, shownKeys, withNewKey } from './account-keys.ts'
import { ACCOUNT_NAME, INVALID_ACCOUNT_NAME, refuseTakenName } from './account-names.ts'
import { type AccountProperties, accountProperties, keptProperties } from './account-properties.ts'
import { SERVICES } from './account-services.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

const regeneration = z.strictObject({ keyName: z.string() })

/** A storage account. Its name is its own in all of Azure; its keys are made with it. */
export const storageAccounts = storedType<AccountProperties>({
  kind: 'stored',
  name: 'Microsoft.Storage/storageAccounts',
  apiVersions: STORAGE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['extendedLocation', 'zones', 'placement'],
  names: { pattern: ACCOUNT_NAME, code: 'AccountNameInvalid', message: INVALID_ACCOUNT_NAME },
  properties: accountProperties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  shows: { tags: 'always' },
  uses: ({ id, properties: { networkAcls } }, before) => {
    const rules = networkAcls ?? (before?.properties.networkAcls as typeof networkAcls)
    return (rules?.virtualNetworkRules ?? []).map((rule) => ({
      from: id.text,
      to: parseResourceId(rule.id),
      action: 'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
    }))
  },
  async settle(tx, { id, sku, kind: given, properties: asked }, before) {
    if (!before) await refuseTakenName(tx, id)
    const kind = readKind(given ?? before?.kind)
    refuseForever(asked, before)
    return {
      sku: readSku(sku ?? before?.sku),
      kind,
      properties: keptProperties(asked, before?.properties, { kind, now: tx.now }),
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
      creationTime: isoSevenDigits(account.createdAt),
      ...placesOf(call, account),
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

/** What an account is from its start, and cannot be made later. */
const FOREVER = ['isHnsEnabled', 'isNfsV3Enabled', 'dnsEndpointType'] as const

/** @throws Failure conflict `AccountPropertyIsImmutable` */
function refuseForever(asked: AccountProperties, before: Resource | undefined): void {
  const changed = FOREVER.find((name) => {
    const usual = name === 'dnsEndpointType' ? 'Standard' : false
    return asked[name] !== undefined && asked[name] !== (before?.properties[name] ?? usual)
  })
  if (!before || changed === undefined) return
  throw new Failure(
    'conflict',
    'AccountPropertyIsImmutable',
    `The property '${changed}' was specified in the input, but it cannot be updated.`,
  )
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
  'StandardV2_LRS',
  'StandardV2_GRS',
  'StandardV2_ZRS',
  'StandardV2_GZRS',
  'PremiumV2_LRS',
  'PremiumV2_ZRS',
]

function readSku(sku: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const name = wordAmong(SKU_NAMES, String(sku?.name))
  if (name === undefined) throw invalidValue('sku')
  return { name, tier: name.startsWith('Premium') ? 'Premium' : 'Standard' }
}

const KINDS = ['Storage', 'StorageV2', 'BlobStorage', 'BlockBlobStorage', 'FileStorage']

function readKind(given: string | undefined): string {
  const kind = wordAmong(KINDS, given)
  if (kind === undefined) throw invalidValue('kind')
  return kind
}

function invalidValue(name: string): Failure {
  return new Failure(
    'invalid',
    'InvalidValuesForRequestParameters',
    `Values for request parameters are invalid: ${name}.`,
  )
}
