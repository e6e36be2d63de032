import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { PRIVATE_DNS_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { joins, reference } from './reference.ts'

export const ZONE = 'Microsoft.Network/privateDnsZones'
const LINK = `${ZONE}/virtualNetworkLinks`

/** What every zone says of itself. */
const AUTHORITY = {
  ttl: 3600,
  soaRecord: {
    host: 'azureprivatedns.net',
    email: 'azureprivatedns-host.microsoft.com',
    serialNumber: 1,
    refreshTime: 3600,
    retryTime: 300,
    expireTime: 2_419_200,
    minimumTtl: 10,
  },
}

/** A private DNS zone: its records are kept and shown. The names of machines' sandboxes are their own. */
export const privateDnsZones = storedType({
  kind: 'stored',
  name: ZONE,
  apiVersions: PRIVATE_DNS_API_VERSIONS,
  place: 'group',
  location: 'optional',
  identity: 'none',
  names: { pattern: /^(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})+$/ },
  properties: z.looseObject({}),
  shows: { etag: true },
  async settle(_tx, _asked, before) {
    return {
      properties: { internalId: before?.properties.internalId ?? randomUUID() },
      ...(!before && {
        children: [
          { type: `${ZONE}/SOA`, items: [{ name: '@', body: { properties: AUTHORITY } }] },
        ],
      }),
    }
  },
  async refuseRemoval(call, zone) {
    if ((await childrenOf(call, zone, /virtualnetworklinks$/)).length === 0) return
    throw new Failure(
      'conflict',
      'CannotDeleteResource',
      'Can not delete resource before nested resources are deleted.',
    )
  },
  async shown(call, zone) {
    const links = await childrenOf(call, zone, /virtualnetworklinks$/)
    const registering = links.filter(({ properties: of }) => of.registrationEnabled === true)
    return {
      ...zone.properties,
      maxNumberOfRecordSets: 25_000,
      numberOfRecordSets: (await childrenOf(call, zone, /\/[a-z]{1,5}$/)).length,
      maxNumberOfVirtualNetworkLinks: 1000,
      numberOfVirtualNetworkLinks: links.length,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
      numberOfVirtualNetworkLinksWithRegistration: registering.length,
    }
  },
})

async function childrenOf(call: Call, { id }: Resource, type: RegExp): Promise<Resource[]> {
  const { items } = await listResources(call, { parentKey: id.key })
  return items.filter((one) => type.test(one.type))
}

const link = z.looseObject({
  virtualNetwork: reference,
  registrationEnabled: z.boolean().optional(),
  resolutionPolicy: z.string().optional(),
})

/** A network that would see the zone. */
export const virtualNetworkLinks = storedType<z.infer<typeof link>>({
  kind: 'stored',
  name: LINK,
  apiVersions: PRIVATE_DNS_API_VERSIONS,
  place: 'group',
  location: 'optional',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties: link,
  shows: { etag: true },
  uses: ({ id, properties: { virtualNetwork } }) =>
    joins(id.text, virtualNetwork, 'Microsoft.Network/virtualNetworks'),
  async settle(tx, { id, properties: asked }) {
    const wanted = asked.virtualNetwork.id.toLowerCase()
    const { items } = await listResources(tx, {
      parentKey: id.parent?.key ?? '',
      types: [LINK.toLowerCase()],
    })
    const twin = items.find(
      (one) =>
        one.id.key !== id.key &&
        (one.properties.virtualNetwork as { id: string }).id.toLowerCase() === wanted,
    )
    if (twin) {
      throw new Failure(
        'conflict',
        'Conflict',
        `The virtual network ${asked.virtualNetwork.id} is linked to the zone already, by ` +
          `${twin.id.name}.`,
      )
    }
    return {
      properties: {
        registrationEnabled: asked.registrationEnabled ?? false,
        resolutionPolicy: asked.resolutionPolicy ?? 'Default',
        virtualNetwork: { id: asked.virtualNetwork.id },
        virtualNetworkLinkState: 'Completed',
      },
    }
  },
})
