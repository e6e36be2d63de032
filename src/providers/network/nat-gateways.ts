import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { joinsAll, reference, shownReference } from './reference.ts'

const references = z.array(reference).optional()
const properties = z.looseObject({
  idleTimeoutInMinutes: z.int().min(4).max(120).optional(),
  publicIpAddresses: references,
  publicIpPrefixes: references,
})

/** A NAT gateway: which subnets would leave by which addresses; nothing leaves by it. */
export const natGateways = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Network/natGateways',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones'],
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses: ({ id, properties: asked }) => [
    ...joinsAll(id.text, asked.publicIpAddresses, {
      action: 'Microsoft.Network/publicIPAddresses/join/action',
    }),
    ...joinsAll(id.text, asked.publicIpPrefixes, {
      action: 'Microsoft.Network/publicIPPrefixes/join/action',
    }),
  ],
  async settle(_tx, { properties: asked, sku }, before) {
    const { publicIpAddresses: addresses, publicIpPrefixes: prefixes } = asked
    return {
      sku: { name: 'Standard', tier: 'Regional', ...before?.sku, ...sku },
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        idleTimeoutInMinutes: asked.idleTimeoutInMinutes ?? 4,
        ...(addresses?.length && { publicIpAddresses: addresses.map(shownReference) }),
        ...(prefixes?.length && { publicIpPrefixes: prefixes.map(shownReference) }),
      },
    }
  },
  inUse(gateway, by) {
    return new Failure(
      'invalid',
      'InUseNatGatewayCannotBeDeleted',
      `Nat Gateway ${gateway.id.text} cannot be deleted because it is in use by the following ` +
        `subnets: ${by.join(', ')}.`,
    )
  },
  async shown(call, gateway) {
    const users = (await usersOf(call, gateway.id)).map(({ from }) => ({ id: from }))
    return { ...gateway.properties, ...(users.length > 0 && { subnets: users }) }
  },
})
