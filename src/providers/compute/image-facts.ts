/** What the image that a machine names says of the disks that are made of it. */
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { IMAGES } from './image-table.ts'
import { type DataDisk, isManagedImage, type StorageProfile } from './storage-profile.ts'

export interface ImageFacts {
  readonly osType: 'Linux' | 'Windows' | undefined
  readonly generation: string
  readonly osDiskSizeGB: number
  readonly dataDisks: readonly DataDisk[]
  /** The reference as answers show it: which version `latest` was. */
  readonly reference: Readonly<Record<string, unknown>> | undefined
}

const UNKNOWN: ImageFacts = {
  osType: undefined,
  generation: 'V2',
  osDiskSizeGB: 30,
  dataDisks: [],
  reference: undefined,
}

export async function imageFacts(
  call: Call,
  given: StorageProfile['imageReference'],
): Promise<ImageFacts> {
  if (given === undefined) return UNKNOWN
  const { id } = given
  if (id === undefined) return platformFacts(given)
  const image = isManagedImage(id) ? await findResource(call, parseResourceId(id)) : undefined
  return image ? managedFacts(image, given) : { ...UNKNOWN, reference: given }
}

function platformFacts(given: Readonly<Record<string, unknown>>): ImageFacts {
  const image = IMAGES.find(
    ({ publisher, offer, sku }) =>
      same(publisher, given.publisher) && same(offer, given.offer) && same(sku, given.sku),
  )
  if (!image) return { ...UNKNOWN, reference: given }
  const exactVersion = same('latest', given.version) ? image.versions.at(-1) : given.version
  return {
    ...UNKNOWN,
    osType: image.system,
    generation: image.generation,
    osDiskSizeGB: image.system === 'Windows' ? 127 : 30,
    reference: { ...given, exactVersion },
  }
}

function managedFacts({ properties }: Resource, reference: object): ImageFacts {
  const profile = properties.storageProfile as StorageProfile | undefined
  return {
    osType: profile?.osDisk?.osType === 'Windows' ? 'Windows' : 'Linux',
    generation: String(properties.hyperVGeneration ?? 'V1'),
    osDiskSizeGB: profile?.osDisk?.diskSizeGB ?? 30,
    dataDisks: (profile?.dataDisks ?? []).map(({ lun, diskSizeGB, caching }) => ({
      lun,
      createOption: 'FromImage',
      ...(diskSizeGB !== undefined && { diskSizeGB }),
      ...(caching !== undefined && { caching }),
    })),
    reference: { ...reference },
  }
}

function same(known: string, given: unknown): boolean {
  return typeof given === 'string' && known.toLowerCase() === given.toLowerCase()
}
