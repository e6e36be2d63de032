/** What disks and snapshots are made of: nothing, an image, or a copy of one another. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId, readResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
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
async function sourceFacts(
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

/** What a disk or a snapshot is asked to be; the kind is the name of its sku. */
interface AskedDisk {
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly creationData: CreationData
    readonly diskSizeGB?: number | undefined
  }
  readonly sku: Readonly<Record<string, unknown>> | undefined
}

/**
 * What disks and snapshots have in common: the size, the kind, and what a copy has of its source.
 * @param usualSizeGB is asked where neither the body nor the source says a size
 */
export async function settledDisk(
  tx: Transaction,
  { properties: asked, sku }: AskedDisk,
  before: Resource | undefined,
  usualSizeGB: () => number,
) {
  // What it is made of is looked at once, when its maker is asked for the right to read it.
  const facts = before?.properties ?? (await sourceFacts(tx, asked.creationData))
  const { osType, hyperVGeneration, diskSizeGB: had } = facts
  const sizeGB = asked.diskSizeGB ?? (typeof had === 'number' ? had : usualSizeGB())
  const kind = String(sku?.name ?? before?.sku?.name ?? 'Standard_LRS')
  return {
    kind,
    sizeGB,
    sku: { name: kind, tier: kind.slice(0, kind.indexOf('_')) },
    properties: {
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      ...(osType !== undefined && { osType }),
      ...(hyperVGeneration !== undefined && { hyperVGeneration }),
      ...asked,
      ...(before && { creationData: before.properties.creationData }),
      ...settledSize(sizeGB, before),
      uniqueId: before?.properties.uniqueId ?? randomUUID(),
    },
  }
}

/**
 * The size in both units.
 * @throws Failure conflict `OperationNotAllowed` when a disk would shrink
 */
function settledSize(diskSizeGB: number, before: Resource | undefined) {
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
