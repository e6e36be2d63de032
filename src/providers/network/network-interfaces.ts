import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import {
  type IpConfiguration,
  ipConfiguration,
  JOINED,
  type Joined,
  settleConfigurations,
} from './ip-configurations.ts'
import { NETWORK_NAME } from './names.ts'
import {
  isPrivateEndpoint,
  joins,
  joinsAll,
  type Reference,
  reference,
  shownReference,
} from './reference.ts'

const properties = z.looseObject({
  ipConfigurations: z.array(ipConfiguration).min(1),
  networkSecurityGroup: reference.optional(),
  dnsSettings: z
    .looseObject({
      dnsServers: z.array(z.string()).optional(),
      internalDnsNameLabel: z.string().optional(),
    })
    .optional(),
  enableAcceleratedNetworking: z.boolean().optional(),
  enableIPForwarding: z.boolean().optional(),
  disableTcpStateTracking: z.boolean().optional(),
  auxiliaryMode: z.string().optional(),
  auxiliarySku: z.string().optional(),
})

/** A network interface: where a machine, a subnet and a public address meet. */
export const networkInterfaces = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Network/networkInterfaces',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['extendedLocation'],
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses({ id, properties: asked }) {
    const inner = asked.ipConfigurations.flatMap(({ name, properties: of }) => {
      const from = `${id.text}/ipConfigurations/${name}`
      return [
        ...joins(from, of.subnet, 'Microsoft.Network/virtualNetworks/subnets'),
        ...joins(from, of.publicIPAddress, 'Microsoft.Network/publicIPAddresses'),
        ...joinsAll(from, of.applicationSecurityGroups, {
          action: 'Microsoft.Network/applicationSecurityGroups/joinIpConfiguration/action',
        }),
        ...joinsAll(from, of.loadBalancerBackendAddressPools, {
          action: 'Microsoft.Network/loadBalancers/backendAddressPools/join/action',
        }),
        ...joinsAll(from, of.loadBalancerInboundNatRules, {
          action: 'Microsoft.Network/loadBalancers/inboundNatRules/join/action',
        }),
      ]
    })
    const group = joins(
      id.text,
      asked.networkSecurityGroup,
      'Microsoft.Network/networkSecurityGroups',
    )
    return [...inner, ...group]
  },
  async settle(tx, { id, properties: asked }, before) {
    const was = before?.properties
    const kept = (was?.ipConfigurations ?? []) as readonly IpConfiguration[]
    const { networkSecurityGroup, dnsSettings } = asked
    return {
      properties: {
        resourceGuid: was?.resourceGuid ?? randomUUID(),
        ipConfigurations: await settleConfigurations(tx, id, asked.ipConfigurations, kept),
        ...(networkSecurityGroup && { networkSecurityGroup: shownReference(networkSecurityGroup) }),
        dnsSettings: {
          dnsServers: dnsSettings?.dnsServers ?? [],
          appliedDnsServers: dnsSettings?.dnsServers ?? [],
          ...(dnsSettings?.internalDnsNameLabel !== undefined && {
            internalDnsNameLabel: dnsSettings.internalDnsNameLabel,
          }),
          internalDomainNameSuffix: 'internal.cloudapp.net',
        },
        macAddress: was?.macAddress ?? newMacAddress(),
        enableAcceleratedNetworking: asked.enableAcceleratedNetworking ?? false,
        enableIPForwarding: asked.enableIPForwarding ?? false,
        disableTcpStateTracking: asked.disableTcpStateTracking ?? false,
        ...(asked.auxiliaryMode !== undefined && { auxiliaryMode: asked.auxiliaryMode }),
        ...(asked.auxiliarySku !== undefined && { auxiliarySku: asked.auxiliarySku }),
        nicType: 'Standard',
      },
    }
  },
  goesWith({ properties: kept }) {
    const configurations = (kept.ipConfigurations ?? []) as readonly IpConfiguration[]
    return configurations.flatMap(({ properties: { publicIPAddress: of } }) =>
      of?.properties?.deleteOption?.toLowerCase() === 'delete' ? [parseResourceId(of.id)] : [],
    )
  },
  inUse(resource, [by = '']) {
    if (isPrivateEndpoint(by)) {
      return new Failure(
        'invalid',
        'CannotDeleteNetworkInterfaceWithPrivateEndpoint',
        `Network Interface ${resource.id.text} cannot be deleted: it belongs to private endpoint ` +
          `${by}. Delete the private endpoint instead.`,
      )
    }
    return new Failure(
      'invalid',
      'NicInUse',
      `Network Interface ${resource.id.text} is used by existing resource ${by}. In order to ` +
        'delete the network interface, it must be dissociated from the resource. To learn more, ' +
        'see aka.ms/deletenic.',
    )
  },
  async shown(call, resource) {
    const [user] = await usersOf(call, resource.id)
    return {
      ...resource.properties,
      ipConfigurations: await shownConfigurations(call, resource),
      ...(user && isPrivateEndpoint(user.from) && { privateEndpoint: { id: user.from } }),
      ...(user &&
        !isPrivateEndpoint(user.from) && { primary: true, virtualMachine: { id: user.from } }),
    }
  },
})

async function shownConfigurations(
  call: Call,
  { id, version, properties: kept }: Resource,
): Promise<object[]> {
  const configurations = kept.ipConfigurations as readonly IpConfiguration[]
  return Promise.all(
    configurations.map(async ({ name, properties: of }) => ({
      id: `${id.text}/ipConfigurations/${name}`,
      name,
      type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
      etag: `"${version}"`,
      properties: { provisioningState: 'Succeeded', ...of, ...(await stillJoined(call, of)) },
    })),
  )
}

/** Parts of a load balancer may go while something is in them: what is gone is not shown. */
async function stillJoined(call: Call, of: Joined): Promise<Joined> {
  const lists = JOINED.flatMap((name) =>
    of[name] === undefined ? [] : [[name, of[name]] as const],
  )
  const shown = await Promise.all(
    lists.map(async ([name, all]) => [name, await thoseThatAre(call, all)] as const),
  )
  return Object.fromEntries(shown)
}

async function thoseThatAre(call: Call, all: readonly Reference[]): Promise<Reference[]> {
  const found: Reference[] = []
  for (const reference of all) {
    const id = parseResourceId(reference.id)
    const whole = await findResource(call, isPart(id) && id.parent ? id.parent : id)
    const parts = whole?.properties[id.type.slice(id.type.lastIndexOf('/') + 1)]
    const isThere = isPart(id)
      ? (parts as { name: string }[] | undefined)?.some((one) => sameName(one.name, id.name))
      : whole !== undefined
    if (isThere) found.push(reference)
  }
  return found
}

function isPart({ type }: ResourceId): boolean {
  return type.split('/').length > 2
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** An address of the vendor whose cards Azure's machines have. */
function newMacAddress(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))
  return ['00', '0D', '3A', ...tail].join('-').toUpperCase()
}
