/** What a machine is doing, as its instance view and its power actions tell it. */
import { isoSevenDigits } from '../../base/clock.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import type { StorageProfile } from './storage-profile.ts'
import { stateOf, type VirtualMachineState } from './virtual-machine-state.ts'

const EXTENSION = 'Microsoft.Compute/virtualMachines/extensions'

const POWER_SHOWN: Readonly<Record<VirtualMachineState['power'], string>> = {
  running: 'VM running',
  stopped: 'VM stopped',
  deallocated: 'VM deallocated',
}

export async function instanceView(call: Call, resource: Resource): Promise<object> {
  const { power, generalized } = stateOf(resource)
  const state = resource.provisioningState ?? 'Succeeded'
  const time = isoSevenDigits(resource.changedAt)
  const extensions = await extensionsOf(call, resource)
  const storage = resource.properties.storageProfile as StorageProfile
  const disks = [storage.osDisk, ...(storage.dataDisks ?? [])].flatMap((one) => one?.name ?? [])
  const { computerName } = (resource.properties.osProfile ?? {}) as { computerName?: string }
  return {
    computerName: computerName ?? resource.id.name,
    osName: 'debian',
    hyperVGeneration: await generationOf(call, storage),
    vmAgent: { vmAgentVersion: 'Unknown', statuses: [], extensionHandlers: [] },
    disks: disks.map((name) => ({ name, statuses: [succeeded(time)] })),
    ...(extensions.length > 0 && {
      extensions: extensions.map(({ id, properties: of, changedAt }) => ({
        name: id.name,
        type: `${of.publisher}.${of.type}`,
        typeHandlerVersion: of.typeHandlerVersion,
        statuses: [succeeded(isoSevenDigits(changedAt))],
      })),
    }),
    statuses: [
      {
        code: `ProvisioningState/${state.toLowerCase()}`,
        level: 'Info',
        displayStatus: state === 'Succeeded' ? 'Provisioning succeeded' : state,
        time,
      },
      ...(generalized
        ? [{ code: 'OSState/generalized', level: 'Info', displayStatus: 'VM generalized' }]
        : []),
      { code: `PowerState/${power}`, level: 'Info', displayStatus: POWER_SHOWN[power] },
    ],
  }
}

/** Of the disk that it starts from; one that is no resource says nothing. */
async function generationOf(call: Call, { osDisk }: StorageProfile): Promise<string> {
  const id = osDisk?.managedDisk?.id
  const disk = id === undefined ? undefined : await findResource(call, parseResourceId(id))
  return String(disk?.properties.hyperVGeneration ?? 'V2')
}

function succeeded(time: string) {
  return {
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    time,
  }
}

/** The extensions of a machine, of which its answers show a copy. */
async function extensionsOf(call: Call, { id }: Resource): Promise<readonly Resource[]> {
  const page = await listResources(call, {
    parentKey: id.key,
    types: [EXTENSION.toLowerCase()],
  })
  return page.items
}

export async function shownExtensions(call: Call, machine: Resource): Promise<object[]> {
  const found = await extensionsOf(call, machine)
  return found.map(({ id, location, tags, properties, provisioningState }) => ({
    name: id.name,
    id: id.text,
    type: EXTENSION,
    location,
    ...(tags && { tags }),
    properties: { ...properties, provisioningState },
  }))
}
