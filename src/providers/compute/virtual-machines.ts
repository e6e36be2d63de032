import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type Asked, storedType } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { runCommand } from './run-command.ts'
import { refuseTakenInterfaces, usesOfMachine } from './virtual-machine-uses.ts'
import { shownSize, VM_SIZES } from './vm-sizes.ts'

/** What a VM keeps for itself: what its owner wants of it. */
export interface VirtualMachineState {
  readonly power: 'running' | 'stopped' | 'deallocated'
  readonly vmId: string
  /** Counts restarts asked for: a live machine of an older generation is started again. */
  readonly generation: number
}

/** What is known of its properties; the rest is kept as it came. */
const properties = z.looseObject({
  hardwareProfile: z.looseObject({ vmSize: z.string().optional() }).optional(),
  storageProfile: z
    .looseObject({
      imageReference: z.looseObject({}).optional(),
      osDisk: z.looseObject({ osType: z.string().optional() }).optional(),
      dataDisks: z
        .array(
          z.looseObject({ managedDisk: z.looseObject({ id: z.string().optional() }).optional() }),
        )
        .optional(),
    })
    .optional(),
  osProfile: z
    .looseObject({
      computerName: z.string().optional(),
      adminUsername: z.string().optional(),
      adminPassword: z.string().optional(),
      customData: z.string().optional(),
    })
    .optional(),
  networkProfile: z
    .looseObject({
      networkInterfaces: z.array(z.looseObject({ id: z.string().optional() })).optional(),
    })
    .optional(),
  availabilitySet: z.looseObject({ id: z.string() }).optional(),
})
export type Properties = z.infer<typeof properties>

export const virtualMachines = storedType<Properties>({
  kind: 'stored',
  name: 'Microsoft.Compute/virtualMachines',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['zones', 'plan', 'extendedLocation', 'managedBy', 'placement'],
  names: {
    // A Linux host name's rules; Windows names are shorter, and accepted.
    pattern: /^(?!.*[-.]$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    code: 'InvalidParameter',
    message:
      'Linux host name cannot exceed 64 characters in length or contain the following characters: ` ' +
      '~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : \' " , < > / ?. (name: {name})',
  },
  properties,
  shows: { etag: true },
  uses: ({ id, properties: asked }) => usesOfMachine(id, asked),
  async settle(tx, asked, before) {
    await refuseTakenInterfaces(tx, asked.id, asked.properties)
    const state: VirtualMachineState = before
      ? stateOf(before)
      : { power: 'running', vmId: randomUUID(), generation: 1 }
    return {
      properties: settled(asked, before, state.vmId, before?.createdAt ?? tx.now),
      state: { ...state },
      later: { job: 'machines', provisioningState: before ? 'Updating' : 'Creating' },
    }
  },
  removal: { job: 'machines' },
  async shown(_call, resource, query) {
    const expand = (query.$expand ?? '').toLowerCase()
    return expand.includes('instanceview')
      ? { ...resource.properties, instanceView: instanceView(resource) }
      : resource.properties
  },
  reads: {
    instanceView: async (_call, resource) => instanceView(resource),
    vmSizes: async () => ({ value: VM_SIZES.map(shownSize) }),
  },
  actions: {
    start: async (_tx, resource) => power(resource, 'running'),
    powerOff: async (_tx, resource) => power(resource, 'stopped'),
    deallocate: async (_tx, resource) => power(resource, 'deallocated'),
    restart: async (_tx, resource) => {
      const state = stateOf(resource)
      if (state.power !== 'running') throw notRunning(resource)
      return later({ ...state, generation: state.generation + 1 })
    },
    async runCommand(tx, resource, body) {
      if (stateOf(resource).power !== 'running') throw mustRun()
      return runCommand(tx, resource.id, body)
    },
  },
})

/** What the provider keeps for itself of a VM. */
export function stateOf(resource: Resource): VirtualMachineState {
  return resource.state as unknown as VirtualMachineState
}

function settled(
  asked: Asked<Properties>,
  before: Resource | undefined,
  vmId: string,
  createdAt: Instant,
): Record<string, unknown> {
  const { osProfile, storageProfile, instanceView: _, ...rest } = asked.properties
  const diskName = `${asked.id.name}_OsDisk_1_${vmId.replaceAll('-', '')}`
  return {
    ...rest,
    hardwareProfile: asked.properties.hardwareProfile ?? { vmSize: 'Standard_D2s_v5' },
    storageProfile: {
      ...storageProfile,
      osDisk: {
        osType: osTypeOf(asked.properties),
        name: diskName,
        createOption: 'FromImage',
        caching: 'ReadWrite',
        deleteOption: 'Detach',
        diskSizeGB: 30,
        ...storageProfile?.osDisk,
      },
      dataDisks: storageProfile?.dataDisks ?? [],
    },
    osProfile: shownProfile(asked, osProfile, before),
    networkProfile: asked.properties.networkProfile ?? { networkInterfaces: [] },
    vmId,
    timeCreated: isoSevenDigits(createdAt),
  }
}

/** Passwords and custom data go in and are never shown, nor kept: nothing here logs in with them. */
function shownProfile(
  asked: Asked<Properties>,
  given: Properties['osProfile'],
  before: Resource | undefined,
): object {
  const was = before?.properties.osProfile as Properties['osProfile']
  const { adminPassword: _, customData: __, ...shown } = { ...was, ...given }
  return { computerName: asked.id.name, allowExtensionOperations: true, secrets: [], ...shown }
}

function osTypeOf({ osProfile, storageProfile }: Properties): string {
  const stated = storageProfile?.osDisk?.osType
  if (stated !== undefined) return stated
  const image = JSON.stringify(storageProfile?.imageReference ?? {}).toLowerCase()
  return osProfile?.windowsConfiguration || image.includes('windows') ? 'Windows' : 'Linux'
}

function power(resource: Resource, wanted: VirtualMachineState['power']) {
  return later({ ...stateOf(resource), power: wanted })
}

function later(state: VirtualMachineState) {
  return { state: { ...state }, later: { job: 'machines' as const } }
}

function notRunning(resource: Resource): Failure {
  return new Failure(
    'conflict',
    'OperationNotAllowed',
    `The VM '${resource.id.name}' cannot be restarted because it is not running.`,
  )
}

function mustRun(): Failure {
  return new Failure(
    'conflict',
    'OperationNotAllowed',
    'The operation requires the VM to be running (or set to run).',
  )
}

const POWER_SHOWN: Readonly<Record<VirtualMachineState['power'], string>> = {
  running: 'VM running',
  stopped: 'VM stopped',
  deallocated: 'VM deallocated',
}

function instanceView(resource: Resource): object {
  const { power } = stateOf(resource)
  const state = resource.provisioningState ?? 'Succeeded'
  const done = state === 'Succeeded'
  return {
    computerName: resource.id.name,
    osName: 'debian',
    vmAgent: { vmAgentVersion: 'Unknown', statuses: [], extensionHandlers: [] },
    statuses: [
      {
        code: `ProvisioningState/${state.toLowerCase()}`,
        level: 'Info',
        displayStatus: done ? 'Provisioning succeeded' : state,
        time: isoSevenDigits(resource.changedAt),
      },
      { code: `PowerState/${power}`, level: 'Info', displayStatus: POWER_SHOWN[power] },
    ],
  }
}
