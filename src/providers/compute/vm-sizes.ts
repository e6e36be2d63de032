/**
 * Sizes of virtual machines: a few that clients use by default and that people name. A machine here
 * has what the computer under it has, whatever its size says.
 */
import { z } from 'zod'
import { LOCATIONS, locationName } from '../../core/resources/locations.ts'
import type { DerivedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'

export interface VmSize {
  readonly name: string
  readonly family: string
  readonly cores: number
  readonly memoryMiB: number
  readonly mostDataDisks: number
  readonly resourceDiskMiB: number
}

export const VM_SIZES: readonly VmSize[] = [
  size('Standard_B1s', 'standardBSFamily', 1, 1024, 2, 4096),
  size('Standard_B1ms', 'standardBSFamily', 1, 2048, 2, 4096),
  size('Standard_B2s', 'standardBSFamily', 2, 4096, 4, 8192),
  size('Standard_B2ms', 'standardBSFamily', 2, 8192, 4, 16384),
  size('Standard_B4ms', 'standardBSFamily', 4, 16384, 8, 32768),
  size('Standard_DS1_v2', 'standardDSv2Family', 1, 3584, 4, 7168),
  size('Standard_DS2_v2', 'standardDSv2Family', 2, 7168, 8, 14336),
  size('Standard_D2s_v3', 'standardDSv3Family', 2, 8192, 4, 16384),
  size('Standard_D4s_v3', 'standardDSv3Family', 4, 16384, 8, 32768),
  size('Standard_D2s_v5', 'standardDSv5Family', 2, 8192, 4, 0),
  size('Standard_D4s_v5', 'standardDSv5Family', 4, 16384, 8, 0),
  size('Standard_D8s_v5', 'standardDSv5Family', 8, 32768, 16, 0),
  size('Standard_E2s_v5', 'standardESv5Family', 2, 16384, 4, 0),
  size('Standard_F2s_v2', 'standardFSv2Family', 2, 4096, 4, 16384),
]

function size(
  name: string,
  family: string,
  cores: number,
  memoryMiB: number,
  mostDataDisks: number,
  resourceDiskMiB: number,
): VmSize {
  return { name, family, cores, memoryMiB, mostDataDisks, resourceDiskMiB }
}

const OS_DISK_MIB = 1_047_552

export function shownSize(one: VmSize): object {
  return {
    name: one.name,
    numberOfCores: one.cores,
    osDiskSizeInMB: OS_DISK_MIB,
    resourceDiskSizeInMB: one.resourceDiskMiB,
    memoryInMB: one.memoryMiB,
    maxDataDiskCount: one.mostDataDisks,
  }
}

/** GET …/locations/{location}/vmSizes. */
export const vmSizes: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Compute/locations/vmSizes',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
  list: async () => ({ status: 200, body: { value: VM_SIZES.map(shownSize) } }),
}

/** GET …/locations/{location}/usages: nothing here counts against a limit. */
export const usages: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Compute/locations/usages',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
  list: async () => ({ status: 200, body: { value: [] } }),
}

const filtered = z.string().regex(/^location eq '([^']*)'$/i)

/** GET …/Microsoft.Compute/skus, of all locations or of the one that the filter names. */
export const computeSkus: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Compute/skus',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'subscription',
  async list(_call, _scope, query) {
    const wanted = filtered.safeParse(query.$filter)
    const only = wanted.success ? /'([^']*)'/.exec(wanted.data)?.[1] : undefined
    const places = LOCATIONS.filter(
      ({ name }) => only === undefined || name === locationName(only),
    ).map(({ name }) => name)
    const value = places.flatMap((place) => VM_SIZES.map((one) => shownSku(one, place)))
    return { status: 200, body: { value } }
  },
}

function shownSku({ name, family, cores, memoryMiB, mostDataDisks }: VmSize, place: string) {
  return {
    resourceType: 'virtualMachines',
    name,
    tier: 'Standard',
    size: name.slice('Standard_'.length),
    family,
    locations: [place],
    locationInfo: [{ location: place, zones: ['1', '2', '3'], zoneDetails: [] }],
    capabilities: [
      { name: 'vCPUs', value: String(cores) },
      { name: 'MemoryGB', value: String(memoryMiB / 1024) },
      { name: 'MaxDataDiskCount', value: String(mostDataDisks) },
      { name: 'HyperVGenerations', value: 'V1,V2' },
      { name: 'CpuArchitectureType', value: 'x64' },
      { name: 'PremiumIO', value: 'True' },
    ],
    restrictions: [],
  }
}
