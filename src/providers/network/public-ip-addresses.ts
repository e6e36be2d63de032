import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { resourcesOfType } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { firstFree, type Range, readRange } from './addresses.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { joins, reference, shownReference } from './reference.ts'

const NAME = 'Microsoft.Network/publicIPAddresses'

/**
 * Addresses set aside for measurements, which nobody on the Internet has: a Locum has no public
 * ones to give, and shows none that belong to others.
 */
const POOL = '198.19.0.0/16'

const properties = z.looseObject({
  publicIPAllocationMethod: z.string().optional(),
  publicIPAddressVersion: z.string().optional(),
  idleTimeoutInMinutes: z.int().min(4).max(30).optional(),
  dnsSettings: z
    .looseObject({ domainNameLabel: z.string().optional(), reverseFqdn: z.string().optional() })
    .optional(),
  ddosSettings: z.looseObject({}).optional(),
  publicIPPrefix: reference.optional(),
  ipTags: z.array(z.looseObject({})).optional(),
  deleteOption: z.string().optional(),
})

/** A public address: a dynamic one is shown while something uses it, a static one always. */
export const publicIPAddresses = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: NAME,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones', 'extendedLocation'],
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses: ({ id, properties: { publicIPPrefix } }) =>
    joins(id.text, publicIPPrefix, 'Microsoft.Network/publicIPPrefixes'),
  async settle(tx, { id, properties: asked, location, sku: given }, before) {
    const sku = { name: 'Basic', tier: 'Regional', ...before?.sku, ...given }
    const usual = sku.name === 'Standard' ? 'Static' : 'Dynamic'
    const wanted = asked.publicIPAllocationMethod ?? usual
    const method = wanted.toLowerCase() === 'static' ? 'Static' : 'Dynamic'
    if (sku.name === 'Standard' && method !== 'Static') throw notStatic()
    const label = asked.dnsSettings?.domainNameLabel
    const others = (await resourcesOfType(tx, NAME)).filter((one) => one.id.key !== id.key)
    if (label) refuseTakenLabel(others, label, location)
    const { reverseFqdn } = asked.dnsSettings ?? {}
    const domain = `${location}.cloudapp.azure.com`
    return {
      sku,
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        publicIPAllocationMethod: method,
        publicIPAddressVersion: asked.publicIPAddressVersion ?? 'IPv4',
        idleTimeoutInMinutes: asked.idleTimeoutInMinutes ?? 4,
        ipTags: asked.ipTags ?? [],
        ddosSettings: asked.ddosSettings ?? { protectionMode: 'VirtualNetworkInherited' },
        ...(asked.deleteOption !== undefined && { deleteOption: asked.deleteOption }),
        ...(asked.publicIPPrefix && { publicIPPrefix: shownReference(asked.publicIPPrefix) }),
        ...((label || reverseFqdn) && {
          dnsSettings: {
            ...(label && { domainNameLabel: label, fqdn: `${label}.${domain}` }),
            ...(reverseFqdn && { reverseFqdn }),
          },
        }),
      },
      state: { address: before?.state.address ?? freeAddress(others) },
    }
  },
  inUse(address, [by]) {
    return new Failure(
      'invalid',
      'PublicIPAddressCannotBeDeleted',
      `Public IP address ${address.id.text} can not be deleted since it is still allocated to ` +
        `resource ${by}. In order to delete the public IP, disassociate/detach the Public IP ` +
        'address from the resource. To learn how to do this, see aka.ms/deletepublicip.',
    )
  },
  async shown(call, resource) {
    const [user] = await usersOf(call, resource.id)
    const isStatic = resource.properties.publicIPAllocationMethod === 'Static'
    return {
      ...resource.properties,
      ...((isStatic || user) && { ipAddress: resource.state.address }),
      ...(user && {
        [isGateway(user.from) ? 'natGateway' : 'ipConfiguration']: { id: user.from },
      }),
    }
  },
})

function isGateway(id: string): boolean {
  return /\/natGateways\/[^/]+$/i.test(id)
}

/** @throws Failure invalid `DnsRecordInUse`: a label is one address's in its region */
function refuseTakenLabel(
  others: readonly Resource[],
  label: string,
  location: string | undefined,
): void {
  const other = others.find(
    (one) =>
      one.location === location &&
      (one.properties.dnsSettings as { domainNameLabel?: string } | undefined)?.domainNameLabel ===
        label,
  )
  if (!other) return
  throw new Failure(
    'invalid',
    'DnsRecordInUse',
    `DNS record ${label}.${location}.cloudapp.azure.com is already used by another public IP.`,
  )
}

function freeAddress(others: readonly Resource[]): string | undefined {
  const taken = new Set(others.map(({ state }) => String(state.address)))
  return firstFree(readRange(POOL, NAME) as Range, taken)
}

function notStatic(): Failure {
  return new Failure(
    'invalid',
    'StandardSkuPublicIPAddressesMustBeStatic',
    'Standard sku publicIp must have AllocationMethod set to Static.',
  )
}
