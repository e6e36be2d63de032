import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({ proximityPlacementGroupType: z.string().optional() })

/** Lists that answers have, and what of the ids in them tells one from another. */
const LISTS = {
  virtualMachines: /\/virtualMachines\/[^/]+$/i,
  virtualMachineScaleSets: /\/virtualMachineScaleSets\/[^/]+$/i,
  availabilitySets: /\/availabilitySets\/[^/]+$/i,
}

/** A proximity placement group: what shall be near each other; here all of it is. */
export const proximityPlacementGroups = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/proximityPlacementGroups',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones'],
  names: { pattern: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  shows: { provisioningState: false },
  async settle(_tx, { properties: asked }) {
    return { properties: { proximityPlacementGroupType: 'Standard', ...asked } }
  },
  inUse(group) {
    return new Failure(
      'conflict',
      'OperationNotAllowed',
      `Proximity Placement Group '${group.id.name}' cannot be deleted. Before deleting a Proximity ` +
        'Placement Group please ensure that it does not contain any resources.',
    )
  },
  async shown(call, group) {
    const users = (await usersOf(call, group.id)).map(({ from }) => ({ id: from }))
    const lists = Object.entries(LISTS).map(([name, fits]) => [
      name,
      users.filter(({ id }) => fits.test(id)),
    ])
    return { ...group.properties, ...Object.fromEntries(lists) }
  },
})
