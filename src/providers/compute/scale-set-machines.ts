/** The instances of a scale set, one by one: `…/virtualMachineScaleSets/{set}/virtualMachines/{id}`. */
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { refuseLocked } from '../../core/resources/locks.ts'
import {
  findResource,
  findResourceByKey,
  putResource,
  type Resource,
} from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType, Query } from '../provider.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { changed, type Instance, stateOfSet } from './scale-set-instances.ts'
import type { MachineProfile } from './scale-set-uses.ts'
import { SCALE_SET, withoutInstances } from './scale-sets.ts'
import { stateOf } from './virtual-machine-state.ts'

const NAME = `${SCALE_SET}/virtualMachines`

const place = {
  kind: 'derived',
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
} as const

export const scaleSetMachines: DerivedType = {
  ...place,
  name: NAME,
  async list(call, scope, query) {
    const set = await setAt(call, scope)
    const all = [...stateOfSet(set).instances, ...(await joinedMachines(call, set))]
    return { status: 200, body: { value: all.map((one) => documentOf(set, one, query)) } }
  },
  async get(call, id, query) {
    const { set, instance } = await instanceAt(call, id)
    return { status: 200, body: documentOf(set, instance, query) }
  },
  async remove(tx, id) {
    const { set, instance } = await instanceAt(tx, id)
    await keep(tx, { ...set, ...withoutInstances(set, [instance.id]) })
    return { status: 200 }
  },
  actions: {
    start: (tx, at) => power(tx, at, { power: 'running' }),
    powerOff: (tx, at) => power(tx, at, { power: 'stopped' }),
    deallocate: (tx, at) => power(tx, at, { power: 'deallocated' }),
    restart: (tx, at) => power(tx, at, {}),
    reimage: (tx, at) => power(tx, at, {}),
  },
}

/** GET …/virtualMachines/{id}/instanceView. */
export const scaleSetMachineViews: DerivedType = {
  ...place,
  name: `${NAME}/instanceView`,
  async list(call, at) {
    const { instance } = await instanceAt(call, at)
    return { status: 200, body: viewOf(instance) }
  },
}

/** Virtual machines that were made into the set, and live. */
async function joinedMachines(call: Call, { id }: Resource): Promise<Instance[]> {
  const joined: Instance[] = []
  for (const { ownerKey } of await usersOf(call, id)) {
    const machine = await findResourceByKey(call, ownerKey)
    if (!machine) continue
    const { name } = machine.id
    const { vmId, power } = stateOf(machine)
    joined.push({ id: name, name, vmId, power, isLatest: true, createdAt: machine.createdAt })
  }
  return joined
}

async function setAt(call: Call, id: ResourceId): Promise<Resource> {
  const set = await findResource(call, id)
  if (set) return set
  throw new Failure('missing', 'ResourceNotFound', `The scale set '${id.text}' was not found.`)
}

async function instanceAt(call: Call, id: ResourceId) {
  const set = await setAt(call, id.parent as ResourceId)
  const wanted = id.name.toLowerCase()
  const instance = stateOfSet(set).instances.find((one) => one.id.toLowerCase() === wanted)
  if (instance) return { set, instance }
  throw new Failure(
    'missing',
    'InvalidParameter',
    `The provided instanceId ${id.name} is not an active Virtual Machine Scale Set VM instanceId.`,
    { target: 'instanceId' },
  )
}

async function power(tx: Transaction, at: ResourceId, wanted: Partial<Instance>): Promise<Answer> {
  await refuseLocked(tx, at, 'write')
  const { set, instance } = await instanceAt(tx, at)
  const state = changed(stateOfSet(set), new Set([instance.id]), wanted)
  await keep(tx, { ...set, state: { ...state } })
  return { status: 200 }
}

async function keep(tx: Transaction, set: Resource): Promise<void> {
  await putResource(tx, {
    ...set,
    version: set.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  })
}

function documentOf(set: Resource, instance: Instance, query: Query): object {
  const profile = (set.properties.virtualMachineProfile ?? {}) as MachineProfile
  const { osProfile, networkProfile, storageProfile, ...rest } = profile
  const { computerNamePrefix, ...os } = osProfile ?? {}
  const id = `${set.id.text}/virtualMachines/${instance.id}`
  const number = Number(instance.id).toString(36).toUpperCase().padStart(6, '0')
  const cards = networkProfile?.networkInterfaceConfigurations ?? []
  const { capacity: _, ...sku } = { ...set.sku }
  return {
    name: instance.name,
    id,
    type: NAME,
    location: set.location,
    ...(set.tags && { tags: set.tags }),
    instanceId: instance.id,
    sku,
    properties: {
      ...rest,
      latestModelApplied: instance.isLatest,
      modelDefinitionApplied: 'VirtualMachineScaleSet',
      vmId: instance.vmId,
      hardwareProfile: {},
      storageProfile,
      osProfile: { computerName: `${computerNamePrefix ?? set.id.name}${number}`, ...os },
      networkProfile: {
        networkInterfaces: cards.map(({ name, properties: of }) => ({
          id: `${id}/networkInterfaces/${name}`,
          properties: { primary: of?.primary ?? cards.length === 1 },
        })),
      },
      networkProfileConfiguration: { networkInterfaceConfigurations: cards },
      provisioningState: 'Succeeded',
      timeCreated: isoSevenDigits(instance.createdAt as Instant),
      ...(/instanceview/i.test(query.$expand ?? '') && { instanceView: viewOf(instance) }),
    },
  }
}

function viewOf({ power, createdAt }: Instance): object {
  const said = { running: 'VM running', stopped: 'VM stopped', deallocated: 'VM deallocated' }
  return {
    statuses: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        time: isoSevenDigits(createdAt as Instant),
      },
      { code: `PowerState/${power}`, level: 'Info', displayStatus: said[power] },
    ],
  }
}
