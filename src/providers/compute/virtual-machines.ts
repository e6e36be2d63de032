import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type Asked, type Query, storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { attachDetachDisks } from './attach-detach-disks.ts'
import { instanceView, shownExtensions } from './instance-view.ts'
import { settleStorage } from './machine-disks.ts'
import { powerActions } from './power-actions.ts'
import { diskIdsOf, type StorageProfile, shownStorage, storageProfile } from './storage-profile.ts'
import { stateOf, type VirtualMachineState } from './virtual-machine-state.ts'
import { refuseTakenDisks, refuseTakenInterfaces, usesOfMachine } from './virtual-machine-uses.ts'
import { shownSize, VM_SIZES } from './vm-sizes.ts'

const reference = z.looseObject({ id: z.string() })

/** What is known of its properties; the rest is kept as it came. */
const properties = z.looseObject({
  hardwareProfile: z.looseObject({ vmSize: z.string().optional() }).optional(),
  storageProfile: storageProfile.optional(),
  osProfile: z
    .looseObject({
      computerName: z.string().optional(),
      adminUsername: z.string().optional(),
      adminPassword: z.string().optional(),
      customData: z.string().optional(),
      windowsConfiguration: z.looseObject({}).optional(),
    })
    .optional(),
  networkProfile: z
    .looseObject({
      networkInterfaces: z
        .array(
          z.looseObject({
            id: z.string().optional(),
            properties: z.looseObject({ deleteOption: z.string().optional() }).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  availabilitySet: reference.optional(),
  proximityPlacementGroup: reference.optional(),
  virtualMachineScaleSet: reference.optional(),
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
  uses: ({ id, properties: asked }, before) =>
    usesOfMachine(id, asked, before && storageOf(before)),
  async settle(tx, asked, before) {
    await refuseTakenInterfaces(tx, asked.id, asked.properties)
    await refuseTakenDisks(tx, asked.id, diskIdsOf(asked.properties.storageProfile))
    const state: VirtualMachineState = before
      ? stateOf(before)
      : { power: 'running', vmId: randomUUID(), generation: 1 }
    const was = before && storageOf(before)
    const { profile, beside } = await settleStorage(tx, asked, was, state.vmId)
    return {
      properties: settled(asked, before, profile, state.vmId, before?.createdAt ?? tx.now),
      state: { ...state },
      beside,
      later: { job: 'machines', provisioningState: before ? 'Updating' : 'Creating' },
    }
  },
  goesWith: goingWith,
  listed: isInSet,
  removal: { job: 'machines' },
  async shown(call, resource, query) {
    const expand = (query.$expand ?? '').toLowerCase()
    const { userData: _, ...properties } = resource.properties
    return {
      ...(expand.includes('userdata') ? resource.properties : properties),
      storageProfile: await shownStorage(call, storageOf(resource)),
      ...(expand.includes('instanceview') && { instanceView: await instanceView(call, resource) }),
    }
  },
  async shownBeside(call, resource) {
    const resources = await shownExtensions(call, resource)
    return resources.length > 0 ? { resources } : {}
  },
  reads: {
    instanceView,
    vmSizes: async () => ({ value: VM_SIZES.map(shownSize) }),
  },
  actions: { ...powerActions, attachDetachDataDisks: attachDetachDisks },
})

function storageOf({ properties }: Resource): StorageProfile {
  return (properties.storageProfile ?? {}) as StorageProfile
}

function settled(
  asked: Asked<Properties>,
  before: Resource | undefined,
  storage: StorageProfile,
  vmId: string,
  createdAt: Instant,
): Record<string, unknown> {
  const {
    osProfile,
    storageProfile: _,
    instanceView: __,
    additionalCapabilities,
    ...rest
  } = asked.properties
  // Passwords and custom data go in and are never shown, nor kept: nothing here logs in with them.
  return withoutSecrets({
    ...rest,
    ...capabilities(additionalCapabilities),
    hardwareProfile: asked.properties.hardwareProfile ?? { vmSize: 'Standard_D2s_v5' },
    storageProfile: storage,
    osProfile: shownProfile(asked, osProfile, before),
    networkProfile: asked.properties.networkProfile ?? { networkInterfaces: [] },
    vmId,
    timeCreated: isoSevenDigits(createdAt),
  })
}

/** Only those that are on are told. */
export function capabilities(asked: unknown): { additionalCapabilities?: object } {
  const on = Object.entries({ ...(asked as object | undefined) }).filter(
    ([, value]) => value === true,
  )
  return on.length > 0 ? { additionalCapabilities: Object.fromEntries(on) } : {}
}

function shownProfile(
  asked: Asked<Properties>,
  given: Properties['osProfile'],
  before: Resource | undefined,
): object {
  const was = before?.properties.osProfile as Properties['osProfile']
  return {
    ...{ computerName: asked.id.name, allowExtensionOperations: true, secrets: [] },
    ...was,
    ...given,
  }
}

const IN_SET = /^\s*'virtualMachineScaleSet\/id'\s+eq\s+'([^']+)'\s*$/i

/** Lists may be of the machines of one scale set alone. */
function isInSet({ properties: kept }: Resource, { $filter = '' }: Query): boolean {
  const [, wanted] = IN_SET.exec($filter) ?? []
  const set = kept.virtualMachineScaleSet as { id: string } | undefined
  return wanted === undefined || set?.id.toLowerCase() === wanted.toLowerCase()
}

/** The disks and network interfaces that its owner said shall be deleted with it. */
function goingWith(machine: Resource): ResourceId[] {
  const { osDisk, dataDisks } = storageOf(machine)
  const network = machine.properties.networkProfile as Properties['networkProfile']
  const disks = [osDisk, ...(dataDisks ?? [])].map((disk) => ({
    id: disk?.managedDisk?.id,
    option: disk?.deleteOption,
  }))
  const interfaces = (network?.networkInterfaces ?? []).map(({ id, properties: of }) => ({
    id,
    option: of?.deleteOption,
  }))
  return [...interfaces, ...disks].flatMap(({ id, option }) =>
    id !== undefined && option?.toLowerCase() === 'delete' ? [parseResourceId(id)] : [],
  )
}
