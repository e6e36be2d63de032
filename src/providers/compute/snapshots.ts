import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { creationData, settledDisk, usesOfSource } from './disk-sources.ts'

const properties = z.looseObject({
  creationData,
  diskSizeGB: z.int().min(1).max(65_536).optional(),
  incremental: z.boolean().optional(),
})

const USUAL_SIZE_GB = 30

/** A snapshot of a disk, or a copy of one: its description, since disks hold nothing here. */
export const snapshots = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Compute/snapshots',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation', 'managedBy'],
  names: { pattern: /^[A-Za-z0-9_]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  createdStatus: 200,
  uses: ({ id, properties: asked }, before) => (before ? [] : usesOfSource(id, asked.creationData)),
  async settle(tx, asked, before) {
    const { sku, properties } = await settledDisk(tx, asked, before, () => USUAL_SIZE_GB)
    return { sku, properties: { incremental: false, ...properties } }
  },
  async shown(_call, snapshot) {
    return {
      ...snapshot.properties,
      timeCreated: isoSevenDigits(snapshot.createdAt),
      diskState: 'Unattached',
    }
  },
})
