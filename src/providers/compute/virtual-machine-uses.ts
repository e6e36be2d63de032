/** What a virtual machine refers to: network interfaces, disks, an image, what it stands in. */
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import type { Use } from '../provider.ts'
import { diskIdsOf, isManagedImage, type StorageProfile } from './storage-profile.ts'
import type { Properties } from './virtual-machines.ts'

const JOIN_INTERFACE = 'Microsoft.Network/networkInterfaces/join/action'

type Referring = Pick<
  Properties,
  | 'networkProfile'
  | 'storageProfile'
  | 'availabilitySet'
  | 'proximityPlacementGroup'
  | 'virtualMachineScaleSet'
>

/** A disk that the platform would make for the machine has no id yet. */
interface Reference {
  readonly id?: string | undefined
}

export function usesOfMachine(
  { text: from }: ResourceId,
  asked: Referring,
  was: StorageProfile | undefined,
): Use[] {
  const { storageProfile: storage } = asked
  const image = storage?.imageReference?.id
  const kept = {
    ...storage,
    osDisk: { ...was?.osDisk, ...storage?.osDisk },
    dataDisks: (storage?.dataDisks ?? was?.dataDisks ?? []).filter((one) => !one.toBeDetached),
  }
  const places = [
    asked.availabilitySet,
    asked.proximityPlacementGroup,
    asked.virtualMachineScaleSet,
  ]
  return [
    ...idsOf(asked.networkProfile?.networkInterfaces).map((to) => ({
      from,
      to,
      action: JOIN_INTERFACE,
    })),
    ...disksOf(from, diskIdsOf(kept)),
    ...idsOf(places).map((to) => ({ from, to })),
    ...(image !== undefined && isManagedImage(image) && !was ? [usesImage(from, image)] : []),
  ]
}

/** Attaching a disk changes it: its writer must be asked. */
export function disksOf(from: string, ids: readonly string[]): Use[] {
  return ids.map((id) => ({
    from,
    to: parseResourceId(id),
    action: 'Microsoft.Compute/disks/write',
  }))
}

function usesImage(from: string, image: string): Use {
  const to = parseResourceId(image)
  return { from, to, action: 'Microsoft.Compute/images/read', once: true }
}

function idsOf(references: readonly (Reference | undefined)[] = []): ResourceId[] {
  return references.flatMap((one) => (one?.id === undefined ? [] : [parseResourceId(one.id)]))
}

/** A network interface is in one machine at a time. @throws Failure invalid `NicInUse` */
export async function refuseTakenInterfaces(
  call: Call,
  machine: ResourceId,
  asked: Referring,
): Promise<void> {
  for (const to of idsOf(asked.networkProfile?.networkInterfaces)) {
    const other = (await usersOf(call, to)).find(({ ownerKey }) => ownerKey !== machine.key)
    if (!other) continue
    throw new Failure(
      'invalid',
      'NicInUse',
      `Network Interface ${to.text} is used by existing resource ${other.from}.`,
    )
  }
}

/** A disk is in one machine at a time. @throws Failure conflict `ConflictingUserInput` */
export async function refuseTakenDisks(
  call: Call,
  machine: ResourceId,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    const disk = parseResourceId(id)
    const other = (await usersOf(call, disk)).find(({ ownerKey }) => ownerKey !== machine.key)
    if (!other) continue
    throw new Failure(
      'conflict',
      'ConflictingUserInput',
      `Cannot attach the disk ${disk.name} to VM ${machine.text} because it is already attached to ` +
        `VM ${other.from}. A disk can be attached to only one VM at a time.`,
      { target: disk.text },
    )
  }
}
