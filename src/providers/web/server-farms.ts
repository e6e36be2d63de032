import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { kindOf, mostWorkersOf, readSku, type Sku } from './server-farm-skus.ts'

const properties = z.looseObject({
  reserved: z.boolean().optional(),
  hyperV: z.boolean().optional(),
  isXenon: z.boolean().optional(),
  perSiteScaling: z.boolean().optional(),
  elasticScaleEnabled: z.boolean().optional(),
  maximumElasticWorkerCount: z.int().min(0).optional(),
  zoneRedundant: z.boolean().optional(),
  targetWorkerCount: z.int().optional(),
  targetWorkerSizeId: z.int().optional(),
})

export const SERVER_FARM_TYPE = 'Microsoft.Web/serverfarms'

/** An App Service plan. */
export const serverFarms = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: SERVER_FARM_TYPE,
  apiVersions: WEB_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: /^[\p{L}\p{N}_-]{1,60}$/u },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  async settle(_tx, { properties: asked, sku: given, kind }, before) {
    const sku = readSku({ ...before?.sku, ...given })
    const linux = asked.reserved ?? before?.properties.reserved === true
    return {
      sku: { ...sku },
      kind: kindOf(sku, linux, kind),
      properties: {
        hyperV: false,
        isXenon: asked.hyperV ?? false,
        perSiteScaling: false,
        elasticScaleEnabled: false,
        maximumElasticWorkerCount: 1,
        zoneRedundant: false,
        targetWorkerCount: 0,
        targetWorkerSizeId: 0,
        ...known(before?.properties),
        ...known(asked),
        reserved: linux,
      },
    }
  },
  inUse(plan, by) {
    return new Failure(
      'conflict',
      'Conflict',
      `Server farm '${plan.id.name}' cannot be deleted because it has web app(s) ` +
        `${by.map((id) => id.slice(id.lastIndexOf('/') + 1)).join(', ')} assigned to it.`,
    )
  },
  async shown(call, plan) {
    const users = await usersOf(call, plan.id)
    const sku = (plan.sku ?? { name: 'F1', capacity: 1 }) as unknown as Sku
    return {
      ...plan.properties,
      status: 'Ready',
      computeMode: sku.capacity === 0 ? 'Dynamic' : 'Dedicated',
      isSpot: false,
      asyncScalingEnabled: false,
      numberOfSites: users.length,
      numberOfWorkers: sku.capacity,
      currentNumberOfWorkers: sku.capacity,
      maximumNumberOfWorkers: mostWorkersOf(sku),
      geoRegion: plan.location,
      kind: plan.kind,
      resourceGroup: plan.id.resourceGroup,
      subscription: plan.id.subscriptionId,
    }
  },
})

/** What a plan is made of; what it counts and where it is are computed. */
function known(given: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const names = Object.keys(properties.shape)
  return Object.fromEntries(
    Object.entries(given ?? {}).filter(
      ([name, value]) => names.includes(name) && value !== undefined,
    ),
  )
}
