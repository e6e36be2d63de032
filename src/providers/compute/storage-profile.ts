/** The disks and the image of a machine, as bodies describe them and as answers show them. */
import { z } from 'zod'
import { parseResourceId, readResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'

const disk = z.looseObject({
  name: z.string().optional(),
  osType: z.string().optional(),
  createOption: z.string().optional(),
  caching: z.string().optional(),
  deleteOption: z.string().optional(),
  diskSizeGB: z.int().min(1).max(65_536).optional(),
  vhd: z.looseObject({}).optional(),
  diffDiskSettings: z.looseObject({}).optional(),
  managedDisk: z
    .looseObject({ id: z.string().optional(), storageAccountType: z.string().optional() })
    .optional(),
  sourceResource: z.looseObject({ id: z.string().optional() }).optional(),
})
export type Disk = z.infer<typeof disk>

const dataDisk = disk.extend({ lun: z.int().min(0).max(63), toBeDetached: z.boolean().optional() })
export type DataDisk = z.infer<typeof dataDisk>

export const storageProfile = z.looseObject({
  imageReference: z.looseObject({ id: z.string().optional() }).optional(),
  osDisk: disk.optional(),
  dataDisks: z.array(dataDisk).optional(),
})
export type StorageProfile = z.infer<typeof storageProfile>

/** Whether the id is that of an image in a group; those of galleries are kept as they come. */
export function isManagedImage(id: string): boolean {
  return readResourceId(id)?.type.toLowerCase() === 'microsoft.compute/images'
}

/** Ids of the disks that are resources of their own. */
export function diskIdsOf(profile: StorageProfile | undefined): string[] {
  const all = [profile?.osDisk, ...(profile?.dataDisks ?? [])]
  return all.flatMap((one) => one?.managedDisk?.id ?? [])
}

/** Sizes and kinds are those of the disks, which may have changed since they were attached. */
export async function shownStorage(call: Call, profile: StorageProfile): Promise<StorageProfile> {
  const { osDisk, dataDisks } = profile
  return {
    ...profile,
    ...(osDisk && { osDisk: await shownDisk(call, osDisk) }),
    dataDisks: await Promise.all((dataDisks ?? []).map((one) => shownDisk(call, one))),
  }
}

async function shownDisk<One extends Disk>(call: Call, one: One): Promise<One> {
  const id = one.managedDisk?.id
  const resource = id === undefined ? undefined : await findResource(call, parseResourceId(id))
  if (!resource) return one
  return {
    ...one,
    diskSizeGB: resource.properties.diskSizeGB as number,
    managedDisk: { ...one.managedDisk, storageAccountType: String(resource.sku?.name) },
  }
}
