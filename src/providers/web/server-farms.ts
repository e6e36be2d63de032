import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  reserved: z.boolean().optional(),
  perSiteScaling: z.boolean().optional(),
  zoneRedundant: z.boolean().optional(),
})

/** What the first letter of a sku says. */
const TIERS: Readonly<Record<string, string>> = {
  F: 'Free',
  D: 'Shared',
  B: 'Basic',
  S: 'Standard',
  P: 'PremiumV3',
  Y: 'Dynamic',
  E: 'ElasticPremium',
}

/** An App Service plan. */
export const serverFarms = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Web/serverfarms',
  apiVersions: WEB_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: /^[\p{L}\p{N}_-]{1,60}$/u },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  async settle(_tx, { properties: asked, sku }, before) {
    const name = String(sku?.name ?? before?.sku?.name ?? 'F1').toUpperCase()
    const tier = TIERS[name[0] ?? ''] ?? 'Standard'
    return {
      sku: { capacity: 1, ...sku, name, tier: sku?.tier ?? tier, size: name, family: name[0] },
      properties: {
        reserved: asked.reserved ?? false,
        perSiteScaling: asked.perSiteScaling ?? false,
        zoneRedundant: asked.zoneRedundant ?? false,
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
    return {
      ...plan.properties,
      status: 'Ready',
      numberOfSites: users.length,
      numberOfWorkers: 1,
      maximumNumberOfWorkers: 1,
      geoRegion: plan.location,
      resourceGroup: plan.id.resourceGroup,
      subscription: plan.id.subscriptionId,
    }
  },
})
