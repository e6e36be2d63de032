import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { listResources } from '../../core/resources/lists.ts'
import { storedType } from '../provider.ts'
import { readRange } from './addresses.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { SUBNET_TYPE, subnetDocument } from './subnets.ts'

const properties = z.looseObject({
  addressSpace: z.looseObject({ addressPrefixes: z.array(z.string()).min(1) }),
  dhcpOptions: z.looseObject({ dnsServers: z.array(z.string()).optional() }).optional(),
  subnets: z.array(z.looseObject({ name: z.string(), properties: z.looseObject({}) })).optional(),
  enableDdosProtection: z.boolean().optional(),
})

/**
 * A virtual network. Its subnets are resources of their own, and may be written inside it: a body
 * that names subnets has no others, one that does not speak of them leaves them alone.
 */
export const virtualNetworks = storedType<z.infer<typeof properties>>({
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
      },
      ...(asked.subnets && {
        children: [
          {
            type: SUBNET_TYPE,
            items: asked.subnets.map(({ name, properties: body }) => ({
              name,
              body: { properties: body },
            })),
          },
        ],
      }),
    }
  },
  async shown(call, network) {
    const { items } = await listResources(call, {
      parentKey: network.id.key,
      types: [SUBNET_TYPE.toLowerCase()],
    })
    const subnets = await Promise.all(items.map((subnet) => subnetDocument(call, subnet)))
    return { ...network.properties, subnets, virtualNetworkPeerings: [] }
  },
})
