/**
 * A user-assigned identity: a resource of its own, whose service principal lives exactly as long.
 * Deleting it leaves the hosts that carry it pointing at nothing, and its role assignments behind,
 * as Azure does.
 */
import { z } from 'zod'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { revokeTokens } from '../../core/directory/service-principals.ts'
import { hostsOf } from '../../core/identity/attached.ts'
import {
  createManagedIdentity,
  deleteManagedIdentity,
  findManagedIdentity,
} from '../../core/identity/managed-identity.ts'
import { findResourceByKey, type Resource } from '../../core/resources/resource.ts'
import { storedType } from '../provider.ts'
import { MANAGED_IDENTITY_API_VERSIONS } from './api-versions.ts'

/** From this version on, answers have the isolation scope. */
const FIRST_VERSION_WITH_ISOLATION = '2024-11-30'

const properties = z.object({ isolationScope: z.enum(['None', 'Regional']).optional() })

export const userAssignedIdentities = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  apiVersions: MANAGED_IDENTITY_API_VERSIONS,
  place: 'group',
  unmovable: true,
  location: 'required',
  identity: 'none',
  names: { pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/ },
  properties,
  shows: { provisioningState: false, tags: 'always' },
  async settle(tx, asked, before) {
    if (!before) await createManagedIdentity(tx, asked.id, 'UserAssigned')
    return { properties: { isolationScope: asked.properties.isolationScope ?? 'None' } }
  },
  async release(tx, resource) {
    await deleteManagedIdentity(tx, resource.id.key)
  },
  async shown(call, resource, query) {
    const identity = await findManagedIdentity(call, resource.id.key)
    const isolation = (query['api-version'] ?? '') >= FIRST_VERSION_WITH_ISOLATION
    return {
      ...(isolation && resource.properties),
      tenantId: call.tenantId,
      principalId: identity?.objectId,
      clientId: identity?.clientId,
    }
  },
  actions: {
    async listAssociatedResources(tx, resource) {
      const hosts = await associated(tx, resource)
      return { body: { totalCount: hosts.length, value: hosts } }
    },
    async revokeTokens(tx, resource) {
      const identity = await findManagedIdentity(tx, resource.id.key)
      if (identity) await revokeTokens(tx, identity.objectId)
      return { status: 200 }
    },
  },
})

async function associated(call: Call, identity: Resource): Promise<object[]> {
  const hosts: object[] = []
  for (const key of await hostsOf(call, identity.id.key)) {
    const host = await findResourceByKey(call, key)
    if (!host) continue
    const id = parseResourceId(host.id.text)
    hosts.push({
      id: id.text,
      name: id.name,
      type: id.type.toLowerCase(),
      resourceGroup: id.resourceGroup,
      subscriptionId: id.subscriptionId,
      subscriptionDisplayName: id.subscriptionId,
    })
  }
  return hosts
}
