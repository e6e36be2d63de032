import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { childResourceId, parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import type { IpConfiguration } from './ip-configurations.ts'
import { joins, reference, shownReference } from './reference.ts'

const NAME = 'Microsoft.Network/privateEndpoints'
const NAMES = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/

const connection = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    privateLinkServiceId: z.string(),
    groupIds: z.array(z.string()).optional(),
    requestMessage: z.string().optional(),
  }),
})
type Connection = z.infer<typeof connection>

const properties = z.looseObject({
  subnet: reference,
  privateLinkServiceConnections: z.array(connection).optional(),
  manualPrivateLinkServiceConnections: z.array(connection).optional(),
  customNetworkInterfaceName: z.string().optional(),
  ipConfigurations: z.array(z.looseObject({})).optional(),
  applicationSecurityGroups: z.array(reference).optional(),
})

/** Names under which services are reached, by the group of an endpoint. */
const ZONES: Readonly<Record<string, string>> = {
  vault: 'vault.azure.net',
  blob: 'blob.core.windows.net',
  file: 'file.core.windows.net',
  queue: 'queue.core.windows.net',
  table: 'table.core.windows.net',
  dfs: 'dfs.core.windows.net',
  web: 'web.core.windows.net',
  sites: 'azurewebsites.net',
}

/**
 * A private endpoint: a network interface in a subnet, and the state of its connection. Nothing is
 * reached by its address: in every machine the names of services lead to them anyway.
 */
export const privateEndpoints = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: NAME,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: NAMES },
  properties,
  shows: { etag: true },
  uses({ id, properties: asked }, before) {
    const approved = asked.privateLinkServiceConnections ?? []
    const card = before && cardOf(before)
    return [
      ...joins(id.text, asked.subnet, 'Microsoft.Network/virtualNetworks/subnets'),
      ...(card ? [{ from: id.text, to: card }] : []),
      ...approved.map(({ properties: of }) => {
        const to = parseResourceId(of.privateLinkServiceId)
        const action = `${to.type}/privateEndpointConnectionsApproval/action`
        return { from: id.text, to, action, once: true as const }
      }),
    ]
  },
  async settle(_tx, { id, location, tags, properties: asked }, before) {
    const name = asked.customNetworkInterfaceName || `${id.name}.nic.${randomUUID()}`
    const card = (before && cardOf(before)) ?? siblingCard(id, name)
    const shown = (list: readonly Connection[] | undefined, status: string) =>
      (list ?? []).map((one) => shownConnection(id, one, status))
    return {
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        subnet: shownReference(asked.subnet),
        networkInterfaces: [{ id: card.text }],
        customNetworkInterfaceName: asked.customNetworkInterfaceName ?? '',
        ipConfigurations: asked.ipConfigurations ?? [],
        privateLinkServiceConnections: shown(asked.privateLinkServiceConnections, 'Approved'),
        manualPrivateLinkServiceConnections: shown(
          asked.manualPrivateLinkServiceConnections,
          'Pending',
        ),
      },
      ...(!before && {
        beside: [{ id: card, body: { location, tags, properties: cardProperties(asked) } }],
      }),
    }
  },
  goesWith: (endpoint) => [cardOf(endpoint)],
  async shown(call, endpoint) {
    return { ...endpoint.properties, customDnsConfigs: await namesOf(call, endpoint) }
  },
})

function siblingCard({ parent }: ResourceId, name: string): ResourceId {
  return parseResourceId(`${parent?.text}/providers/Microsoft.Network/networkInterfaces/${name}`)
}

function cardOf({ properties: kept }: Resource): ResourceId {
  const [card] = kept.networkInterfaces as { id: string }[]
  return parseResourceId(card?.id ?? '')
}

function cardProperties({ subnet }: z.infer<typeof properties>): object {
  const name = `privateEndpointIpConfig.${randomUUID()}`
  return { ipConfigurations: [{ name, properties: { subnet: shownReference(subnet) } }] }
}

function shownConnection(id: ResourceId, { name, properties: of }: Connection, status: string) {
  const at = childResourceId(id, 'privateLinkServiceConnections', name)
  return {
    name,
    id: at.text,
    type: at.type,
    properties: {
      provisioningState: 'Succeeded',
      groupIds: [],
      ...of,
      privateLinkServiceConnectionState: {
        status,
        description: status === 'Approved' ? 'Auto-Approved' : 'Awaiting Approval',
        actionsRequired: 'None',
      },
    },
  }
}

/** The names that would lead to its address. */
async function namesOf(call: Call, endpoint: Resource): Promise<object[]> {
  const card = await findResource(call, cardOf(endpoint))
  const configurations = (card?.properties.ipConfigurations ?? []) as readonly IpConfiguration[]
  const addresses = configurations.flatMap((one) => one.properties.privateIPAddress ?? [])
  const { privateLinkServiceConnections: approved } = endpoint.properties
  return (approved as Connection[]).flatMap(({ properties: of }) => {
    const zone = ZONES[of.groupIds?.[0]?.toLowerCase() ?? '']
    const { name } = parseResourceId(of.privateLinkServiceId)
    return zone === undefined ? [] : [{ fqdn: `${name}.${zone}`, ipAddresses: addresses }]
  })
}

const zoneGroup = z.looseObject({
  privateDnsZoneConfigs: z
    .array(
      z.looseObject({
        name: z.string(),
        properties: z.looseObject({ privateDnsZoneId: z.string() }),
      }),
    )
    .optional(),
})

/** The private DNS zones that an endpoint belongs to. */
export const privateDnsZoneGroups = storedType<z.infer<typeof zoneGroup>>({
  kind: 'stored',
  name: `${NAME}/privateDnsZoneGroups`,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: NAMES },
  properties: zoneGroup,
  shows: { etag: true },
  uses: ({ id, properties: { privateDnsZoneConfigs: all } }) =>
    (all ?? []).map(({ properties: of }) => ({
      from: id.text,
      to: parseResourceId(of.privateDnsZoneId),
      action: 'Microsoft.Network/privateDnsZones/join/action',
    })),
  async settle(_tx, { properties: { privateDnsZoneConfigs: all } }) {
    return {
      properties: {
        privateDnsZoneConfigs: (all ?? []).map(({ name, properties: of }) => ({
          name,
          properties: { privateDnsZoneId: of.privateDnsZoneId, recordSets: [] },
        })),
      },
    }
  },
})
