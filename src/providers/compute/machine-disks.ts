/**
 * The disks of a machine into their places: one that the body does not name by id comes into being
 * with the machine, as a resource of its own.
 */
import { randomUUID } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource } from '../../core/resources/resource.ts'
import type { Asked, Beside } from '../provider.ts'
import { type ImageFacts, imageFacts } from './image-facts.ts'
import type { DataDisk, Disk, StorageProfile } from './storage-profile.ts'

interface Described {
  readonly storageProfile?: StorageProfile | undefined
  readonly hardwareProfile?: { readonly vmSize?: string | undefined } | undefined
  readonly osProfile?: { readonly windowsConfiguration?: unknown } | undefined
}

export interface SettledStorage {
  readonly profile: StorageProfile
  readonly beside: readonly Beside[]
}

/** @throws Failure conflict `ConflictingUserInput`, when a disk of that name is there */
export async function settleStorage(
  call: Call,
  asked: Asked<Described>,
  was: StorageProfile | undefined,
  vmId: string,
): Promise<SettledStorage> {
  const given = asked.properties.storageProfile ?? {}
  const image = await imageFacts(call, given.imageReference ?? was?.imageReference)
  const os = await placed(call, asked, osDiskOf(asked, given, was, image, vmId), image)
  const data: Placed[] = []
  const wanted = given.dataDisks ?? was?.dataDisks ?? image.dataDisks
  for (const one of dataDisksOf(asked.id, wanted, was?.dataDisks ?? [])) {
    data.push(await placed(call, asked, one, image))
  }
  return {
    profile: {
      ...given,
      ...(image.reference && { imageReference: image.reference }),
      osDisk: os.disk,
      dataDisks: data.map(({ disk }) => ({ ...(disk as DataDisk), toBeDetached: false })),
    },
    beside: [os, ...data].flatMap(({ beside }) => beside ?? []),
  }
}

function osDiskOf(
  { id, properties }: Asked<Described>,
  given: StorageProfile,
  was: StorageProfile | undefined,
  image: ImageFacts,
  vmId: string,
): Disk {
  const isWindows = properties.osProfile?.windowsConfiguration !== undefined
  return {
    osType: image.osType ?? (isWindows || saysWindows(given) ? 'Windows' : 'Linux'),
    name: `${id.name}_OsDisk_1_${vmId.replaceAll('-', '')}`,
    createOption: 'FromImage',
    caching: 'ReadWrite',
    deleteOption: 'Detach',
    diskSizeGB: image.osDiskSizeGB,
    ...was?.osDisk,
    ...given.osDisk,
    managedDisk: { ...was?.osDisk?.managedDisk, ...given.osDisk?.managedDisk },
  }
}

function saysWindows({ imageReference }: StorageProfile): boolean {
  return JSON.stringify(imageReference ?? {})
    .toLowerCase()
    .includes('windows')
}

/** @throws Failure invalid when two disks want one place */
function dataDisksOf(
  machine: ResourceId,
  asked: readonly DataDisk[],
  was: readonly DataDisk[],
): DataDisk[] {
  const staying = asked.filter(({ toBeDetached }) => toBeDetached !== true)
  const twice = staying.find(({ lun }, at) => staying.findIndex((one) => one.lun === lun) !== at)
  if (twice) {
    throw new Failure(
      'invalid',
      'InvalidParameter',
      `The LUN ${twice.lun} is used by more than one data disk.`,
      { target: 'dataDisk.lun' },
    )
  }
  return staying.map((wanted) => {
    const one = stayed(wanted, was)
    const id = one.managedDisk?.id
    const own = () => `${machine.name}_disk${one.lun + 2}_${randomUUID().replaceAll('-', '')}`
    return {
      caching: 'None',
      deleteOption: 'Detach',
      ...one,
      createOption: one.createOption ?? (id === undefined ? 'Empty' : 'Attach'),
      name: one.name ?? (id === undefined ? own() : parseResourceId(id).name),
    }
  })
}

/** A disk that is not named by id is the one in its place before, unless it has another name. */
function stayed(wanted: DataDisk, was: readonly DataDisk[]): DataDisk {
  const before = was.find(({ lun }) => lun === wanted.lun)
  const { name = before?.name, managedDisk } = wanted
  const isAnother = name?.toLowerCase() !== before?.name?.toLowerCase()
  if (!before?.managedDisk?.id || managedDisk?.id !== undefined || isAnother) return wanted
  return { ...wanted, name: before.name, managedDisk: { ...before.managedDisk, ...managedDisk } }
}

interface Placed {
  readonly disk: Disk
  /** The resource that it becomes, when it is none yet. */
  readonly beside?: Beside
}

async function placed(
  call: Call,
  asked: Asked<Described>,
  { sourceResource, ...wanted }: Disk,
  image: ImageFacts,
): Promise<Placed> {
  const { managedDisk, name = '' } = wanted
  // A disk in a blob is no resource, nor is one that lives as long as its machine runs.
  if (wanted.vhd || wanted.diffDiskSettings) return { disk: wanted }
  if (managedDisk?.id !== undefined) return { disk: wanted }
  const id = parseResourceId(`${asked.id.parent?.text}/providers/Microsoft.Compute/disks/${name}`)
  if (await findResource(call, id)) throw taken(id)
  const kind = managedDisk?.storageAccountType ?? usualKind(asked.properties)
  const creationData = creationOf(asked, wanted, sourceResource?.id)
  return {
    disk: { ...wanted, managedDisk: { ...managedDisk, storageAccountType: kind, id: id.text } },
    beside: {
      id,
      body: {
        location: asked.location,
        tags: asked.tags,
        sku: { name: kind },
        ...(asked.envelope.zones !== undefined && { zones: asked.envelope.zones }),
        properties: {
          creationData,
          ...(wanted.diskSizeGB !== undefined && { diskSizeGB: wanted.diskSizeGB }),
          ...(wanted.osType !== undefined && {
            osType: wanted.osType,
            hyperVGeneration: image.generation,
          }),
        },
      },
    },
  }
}

function creationOf(
  { properties, id, location }: Asked<Described>,
  { createOption = 'Empty' }: Disk,
  sourceResourceId: string | undefined,
): Record<string, unknown> {
  if (sourceResourceId !== undefined) return { createOption: 'Copy', sourceResourceId }
  if (createOption !== 'FromImage') return { createOption }
  const given = properties.storageProfile?.imageReference
  const { publisher, offer, sku, version } = given ?? {}
  const platform =
    `/Subscriptions/${id.subscriptionId}/Providers/Microsoft.Compute/Locations/${location}` +
    `/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/${version}`
  if (!given) return { createOption }
  return { createOption, imageReference: { id: given.id ?? platform } }
}

/** Machines whose sizes can have fast disks have one. */
function usualKind({ hardwareProfile }: Described): string {
  const size = hardwareProfile?.vmSize ?? 'Standard_D2s_v5'
  return /_(?:[A-Z]*S\d|[A-Z]+\d+[a-z\d-]*s)/i.test(size) ? 'Premium_LRS' : 'Standard_LRS'
}

function taken(id: ResourceId): Failure {
  return new Failure(
    'conflict',
    'ConflictingUserInput',
    `Disk ${id.name} already exists in resource group ${id.resourceGroup}. Only CreateOption.Attach ` +
      'is supported.',
    { target: '/properties/storageProfile' },
  )
}
