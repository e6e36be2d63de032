/** What a virtual machine refers to: network interfaces, disks it attaches, its availability set. */
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import type { Use } from '../provider.ts'
import type { Properties } from './virtual-machines.ts'

const JOIN_INTERFACE = 'Microsoft.Network/networkInterfaces/join/action'

type Referring = Pick<Properties, 'networkProfile' | 'storageProfile' | 'availabilitySet'>

/** A disk that the platform would make for the machine has no id yet. */
interface Reference {
  readonly id?: string | undefined
}

export function usesOfMachine({ text: from }: ResourceId, asked: Referring): Use[] {
  const interfaces = idsOf(asked.networkProfile?.networkInterfaces)
  const disks = idsOf(asked.storageProfile?.dataDisks?.map(({ managedDisk }) => managedDisk))
  const set = idsOf([asked.availabilitySet])
  return [
    ...interfaces.map((to) => ({ from, to, action: JOIN_INTERFACE })),
    ...[...disks, ...set].map((to) => ({ from, to })),
  ]
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
