import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type NamedChildren, storedType } from '../provider.ts'
import { readRange } from './addresses.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { availability, subnetUsages } from './free-addresses.ts'
import { SUBNET_TYPE, subnetDocument } from './subnets.ts'
import { PEERING_TYPE, peeringDocument } from './virtual-network-peerings.ts'

const properties = z.looseObject({
  addressSpace: z.looseObject({ addressPrefixes: z.array(z.string()).min(1) }),
  dhcpOptions: z.looseObject({ dnsServers: z.array(z.string()).optional() }).optional(),
  subnets: z.array(z.looseObject({ name: z.string(), properties: z.looseObject({}) })).optional(),
  virtualNetworkPeerings: z
    .array(z.looseObject({ name: z.string(), properties: z.looseObject({}) }))
    .optional(),
  enableDdosProtection: z.boolean().optional(),
  enableVmProtection: z.boolean().optional(),
  flowTimeoutInMinutes: z.int().min(4).max(30).optional(),
  encryption: z.looseObject({}).optional(),
  bgpCommunities: z.looseObject({}).optional(),
  privateEndpointVNetPolicies: z.string().optional(),
})
type Properties = z.infer<typeof properties>

/**
 * A virtual network. Its subnets are resources of their own, and may be written inside it: a body
 * that names subnets has no others, one that does not speak of them leaves them alone.
 */
export const virtualNetworks = storedType<Properties>({
  kind: 'stored',
  name: 'Microsoft.Network/virtualNetworks',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/ },
  properties,
  shows: { etag: true },
  async settle(_tx, { id, properties: asked }, before) {
    for (const prefix of asked.addressSpace.addressPrefixes) readRange(prefix, id.text)
    return {
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        addressSpace: { addressPrefixes: asked.addressSpace.addressPrefixes },
        ...(asked.dhcpOptions && { dhcpOptions: asked.dhcpOptions }),
        enableDdosProtection: asked.enableDdosProtection ?? false,
        privateEndpointVNetPolicies: asked.privateEndpointVNetPolicies ?? 'Disabled',
        ...given(asked, ['enableVmProtection', 'flowTimeoutInMinutes', 'encryption']),
        ...given(asked, ['bgpCommunities']),
      },
      children: [
        ...named(SUBNET_TYPE, asked.subnets),
        ...named(PEERING_TYPE, asked.virtualNetworkPeerings),
      ],
    }
  },
  async shown(call, network) {
    const subnets = await childrenOf(call, network, SUBNET_TYPE)
    const peerings = await childrenOf(call, network, PEERING_TYPE)
    return {
      ...network.properties,
      subnets: await Promise.all(subnets.map((one) => subnetDocument(call, one))),
      virtualNetworkPeerings: await Promise.all(peerings.map((one) => peeringDocument(call, one))),
    }
  },
  reads: {
    checkIPAddressAvailability: async (call, network, { ipaddress: asked = '' }) =>
      availability(call, await childrenOf(call, network, SUBNET_TYPE), asked),
    usages: async (call, network) => ({
      value: await subnetUsages(call, await childrenOf(call, network, SUBNET_TYPE)),
    }),
  },
})

async function childrenOf(call: Call, { id }: Resource, type: string) {
  const page = await listResources(call, { parentKey: id.key, types: [type.toLowerCase()] })
  return page.items
}

/** The children of a type that the body speaks of; none when it does not. */
function named(
  type: string,
  items: readonly { readonly name: string; readonly properties: object }[] | undefined,
): NamedChildren[] {
  if (!items) return []
  return [
    {
      type,
      items: items.map(({ name, properties: body }) => ({ name, body: { properties: body } })),
    },
  ]
}

function given(asked: Properties, names: readonly (keyof Properties)[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])),
  )
}
