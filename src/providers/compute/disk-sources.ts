/** What disks and snapshots are made of: nothing, an image, or a copy of one another. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId, readResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { Use } from '../provider.ts'

const GIGABYTE = 1024 ** 3

export const creationData = z.looseObject({
  createOption: z.string(),
  sourceResourceId: z.string().optional(),
})
export type CreationData = z.infer<typeof creationData>

/** Copying takes the right to read what is on the source. */
export function usesOfSource({ text: from }: ResourceId, made: CreationData): Use[] {
  const to =
    made.sourceResourceId === undefined ? undefined : parseResourceId(made.sourceResourceId)
  return to ? [{ from, to, action: `${to.type}/beginGetAccess/action`, once: true }] : []
}

/** What a copy has of its source; the size may be larger. */
export async function sourceFacts(
  call: Call,
  { sourceResourceId }: CreationData,
): Promise<Record<string, unknown>> {
  const id = sourceResourceId === undefined ? undefined : readResourceId(sourceResourceId)
  const source = id && (await findResource(call, id))
  if (!source) return {}
  const { diskSizeGB, osType, hyperVGeneration } = source.properties
  return {
    diskSizeGB,
    ...(osType !== undefined && { osType }),
    ...(hyperVGeneration !== undefined && { hyperVGeneration }),
  }
}

/**
 * The size in both units.
 * @throws Failure conflict `OperationNotAllowed` when a disk would shrink
 */
export function settledSize(diskSizeGB: number, before: Resource | undefined) {
  const diskSizeBytes = diskSizeGB * GIGABYTE
  const had = before?.properties.diskSizeBytes
  if (typeof had === 'number' && diskSizeBytes < had) {
    throw new Failure(
      'conflict',
      'OperationNotAllowed',
      `Disk size reduction is not supported. Current size is ${had} bytes, requested size is ` +
        `${diskSizeBytes} bytes.`,
    )
  }
  return { diskSizeGB, diskSizeBytes }
}
