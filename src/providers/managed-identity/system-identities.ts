/**
 * `{resource}/providers/Microsoft.ManagedIdentity/identities/default`: the system-assigned identity
 * of any resource, and the only answer of Resource Manager that has its client id.
 */
import { Failure } from '../../base/failure.ts'
import { findManagedIdentity } from '../../core/identity/managed-identity.ts'
import { findResource } from '../../core/resources/resource.ts'
import type { DerivedType } from '../provider.ts'
import { MANAGED_IDENTITY_API_VERSIONS } from './api-versions.ts'

export const systemIdentities: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.ManagedIdentity/identities',
  apiVersions: MANAGED_IDENTITY_API_VERSIONS,
  place: 'extension',
  async get(call, id) {
    const host = id.parent && (await findResource(call, id.parent))
    const identity = host && (await findManagedIdentity(call, host.id.key))
    if (identity?.kind !== 'SystemAssigned' || id.name.toLowerCase() !== 'default') {
      throw new Failure(
        'missing',
        'NotFound',
        `No managed service identities are associated with resource '${id.parent?.text}'.`,
      )
    }
    return {
      status: 200,
      body: {
        id: id.text,
        name: 'default',
        type: 'Microsoft.ManagedIdentity/identities',
        location: host?.location,
        tags: host?.tags ?? {},
        properties: {
          tenantId: call.tenantId,
          principalId: identity.objectId,
          clientId: identity.clientId,
          clientSecretUrl: secretUrl(host?.location, id.text),
        },
      },
    }
  },
}

/** Where the platform itself would fetch the credential; nothing answers there for anybody else. */
function secretUrl(location: string | undefined, id: string): string {
  return `https://control-${location}.identity.azure.net${id}/credentials`
}
