import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type ActionAnswer, storedType } from '../provider.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { COMPUTE_API_VERSIONS } from './api-versions.ts'
import { imageFacts } from './image-facts.ts'
import { changed, chosen, type Instance, scaled, stateOfSet } from './scale-set-instances.ts'
import { machineProfile, usesOfProfile } from './scale-set-uses.ts'
import { capabilities } from './virtual-machines.ts'

export const SCALE_SET = 'Microsoft.Compute/virtualMachineScaleSets'

const properties = z.looseObject({
  upgradePolicy: z.looseObject({ mode: z.string().optional() }).optional(),
  orchestrationMode: z.string().optional(),
  virtualMachineProfile: machineProfile.optional(),
  overprovision: z.boolean().optional(),
  singlePlacementGroup: z.boolean().optional(),
  proximityPlacementGroup: z.looseObject({ id: z.string() }).optional(),
})
type Properties = z.infer<typeof properties>

const MOST_INSTANCES = 1000

/** What actions on some of its instances are sent; nothing for all of them. */
const wantedInstances = z
  .strictObject({
    instanceIds: z.array(z.string()).nullish(),
    forceUpdateOSDiskForEphemeral: z.boolean().nullish(),
    exactVersion: z.string().nullish(),
    tempDisk: z.boolean().nullish(),
  })
  .optional()

/** A scale set: a model, its identities, and as many instances as its capacity says. */
export const scaleSets = storedType<Properties>({
  kind: 'stored',
  name: SCALE_SET,
  apiVersions: COMPUTE_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'system-and-user',
  envelope: ['zones', 'plan', 'extendedLocation', 'placement'],
  names: { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/ },
  properties,
  shows: { etag: true },
  uses({ id, properties }, before) {
    const asked = withThoseBefore(properties, before)
    const near = asked.proximityPlacementGroup
    return [
      ...usesOfProfile(id, asked.virtualMachineProfile ?? {}, before),
      ...(near ? [{ from: id.text, to: parseResourceId(near.id) }] : []),
    ]
  },
  async settle(tx, asked, before) {
    const wanted = withThoseBefore(asked.properties, before)
    const isFlexible = /^flexible$/i.test(wanted.orchestrationMode ?? '')
    const capacity = capacityOf(asked.sku?.capacity ?? before?.sku?.capacity ?? 0)
    const kept = await settled(tx, wanted, before, isFlexible)
    const had = before ? stateOfSet(before) : { instances: [], next: 0 }
    const hasNewModel = before !== undefined && modelOf(before.properties) !== modelOf(kept)
    const isManual = !/^(automatic|rolling)$/i.test(String(kept.upgradePolicy.mode))
    const older = had.instances.map((one) =>
      hasNewModel && isManual ? { ...one, isLatest: false } : one,
    )
    const grown = { ...had, instances: older }
    return {
      ...(asked.sku && { sku: { tier: 'Standard', ...before?.sku, ...asked.sku, capacity } }),
      ...(!asked.sku && before?.sku && { sku: before.sku }),
      tags: asked.tags ?? before?.tags,
      envelope: { ...before?.envelope, ...asked.envelope },
      properties: kept,
      state: { ...scaled(grown, capacity, { id: asked.id, isFlexible, now: tx.now }) },
    }
  },
  inUse(set, [by]) {
    return new Failure(
      'conflict',
      'OperationNotAllowed',
      `Virtual Machine Scale Set '${set.id.name}' cannot be deleted while virtual machine ${by} is ` +
        'in it.',
    )
  },
  async shown(_call, resource) {
    return { ...resource.properties, timeCreated: isoSevenDigits(resource.createdAt) }
  },
  reads: { instanceView: async (_call, set) => viewOf(set) },
  actions: {
    start: async (_tx, set, body) => change(set, body, { power: 'running' }),
    powerOff: async (_tx, set, body) => change(set, body, { power: 'stopped' }),
    deallocate: async (_tx, set, body) => change(set, body, { power: 'deallocated' }),
    restart: async (_tx, set, body) => change(set, body, {}),
    reimage: async (_tx, set, body) => change(set, body, {}),
    reimageAll: async (_tx, set, body) => change(set, body, {}),
    manualupgrade: async (_tx, set, body) => change(set, body, { isLatest: true }),
    delete: async (_tx, set, body) => withoutInstances(set, namedIn(body)),
  },
})

