import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { childResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType, type Use } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { type Frontend, settleFrontends } from './ip-configurations.ts'
import { shownPart } from './load-balancer-documents.ts'
import { innerReferences, PART_NAMES, PARTS, type Part, type Parts } from './load-balancer-parts.ts'
import { NETWORK_NAME } from './names.ts'
import { joins } from './reference.ts'

export const LOAD_BALANCER = 'Microsoft.Network/loadBalancers'

const list = <One extends z.ZodType>(one: One) => z.array(one).default([])
const properties = z.looseObject({
  frontendIPConfigurations: list(PARTS.frontendIPConfigurations),
  backendAddressPools: list(PARTS.backendAddressPools),
  loadBalancingRules: list(PARTS.loadBalancingRules),
  probes: list(PARTS.probes),
  inboundNatRules: list(PARTS.inboundNatRules),
  inboundNatPools: list(PARTS.inboundNatPools),
  outboundRules: list(PARTS.outboundRules),
})
type Properties = z.infer<typeof properties>

/** A load balancer: its parts are kept, referred to and shown; it balances nothing. */
export const loadBalancers = storedType<Properties>({
  kind: 'stored',
  name: LOAD_BALANCER,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses: ({ id, properties: asked }) => usesOf(id, asked),
  parts: ({ id, properties: kept }) =>
    PART_NAMES.flatMap((name) =>
      ((kept as unknown as Parts)[name] ?? []).map((part) => childResourceId(id, name, part.name)),
    ),
  async settle(tx, { id, properties: asked, sku }, before) {
    const kept = { ...partsIn(asked) }
    kept.frontendIPConfigurations = await settleFrontends(
      tx,
      id,
      asked.frontendIPConfigurations as Frontend[],
      (before?.properties.frontendIPConfigurations ?? []) as Frontend[],
    )
    refuseStrangeReferences(id, kept)
    if (before) await refuseUsedParts(tx, before, kept)
    return {
      sku: { name: 'Basic', tier: 'Regional', ...before?.sku, ...sku },
      properties: { resourceGuid: before?.properties.resourceGuid ?? randomUUID(), ...kept },
    }
  },
  inUse(balancer, by) {
    const set = by.find(isScaleSet)
    if (set === undefined) return undefined
    return new Failure(
      'invalid',
      'LoadBalancerInUseByVirtualMachineScaleSet',
      `Cannot delete load balancer ${balancer.id.text} since its child resources are in use by ` +
        `virtual machine scale set ${set}.`,
    )
  },
  async shown(call, balancer) {
    const parts = balancer.properties as unknown as Parts
    const lists = await Promise.all(
      PART_NAMES.map(async (name) => [
        name,
        await Promise.all(parts[name].map((part) => shownPart(call, balancer, name, part))),
      ]),
    )
    return { ...balancer.properties, ...Object.fromEntries(lists) }
  },
})

function partsIn(asked: Properties): Record<keyof Parts, readonly Part[]> {
  const lists = PART_NAMES.map((name) => [
    name,
    asked[name].map(({ name: own, zones, properties: of }) => ({
      name: own,
      ...(zones !== undefined && { zones }),
      properties: withBothPools(of),
    })),
  ])
  return Object.fromEntries(lists)
}

/** A rule says its pool twice: alone, and as a list. */
function withBothPools(of: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!('loadDistribution' in of)) return of
  const [first] = (of.backendAddressPools ?? []) as unknown[]
  const pool = of.backendAddressPool ?? first
  if (pool === undefined) return of
  return { ...of, backendAddressPool: pool, backendAddressPools: of.backendAddressPools ?? [pool] }
}

function usesOf(id: ResourceId, asked: Properties): Use[] {
  return asked.frontendIPConfigurations.flatMap(({ name, properties: of }) => {
    const from = `${id.text}/frontendIPConfigurations/${name}`
    return [
      ...joins(from, of.subnet, 'Microsoft.Network/virtualNetworks/subnets'),
      ...joins(from, of.publicIPAddress, 'Microsoft.Network/publicIPAddresses'),
      ...joins(from, of.publicIPPrefix, 'Microsoft.Network/publicIPPrefixes'),
    ]
  })
}

/** @throws Failure invalid `InvalidResourceReference` for a part that is not there */
function refuseStrangeReferences(balancer: ResourceId, parts: Parts): void {
  const own = new Set(
    PART_NAMES.flatMap((name) =>
      parts[name].map((part) => childResourceId(balancer, name, part.name).key),
    ),
  )
  for (const name of PART_NAMES) {
    for (const part of parts[name]) {
      const strange = innerReferences(part).find(({ id }) => !own.has(id.toLowerCase()))
      if (!strange) continue
      throw new Failure(
        'invalid',
        'InvalidResourceReference',
        `Resource ${strange.id} referenced by resource ${balancer.text}/${name}/${part.name} was ` +
          'not found. Please make sure that the referenced resource exists, and that both resources ' +
          'are in the same region.',
      )
    }
  }
}

/** What a scale set's machines are in does not go before it. */
async function refuseUsedParts(call: Call, before: Resource, kept: Parts): Promise<void> {
  const was = before.properties as unknown as Parts
  for (const [list, code, words] of GUARDED) {
    const names = new Set(kept[list].map(({ name }) => name.toLowerCase()))
    for (const { name } of was[list].filter((part) => !names.has(part.name.toLowerCase()))) {
      const users = await usersOf(call, childResourceId(before.id, list, name))
      const set = users.map(({ from }) => from).find(isScaleSet)
      if (set === undefined) continue
      throw new Failure(
        'invalid',
        code,
        `Cannot remove ${words} ${name} from load balancer since it is in use by virtual machine ` +
          `scale set ${set}.`,
      )
    }
  }
}

const GUARDED = [
  [
    'backendAddressPools',
    'LoadBalancerBackendAddressPoolInUseByVirtualMachineScaleSet',
    'backend address pool',
  ],
  [
    'inboundNatPools',
    'LoadBalancerInboundNatPoolInUseByVirtualMachineScaleSet',
    'inbound nat pool',
  ],
  ['probes', 'LoadBalancerProbeInUseByVirtualMachineScaleSet', 'probe'],
] as const

function isScaleSet(id: string): boolean {
  return /\/virtualMachineScaleSets\//i.test(id)
}
