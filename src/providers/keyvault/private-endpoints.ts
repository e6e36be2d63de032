/**
 * Private endpoints of vaults, seen from the vault: the connections are kept with the endpoints,
 * which the network provider has.
 */
import { createHash } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import { childResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { resourcesOfType } from '../../core/resources/lists.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'

const ENDPOINT_TYPE = 'microsoft.network/privateendpoints'
const NAME_DIGITS = 32

interface Connection {
  readonly id: string
  readonly properties: {
    readonly privateLinkServiceId: string
    readonly privateLinkServiceConnectionState: {
      readonly status: string
      readonly description: string
      readonly actionsRequired: string
    }
  }
}

export interface ShownConnection {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly properties: Pick<Connection['properties'], 'privateLinkServiceConnectionState'> & {
    readonly provisioningState: 'Succeeded'
    readonly privateEndpoint: { readonly id: string }
  }
}

/** The connections of a vault, as it shows them. */
export async function privateEndpointConnections(
  call: Call,
  vault: ResourceId,
): Promise<ShownConnection[]> {
  const endpoints = await resourcesOfType(call, ENDPOINT_TYPE)
  return endpoints.flatMap(({ id, properties }) => {
    const { privateLinkServiceConnections = [], manualPrivateLinkServiceConnections = [] } =
      properties as Record<string, readonly Connection[]>
    return [...privateLinkServiceConnections, ...manualPrivateLinkServiceConnections]
      .filter((one) => one.properties.privateLinkServiceId.toLowerCase() === vault.key)
      .map((one) => shown(vault, id, one))
  })
}

/** Whether anybody could come in by a private endpoint. */
export async function hasPrivateEndpoint(call: Call, vault: ResourceId): Promise<boolean> {
  const connections = await privateEndpointConnections(call, vault)
  return connections.some(
    ({ properties }) => properties.privateLinkServiceConnectionState.status === 'Approved',
  )
}

function shown(vault: ResourceId, endpoint: ResourceId, connection: Connection): ShownConnection {
  const name = createHash('sha256').update(connection.id.toLowerCase()).digest('hex')
  const id = childResourceId(vault, 'privateEndpointConnections', name.slice(0, NAME_DIGITS))
  const { privateLinkServiceConnectionState } = connection.properties
  return {
    id: id.text,
    name: id.name,
    type: id.type,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpoint.text },
      privateLinkServiceConnectionState,
    },
  }
}

export const vaultPrivateEndpoints: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/privateEndpointConnections',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const all = id.parent ? await privateEndpointConnections(call, id.parent) : []
    const body = all.find(({ name }) => name === id.name.toLowerCase())
    if (body) return { status: 200, body }
    throw new Failure(
      'missing',
      'PrivateEndpointConnectionNotFound',
      `The private endpoint connection '${id.name}' was not found.`,
    )
  },
  async list(call, vault) {
    return { status: 200, body: { value: await privateEndpointConnections(call, vault) } }
  },
}

/** What an endpoint can be for: the vault, whole. */
export const vaultPrivateLinks: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/privateLinkResources',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async list(_call, vault) {
    const id = childResourceId(vault, 'privateLinkResources', 'vault')
    const properties = {
      groupId: 'vault',
      requiredMembers: ['default'],
      requiredZoneNames: ['privatelink.vaultcore.azure.net'],
    }
    const value = [{ id: id.text, name: id.name, type: id.type, properties }]
    return { status: 200, body: { value } }
  },
}
