import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { wordAmong } from '../../base/word.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type DerivedType, storedType } from '../provider.ts'

const NAME = 'Microsoft.OperationalInsights/workspaces'
const API_VERSIONS = [
  '2015-11-01-preview',
  '2020-03-01-preview',
  '2020-08-01',
  '2021-06-01',
  '2021-12-01-preview',
  '2022-10-01',
  '2023-09-01',
  '2025-02-01',
  '2025-07-01',
]

const SKUS = [
  'Free',
  'Standard',
  'Premium',
  'PerNode',
  'PerGB2018',
  'Standalone',
  'CapacityReservation',
  'LACluster',
] as const

const properties = z.looseObject({
  sku: z.looseObject({ name: z.string() }).optional(),
  retentionInDays: z.int().optional(),
  workspaceCapping: z.looseObject({ dailyQuotaGb: z.number().optional() }).optional(),
  features: z.looseObject({}).optional(),
  publicNetworkAccessForIngestion: z.string().optional(),
  publicNetworkAccessForQuery: z.string().optional(),
  forceCmkForQuery: z.boolean().optional(),
  defaultDataCollectionRuleResourceId: z.string().optional(),
})

const KEY_BYTES = 64
const KEYS = ['primarySharedKey', 'secondarySharedKey'] as const

/** A workspace of logs. Its two keys are made with it, rest sealed, and are listed to who may. */
export const workspaces = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: NAME,
  apiVersions: API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  names: { pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/ },
  properties,
  async settle(tx, { properties: asked }, before) {
    const was = before?.properties
    const known = Object.keys(properties.shape)
    const given = Object.fromEntries(
      Object.entries(asked).filter(([name]) => known.includes(name)),
    ) as typeof asked
    const kept = { ...was, ...given } as typeof asked
    const sku = skuNamed(kept.sku?.name ?? 'PerGB2018')
    return {
      properties: {
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
        customerId: randomUUID(),
        ...kept,
        sku: { ...kept.sku, name: sku },
        retentionInDays: retention(kept.retentionInDays, sku),
        features: {
          searchVersion: 1,
          enableLogAccessUsingOnlyResourcePermissions: true,
          ...kept.features,
        },
        workspaceCapping: { dailyQuotaGb: -1, ...kept.workspaceCapping },
      },
      ...(!before && { state: newKeys(tx) }),
    }
  },
  async shown(_call, workspace) {
    return {
      source: 'Azure',
      ...workspace.properties,
      createdDate: isoSevenDigits(workspace.createdAt),
      modifiedDate: isoSevenDigits(workspace.changedAt),
    }
  },
  actions: {
    sharedKeys: async (tx, workspace) => ({ body: keysOf(tx, workspace) }),
  },
})

/** Deleted workspaces that can come back: a workspace that is deleted here is gone. */
export const deletedWorkspaces: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.OperationalInsights/deletedWorkspaces',
  apiVersions: API_VERSIONS,
  place: 'subscription',
  list: async () => ({ status: 200, body: { value: [] } }),
}

/** @throws Failure invalid */
function skuNamed(given: string): string {
  const sku = wordAmong(SKUS, given)
  if (sku !== undefined) return sku
  throw new Failure('invalid', 'InvalidParameter', `The workspace sku '${given}' is not valid.`)
}

const LEAST_DAYS = 30
const MOST_DAYS = 730
const FREE_DAYS = 7

/** @throws Failure invalid */
function retention(given: number | undefined, sku: string): number {
  const days = sku === 'Free' ? FREE_DAYS : (given ?? LEAST_DAYS)
  if (sku === 'Free' || (days >= LEAST_DAYS && days <= MOST_DAYS)) return days
  throw new Failure(
    'invalid',
    'InvalidParameter',
    `The workspace retention '${days}' is not valid: it is from ${LEAST_DAYS} to ${MOST_DAYS} days.`,
  )
}

type Keys = Readonly<Record<(typeof KEYS)[number], string>>
const CONTEXT = 'operational-insights-workspace'

function newKeys(call: Call): Keys {
  const made = KEYS.map((name) => [
    name,
    Buffer.from(call.seal.close(randomBytes(KEY_BYTES), `${CONTEXT}/${name}`)).toString('base64'),
  ])
  return Object.fromEntries(made) as Keys
}

function keysOf(call: Call, { state }: Resource): Keys {
  const sealed = state as Keys
  const shown = KEYS.map((name) => [
    name,
    call.seal.open(Buffer.from(sealed[name], 'base64'), `${CONTEXT}/${name}`).toString('base64'),
  ])
  return Object.fromEntries(shown) as Keys
}
