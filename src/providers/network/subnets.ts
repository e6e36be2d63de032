import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { listResources } from '../../core/resources/lists.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { contains, overlap, type Range, readRange } from './addresses.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { isPrivateEndpoint, joins, reference, shownReference } from './reference.ts'

export const SUBNET_TYPE = 'Microsoft.Network/virtualNetworks/subnets'

const properties = z
  .looseObject({
    addressPrefix: z.string().optional(),
    addressPrefixes: z.array(z.string()).optional(),
    networkSecurityGroup: reference.optional(),
    routeTable: reference.optional(),
    natGateway: reference.optional(),
    serviceEndpoints: z
      .array(z.looseObject({ service: z.string(), locations: z.array(z.string()).optional() }))
      .optional(),
    delegations: z
      .array(z.looseObject({ name: z.string(), properties: z.looseObject({}).optional() }))
      .optional(),
    privateEndpointNetworkPolicies: z.string().optional(),
    privateLinkServiceNetworkPolicies: z.string().optional(),
    defaultOutboundAccess: z.boolean().optional(),
  })
  .refine((body) => body.addressPrefix || body.addressPrefixes?.length, {
    message: "The 'addressPrefix' member is required",
  })

/** A subnet: a range of its network's addresses, from which network interfaces take theirs. */
export const subnets = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: SUBNET_TYPE,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses: ({ id: { text }, properties: asked }) => [
    ...joins(text, asked.networkSecurityGroup, 'Microsoft.Network/networkSecurityGroups'),
    ...joins(text, asked.routeTable, 'Microsoft.Network/routeTables'),
    ...joins(text, asked.natGateway, 'Microsoft.Network/natGateways'),
  ],
  async settle(tx, { id, properties: asked }) {
    await refuseBadRanges(tx, id, rangesOf(asked, id))
    const { addressPrefix, addressPrefixes, networkSecurityGroup, routeTable, natGateway } = asked
    return {
      properties: {
        ...(addressPrefix !== undefined ? { addressPrefix } : { addressPrefixes }),
        ...(networkSecurityGroup && { networkSecurityGroup: shownReference(networkSecurityGroup) }),
        ...(routeTable && { routeTable: shownReference(routeTable) }),
        ...(natGateway && { natGateway: shownReference(natGateway) }),
        serviceEndpoints: (asked.serviceEndpoints ?? []).map(({ service, locations }) => ({
          provisioningState: 'Succeeded',
          service,
          locations: locations ?? ['*'],
        })),
        delegations: (asked.delegations ?? []).map(({ name, properties: of }) => ({
          name,
          id: `${id.text}/delegations/${name}`,
          type: `${SUBNET_TYPE}/delegations`,
          properties: { actions: [], ...of, provisioningState: 'Succeeded' },
        })),
        privateEndpointNetworkPolicies: asked.privateEndpointNetworkPolicies ?? 'Disabled',
        privateLinkServiceNetworkPolicies: asked.privateLinkServiceNetworkPolicies ?? 'Enabled',
        ...(asked.defaultOutboundAccess !== undefined && {
          defaultOutboundAccess: asked.defaultOutboundAccess,
        }),
      },
    }
  },
  inUse(subnet, [by]) {
    return new Failure(
      'invalid',
      'InUseSubnetCannotBeDeleted',
      `Subnet ${subnet.id.name} is in use by ${by} and cannot be deleted. In order to delete the ` +
        'subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.',
    )
  },
  async shown(call, subnet) {
    const users = (await usersOf(call, subnet.id)).map(({ from }) => ({ id: from }))
    const endpoints = users.filter(({ id }) => isPrivateEndpoint(id))
    const others = users.filter(({ id }) => !isPrivateEndpoint(id))
    return {
      ...subnet.properties,
      ...(others.length > 0 && { ipConfigurations: others }),
      ...(endpoints.length > 0 && { privateEndpoints: endpoints }),
    }
  },
})

/** A subnet as its network shows it. */
export async function subnetDocument(call: Call, subnet: Resource): Promise<object> {
  const shown = (await subnets.shown?.(call, subnet, {})) ?? {}
  return {
    id: subnet.id.text,
    name: subnet.id.name,
    type: SUBNET_TYPE,
    etag: `"${subnet.version}"`,
    properties: { ...shown, provisioningState: subnet.provisioningState },
  }
}

/** The IPv4 ranges of a subnet, asked for or kept. */
export function rangesOf(
  body: { readonly addressPrefix?: unknown; readonly addressPrefixes?: unknown },
  { text }: ResourceId,
): Range[] {
  const all = Array.isArray(body.addressPrefixes) ? body.addressPrefixes : [body.addressPrefix]
  return all.flatMap((one) => (typeof one === 'string' ? (readRange(one, text) ?? []) : []))
}

/** @throws Failure invalid `NetcfgInvalidSubnet`, `NetcfgSubnetRangesOverlap` */
async function refuseBadRanges(call: Call, id: ResourceId, ranges: readonly Range[]) {
  const network = id.parent && (await findResource(call, id.parent))
  if (!network) return
  const space = network.properties.addressSpace as { addressPrefixes: string[] }
  const around = space.addressPrefixes.flatMap((one) => readRange(one, network.id.text) ?? [])
  if (!ranges.every((range) => around.some((outer) => contains(outer, range)))) {
    throw new Failure(
      'invalid',
      'NetcfgInvalidSubnet',
      `Subnet '${id.name}' is not valid because its IP address range is outside the IP address ` +
        `range of virtual network '${network.id.name}'.`,
    )
  }
  const siblings = await listResources(call, {
    parentKey: network.id.key,
    types: [SUBNET_TYPE.toLowerCase()],
  })
  for (const sibling of siblings.items) {
    if (sibling.id.key === id.key) continue
    const theirs = rangesOf(sibling.properties, sibling.id)
    if (!ranges.some((range) => theirs.some((other) => overlap(range, other)))) continue
    throw new Failure(
      'invalid',
      'NetcfgSubnetRangesOverlap',
      `Subnet '${id.name}' is not valid because its IP address range overlaps with that of an ` +
        `existing subnet in virtual network '${network.id.name}'.`,
    )
  }
}
