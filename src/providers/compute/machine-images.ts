import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { storedType, type Use } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { type StorageProfile, shownStorage } from './storage-profile.ts'

const reference = z.looseObject({ id: z.string() })
const source = z.looseObject({
  snapshot: reference.optional(),
  managedDisk: reference.optional(),
  blobUri: z.string().optional(),
  diskSizeGB: z.int().optional(),
  osType: z.string().optional(),
})
type Source = z.infer<typeof source>

const properties = z.looseObject({
  sourceVirtualMachine: reference.optional(),
  storageProfile: z
    .looseObject({ osDisk: source.optional(), dataDisks: z.array(source).optional() })
    .optional(),
  hyperVGeneration: z.string().optional(),
})

/**
 * An image of one's own, of a generalized machine, of disks, snapshots or blobs. Machines that are
 * made of it are described by it; what ran in the first is not in them.
 */
export const machineImages = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/images',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  uses({ id: { text: from }, properties: asked }, before) {
    if (before) return []
    const { sourceVirtualMachine: machine, storageProfile: profile } = asked
    const disks = [profile?.osDisk, ...(profile?.dataDisks ?? [])]
    return [
      ...once(from, machine && parseResourceId(machine.id), 'read'),
      ...disks.flatMap((disk) => once(from, sourceOf(disk), 'beginGetAccess/action')),
    ]
  },
  async settle(tx, { properties: asked }, before) {
    if (before) return { properties: { ...before.properties, ...asked } }
    const { sourceVirtualMachine: machine, storageProfile: given } = asked
    const found = machine && (await findResource(tx, parseResourceId(machine.id)))
    if (found) refuseUnlessGeneralized(found)
    const profile = found ? await profileOf(tx, found) : await completed(tx, given)
    return {
      properties: {
        hyperVGeneration: 'V1',
        ...asked,
        storageProfile: { zoneResilient: false, ...given, ...profile },
      },
    }
  },
})

function once(from: string, to: ResourceId | undefined, verb: string): Use[] {
  return to ? [{ from, to, action: `${to.type}/${verb}`, once: true }] : []
}

function sourceOf(disk: Source | undefined): ResourceId | undefined {
  const id = disk?.snapshot?.id ?? disk?.managedDisk?.id
  return id === undefined ? undefined : parseResourceId(id)
}

/** @throws Failure conflict `OperationNotAllowed` */
function refuseUnlessGeneralized(machine: Resource): void {
  if (machine.state.generalized === true) return
  throw new Failure(
    'conflict',
    'OperationNotAllowed',
    `The VM '${machine.id.name}' must be generalized before an image can be made of it.`,
  )
}

/** The disks of the machine, as an image has them. */
async function profileOf(call: Call, { properties: machine }: Resource) {
  const shown = await shownStorage(call, machine.storageProfile as StorageProfile)
  const asSource = (one: NonNullable<typeof shown.osDisk>) => ({
    managedDisk: { id: one.managedDisk?.id },
    caching: one.caching,
    diskSizeGB: one.diskSizeGB,
    storageAccountType: one.managedDisk?.storageAccountType,
  })
  return {
    ...(shown.osDisk && {
      osDisk: {
        osType: shown.osDisk.osType,
        osState: 'Generalized',
        ...asSource(shown.osDisk),
      },
    }),
    dataDisks: (shown.dataDisks ?? []).map((one) => ({ lun: one.lun, ...asSource(one) })),
  }
}

/** The disks that the body names, with the sizes of what they come from. */
async function completed(
  call: Call,
  given: z.infer<typeof properties>['storageProfile'],
): Promise<object> {
  const filled = async (disk: Source) => {
    const id = sourceOf(disk)
    const from = id && (await findResource(call, id))
    const size = disk.diskSizeGB ?? from?.properties.diskSizeGB
    return { caching: 'None', storageAccountType: 'Standard_LRS', ...disk, diskSizeGB: size }
  }
  return {
    ...(given?.osDisk && { osDisk: await filled(given.osDisk) }),
    dataDisks: await Promise.all((given?.dataDisks ?? []).map(filled)),
  }
}
