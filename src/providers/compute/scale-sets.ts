import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { type DerivedType, storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

const NAME = 'Microsoft.Compute/virtualMachineScaleSets'

const properties = z.looseObject({
  upgradePolicy: z.looseObject({ mode: z.string().optional() }).optional(),
  orchestrationMode: z.string().optional(),
  virtualMachineProfile: z.looseObject({}).optional(),
  overprovision: z.boolean().optional(),
  singlePlacementGroup: z.boolean().optional(),
})

/** A scale set: a model and its identities. It has no machines of its own here. */
export const scaleSets = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: NAME,
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['zones', 'plan', 'extendedLocation'],
  names: { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/ },
  properties,
  shows: { etag: true },
  async settle(_tx, { properties: asked }, before) {
    return {
      properties: withoutSecrets({
        singlePlacementGroup: true,
        orchestrationMode: 'Uniform',
        overprovision: false,
        ...asked,
        upgradePolicy: { mode: 'Manual', ...asked.upgradePolicy },
        uniqueId: before?.properties.uniqueId ?? randomUUID(),
      }),
    }
  },
  async shown(_call, resource) {
    return { ...resource.properties, timeCreated: isoSevenDigits(resource.createdAt) }
  },
  reads: {
    instanceView: async (_call, resource) => ({
      virtualMachine: { statusesSummary: [] },
      statuses: [
        {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Provisioning succeeded',
          time: isoSevenDigits(resource.changedAt),
        },
      ],
    }),
  },
})

/** Its machines: none. */
export const scaleSetMachines: DerivedType = {
  kind: 'derived',
  name: `${NAME}/virtualMachines`,
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  list: async () => ({ status: 200, body: { value: [] } }),
}
