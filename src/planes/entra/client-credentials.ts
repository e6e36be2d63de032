/** `client_credentials`: an application or a managed identity asks in its own name. */
import { managedResourceId } from '../../core/directory/managed-identities.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import type { AuthenticatedClient } from './client.ts'
import { refusal } from './errors.ts'
import type { Grant } from './grant.ts'
import { findTarget, readResource, requireAssigned, rolesAt } from './target.ts'

export const clientCredentials: Grant = {
  types: ['client_credentials'],
  inNameOf: 'application',
  async authorize(call, request, client) {
    const { principal, proof } = client
    if (principal === undefined || proof === 'none') throw refusal(7000216)
    const target = await findTarget(call, readResource(request))
    await requireAssigned(call, principal, target)
    return {
      kind: 'application',
      audience: target.audience,
      subject: {
        objectId: principal.objectId,
        clientId: principal.clientId,
        kind: principal.type,
        proof,
        tokensValidFrom: principal.tokensValidFrom,
        roles: await rolesAt(call, target, principal.objectId),
        managedResourceId: managedResourceId(principal),
        hostResourceId: hostResourceId(principal, client),
      },
    }
  },
}

/**
 * Where the identity is used, when that is not the resource behind it. Only the metadata service
 * can say so, inside an assertion signed with the key that it alone holds.
 */
function hostResourceId(
  principal: ServicePrincipal,
  { claims }: AuthenticatedClient,
): string | undefined {
  const { xms_az_rid: host } = claims
  return principal.type === 'ManagedIdentity' && typeof host === 'string' ? host : undefined
}
