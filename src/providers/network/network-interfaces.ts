import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { type IpConfiguration, ipConfiguration, settleConfigurations } from './ip-configurations.ts'
import { joins, reference, shownReference } from './reference.ts'

const properties = z.looseObject({
  ipConfigurations: z.array(ipConfiguration).min(1),
  networkSecurityGroup: reference.optional(),
  dnsSettings: z.looseObject({ dnsServers: z.array(z.string()).optional() }).optional(),
  enableAcceleratedNetworking: z.boolean().optional(),
  enableIPForwarding: z.boolean().optional(),
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
  names: { pattern: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/ },
  properties,
  shows: { etag: true },
  uses({ id, properties: asked }) {
    const inner = asked.ipConfigurations.flatMap(({ name, properties: of }) => {
      const from = `${id.text}/ipConfigurations/${name}`
      return [
        ...joins(from, of.subnet, 'Microsoft.Network/virtualNetworks/subnets'),
        ...joins(from, of.publicIPAddress, 'Microsoft.Network/publicIPAddresses'),
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
        dnsSettings: { dnsServers: dnsSettings?.dnsServers ?? [], appliedDnsServers: [] },
        macAddress: was?.macAddress ?? newMacAddress(),
        enableAcceleratedNetworking: asked.enableAcceleratedNetworking ?? false,
        enableIPForwarding: asked.enableIPForwarding ?? false,
        nicType: 'Standard',
      },
    }
  },
  inUse(resource, [by]) {
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
      ipConfigurations: shownConfigurations(resource),
      ...(user && { primary: true, virtualMachine: { id: user.from } }),
    }
  },
})

function shownConfigurations({ id, version, properties: kept }: Resource): object[] {
  const configurations = kept.ipConfigurations as readonly IpConfiguration[]
  return configurations.map(({ name, properties: of }) => ({
    id: `${id.text}/ipConfigurations/${name}`,
    name,
    type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
    etag: `"${version}"`,
    properties: { provisioningState: 'Succeeded', ...of },
  }))
}

/** An address of the vendor whose cards Azure's machines have. */
function newMacAddress(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))
  return ['00', '0D', '3A', ...tail].join('-').toUpperCase()
}
