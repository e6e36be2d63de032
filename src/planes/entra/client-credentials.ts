/** `client_credentials`: an application or a managed identity asks in its own name. */
import { managedResourceId } from '../../core/directory/managed-identities.ts'
import type { AuthenticatedClient } from './client.ts'
import type { Grant } from './grant.ts'
import { findAudience, readResource } from './target.ts'

export const clientCredentials: Grant = {
  type: 'client_credentials',
  async authorize(call, request, client) {
    const { principal, proof } = client
    return {
      audience: await findAudience(call, readResource(request)),
      subject: {
        objectId: principal.objectId,
        clientId: principal.clientId,
        kind: principal.type,
        proof,
        managedResourceId: managedResourceId(principal),
        hostResourceId: hostResourceId(client),
      },
    }
  },
}

/**
 * Where the identity is used, when that is not the resource behind it. Only the metadata service
 * can say so, inside an assertion signed with the key that it alone holds.
 */
function hostResourceId({ principal, claims }: AuthenticatedClient): string | undefined {
  const { xms_az_rid: host } = claims
  return principal.type === 'ManagedIdentity' && typeof host === 'string' ? host : undefined
}
