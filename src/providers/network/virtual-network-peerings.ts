import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import { findResource, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { joins, reference } from './reference.ts'

export const PEERING_TYPE = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'

const properties = z.looseObject({
  remoteVirtualNetwork: reference,
  allowVirtualNetworkAccess: z.boolean().optional(),
  allowForwardedTraffic: z.boolean().optional(),
  allowGatewayTransit: z.boolean().optional(),
  useRemoteGateways: z.boolean().optional(),
})

/** One side of a peering: it is connected once the other side names this network too. */
export const virtualNetworkPeerings = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: PEERING_TYPE,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses: ({ id, properties: { remoteVirtualNetwork: remote } }) =>
    joins(id.text, remote, 'Microsoft.Network/virtualNetworks').map((use) => ({
      ...use,
      action: 'Microsoft.Network/virtualNetworks/peer/action',
    })),
  async settle(tx, { id, properties: asked }, before) {
    const remote = parseResourceId(asked.remoteVirtualNetwork.id)
    if (remote.key === id.parent?.key) throw itself(id)
    const twin = await findTwin(tx, id, remote)
    if (twin) throw twice(id, twin)
    return {
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        remoteVirtualNetwork: { id: remote.text },
        allowVirtualNetworkAccess: asked.allowVirtualNetworkAccess ?? true,
        allowForwardedTraffic: asked.allowForwardedTraffic ?? false,
        allowGatewayTransit: asked.allowGatewayTransit ?? false,
        useRemoteGateways: asked.useRemoteGateways ?? false,
        peerCompleteVnets: asked.peerCompleteVnets ?? true,
        ...(asked.localSubnetNames !== undefined && { localSubnetNames: asked.localSubnetNames }),
        ...(asked.remoteSubnetNames !== undefined && {
          remoteSubnetNames: asked.remoteSubnetNames,
        }),
      },
    }
  },
  shown: (call, peering) => shown(call, peering),
})

/** A peering as its network shows it. */
export async function peeringDocument(call: Call, peering: Resource): Promise<object> {
  return {
    id: peering.id.text,
    name: peering.id.name,
    type: PEERING_TYPE,
    etag: `"${peering.version}"`,
    properties: { ...(await shown(call, peering)), provisioningState: 'Succeeded' },
  }
}

async function shown(call: Call, peering: Resource): Promise<Record<string, unknown>> {
  const remote = remoteOf(peering)
  const network = await findResource(call, remote)
  const back = (await peeringsOf(call, remote)).some(
    (one) => remoteOf(one).key === peering.id.parent?.key,
  )
  const space = network?.properties.addressSpace
  return {
    ...peering.properties,
    peeringState: network === undefined ? 'Disconnected' : back ? 'Connected' : 'Initiated',
    peeringSyncLevel: back ? 'FullyInSync' : 'RemoteNotInSync',
    ...(space !== undefined && {
      remoteAddressSpace: space,
      remoteVirtualNetworkAddressSpace: space,
    }),
  }
}

function remoteOf({ properties }: Resource): ResourceId {
  return parseResourceId((properties.remoteVirtualNetwork as { id: string }).id)
}

async function peeringsOf(call: Call, network: ResourceId): Promise<readonly Resource[]> {
  const page = await listResources(call, {
    parentKey: network.key,
    types: [PEERING_TYPE.toLowerCase()],
  })
  return page.items
}

async function findTwin(call: Call, id: ResourceId, remote: ResourceId) {
  const all = id.parent ? await peeringsOf(call, id.parent) : []
  return all.find((one) => one.id.key !== id.key && remoteOf(one).key === remote.key)
}

function itself({ name }: ResourceId): Failure {
  return new Failure(
    'invalid',
    'VnetCannotPeerWithItself',
    `Peering ${name} cannot be created: a virtual network cannot be peered with itself.`,
  )
}

function twice({ name }: ResourceId, twin: Resource): Failure {
  return new Failure(
    'invalid',
    'AnotherPeeringAlreadyReferencesRemoteVnet',
    `Cannot create or update peering ${name}: peering ${twin.id.name} already references the ` +
      'remote virtual network.',
  )
}
