import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { findResourceByKey, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { diskPerformance } from './disk-performance.ts'
import { creationData, settledDisk, usesOfSource } from './disk-sources.ts'

const properties = z.looseObject({
  creationData,
  diskSizeGB: z.int().min(1).max(65_536).optional(),
  osType: z.string().optional(),
  hyperVGeneration: z.string().optional(),
})

const USUAL_SIZE_GB = 30

/** A managed disk: its description. What a machine writes is in its sandbox's own files. */
export const disks = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/disks',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones', 'extendedLocation', 'managedBy', 'managedByExtended'],
  names: { pattern: /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  uses: ({ id, properties: asked }, before) => (before ? [] : usesOfSource(id, asked.creationData)),
  async settle(tx, asked, before) {
    const usual = () => usualSize(asked.properties.creationData)
    const { sku, kind, sizeGB, properties } = await settledDisk(tx, asked, before, usual)
    const performance = performanceOf(kind, sizeGB, asked.properties, before)
    return { sku, properties: { ...properties, ...performance } }
  },
  inUse(disk, [by]) {
    return new Failure(
      'conflict',
      'OperationNotAllowed',
      `Disk ${disk.id.name} is attached to VM ${by}.`,
      { target: disk.id.name },
    )
  },
  async shown(call, disk) {
    return {
      ...disk.properties,
      timeCreated: isoSevenDigits(disk.createdAt),
      diskState: await stateOf(call, disk),
    }
  },
  async shownBeside(call, disk) {
    const [user] = await usersOf(call, disk.id)
    return { managedBy: user?.from }
  },
})

/** What the disk does is what its kind and size give, but for what its owner has chosen instead. */
function performanceOf(
  kind: string,
  size: number,
  asked: Readonly<Record<string, unknown>>,
  before: Resource | undefined,
): Record<string, unknown> {
  const usual = Object.entries(diskPerformance(kind, size))
  const chosen = usual.map(([name, value]) => {
    const given = asked[name]
    return [name, given === undefined || given === before?.properties[name] ? value : given]
  })
  return Object.fromEntries(chosen)
}

/** @throws Failure invalid when an empty disk says no size */
function usualSize({ createOption }: z.infer<typeof creationData>): number {
  if (createOption.toLowerCase() !== 'empty') return USUAL_SIZE_GB
  throw new Failure(
    'invalid',
    'InvalidParameter',
    "Required parameter 'disk.diskSizeGB' is missing (null).",
    { target: 'disk.diskSizeGB' },
  )
}

/** A machine that has given its computer back keeps its disks reserved. */
async function stateOf(call: Call, { id }: Resource): Promise<string> {
  const [user] = await usersOf(call, id)
  const machine = user && (await findResourceByKey(call, user.ownerKey))
  if (!machine) return 'Unattached'
  return machine.state.power === 'deallocated' ? 'Reserved' : 'Attached'
}
