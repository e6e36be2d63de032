import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  creationData: z.looseObject({ createOption: z.string() }),
  diskSizeGB: z.int().min(1).max(65_536).optional(),
  osType: z.string().optional(),
  hyperVGeneration: z.string().optional(),
})

const GIGABYTE = 1024 ** 3
const USUAL_SIZE_GB = 30

/** A managed disk: its description. What a machine writes is in its sandbox's own files. */
export const disks = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/disks',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones', 'extendedLocation'],
  names: { pattern: /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  async settle(_tx, { properties: asked, sku }, before) {
    const size = asked.diskSizeGB ?? USUAL_SIZE_GB
    const name = String(sku?.name ?? before?.sku?.name ?? 'Standard_LRS')
    return {
      sku: { name, tier: name.slice(0, name.indexOf('_')) },
      properties: {
        networkAccessPolicy: 'AllowAll',
        publicNetworkAccess: 'Enabled',
        ...asked,
        diskSizeGB: size,
        diskSizeBytes: size * GIGABYTE,
        uniqueId: before?.properties.uniqueId ?? randomUUID(),
      },
    }
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
    const [user] = await usersOf(call, disk.id)
    return {
      ...disk.properties,
      timeCreated: isoSevenDigits(disk.createdAt),
      diskState: user ? 'Attached' : 'Unattached',
    }
  },
})