/** A body changes what it speaks of: one that only says a capacity leaves the model as it is. */
function withThoseBefore(asked: Properties, before: Resource | undefined): Properties {
  return { ...(before?.properties as Properties | undefined), ...asked }
}

/** @throws Failure invalid when it is no number of machines that a set can have */
function capacityOf(given: unknown): number {
  const capacity = Number(given)
  if (Number.isInteger(capacity) && capacity >= 0 && capacity <= MOST_INSTANCES) return capacity
  throw new Failure(
    'invalid',
    'InvalidParameter',
    `The value ${given} of parameter sku.capacity is invalid: it is from 0 to ${MOST_INSTANCES}.`,
    { target: 'sku.capacity' },
  )
}

async function settled(
  tx: Parameters<typeof imageFacts>[0],
  asked: Properties,
  before: Resource | undefined,
  isFlexible: boolean,
) {
  const { additionalCapabilities, virtualMachineProfile: profile, ...rest } = asked
  const storage = profile?.storageProfile
  const image = await imageFacts(tx, storage?.imageReference)
  return withoutSecrets({
    singlePlacementGroup: !isFlexible,
    orchestrationMode: 'Uniform',
    platformFaultDomainCount: isFlexible ? 1 : 5,
    ...(!isFlexible && { overprovision: true }),
    ...rest,
    ...capabilities(additionalCapabilities),
    ...(profile && {
      virtualMachineProfile: {
        ...profile,
        storageProfile: {
          ...storage,
          osDisk: {
            osType: image.osType ?? 'Linux',
            createOption: 'FromImage',
            caching: 'None',
            diskSizeGB: image.osDiskSizeGB,
            ...storage?.osDisk,
          },
        },
      },
    }),
    upgradePolicy: { mode: 'Manual', ...rest.upgradePolicy },
    uniqueId: before?.properties.uniqueId ?? randomUUID(),
  })
}

/** What instances are made by, as one text. */
function modelOf(properties: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(properties.virtualMachineProfile ?? null)
}

/** @throws Failure invalid when it is sent something else */
function namedIn(body: unknown): readonly string[] | undefined {
  const read = wantedInstances.safeParse(body)
  if (read.success) return read.data?.instanceIds ?? undefined
  throw new Failure(
    'invalid',
    'InvalidParameter',
    'The request names the instances that are meant: instanceIds is a list of texts.',
    { target: 'instanceIds' },
  )
}

function change(set: Resource, body: unknown, wanted: Partial<Instance>): ActionAnswer {
  const state = stateOfSet(set)
  return { state: { ...changed(state, chosen(state, namedIn(body)), wanted) } }
}

/** Instances that are deleted are not made again: the capacity shrinks with them. */
export function withoutInstances(set: Resource, named: readonly string[] | undefined) {
  const state = stateOfSet(set)
  const going = chosen(state, named)
  const instances = state.instances.filter(({ id }) => !going.has(id))
  return {
    state: { ...state, instances },
    properties: set.properties,
    sku: { ...set.sku, capacity: instances.length },
  }
}

function viewOf(set: Resource): object {
  const { instances } = stateOfSet(set)
  const summary =
    instances.length > 0 ? [{ code: 'ProvisioningState/succeeded', count: instances.length }] : []
  return {
    virtualMachine: { statusesSummary: summary },
    statuses: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        time: isoSevenDigits(set.changedAt),
      },
    ],
  }
}
