import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  platformFaultDomainCount: z.int().min(1).max(3).optional(),
  platformUpdateDomainCount: z.int().min(1).max(20).optional(),
  proximityPlacementGroup: z.looseObject({ id: z.string() }).optional(),
})

/** An availability set: machines that would not fail together; here they all do. */
export const availabilitySets = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/availabilitySets',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  createdStatus: 200,
  shows: { provisioningState: false },
  uses({ id, properties: { proximityPlacementGroup: near } }) {
    return near ? [{ from: id.text, to: parseResourceId(near.id) }] : []
  },
  async settle(_tx, { properties: asked, sku }) {
    const near = asked.proximityPlacementGroup
    return {
      sku: { name: 'Classic', ...sku },
      properties: {
        platformFaultDomainCount: asked.platformFaultDomainCount ?? 2,
        platformUpdateDomainCount: asked.platformUpdateDomainCount ?? 5,
        ...(near && { proximityPlacementGroup: { id: near.id } }),
      },
    }
  },
  inUse(set) {
    return new Failure(
      'conflict',
      'OperationNotAllowed',
      `Availability Set '${set.id.name}' cannot be deleted. Before deleting an Availability Set ` +
        'please ensure that it does not contain any VM.',
    )
  },
  async shown(call, set) {
    const users = await usersOf(call, set.id)
    return { ...set.properties, virtualMachines: users.map(({ from }) => ({ id: from })) }
  },
})
