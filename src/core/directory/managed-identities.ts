/**
 * Service principals of managed identities, as the directory shows them: named after their
 * resource, without an application, with alternative names that lead back to the resource.
 */
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Transaction } from '../transaction.ts'
import {
  createServicePrincipal,
  findServicePrincipal,
  type ServicePrincipal,
  setAlternativeNames,
} from './service-principals.ts'

/**
 * Makes the service principal of a managed identity. Its certificate is made after the commit, by
 * the job this wakes or by the first one that needs it: making keys inside would hold up others.
 */
export async function createManagedIdentityPrincipal(
  tx: Transaction,
  asked: {
    readonly kind: 'SystemAssigned' | 'UserAssigned'
    /** The host of a system-assigned identity; the identity itself, if user-assigned. */
    readonly resourceId: ResourceId
  },
): Promise<ServicePrincipal> {
  const principal = await createServicePrincipal(tx, {
    type: 'ManagedIdentity',
    displayName: nameOf(asked.resourceId),
    alternativeNames: [
      `isExplicit=${asked.kind === 'UserAssigned' ? 'True' : 'False'}`,
      withLowerCaseResourceGroups(asked.resourceId.text),
    ],
  })
  tx.wake('identity-certificates')
  return principal
}

/** What lies in another resource is called by its path from there: `{site}/slots/{slot}`. */
function nameOf({ text, names }: ResourceId): string {
  return text
    .split('/')
    .slice(1 - 2 * names.length)
    .join('/')
}

/** The resource behind a managed identity has another id: its tokens name it from now on. */
export async function moveManagedIdentityPrincipal(
  tx: Transaction,
  objectId: ObjectId,
  to: ResourceId,
): Promise<void> {
  const principal = await findServicePrincipal(tx, objectId)
  if (principal?.type !== 'ManagedIdentity') return
  const [explicit = 'isExplicit=False'] = principal.alternativeNames
  const alternativeNames = [explicit, withLowerCaseResourceGroups(to.text)]
  await setAlternativeNames(tx, { objectId, alternativeNames })
}

/** The id of the resource behind a managed identity, as its tokens carry it (`xms_mirid`). */
export function managedResourceId(principal: ServicePrincipal): string | undefined {
  return principal.type === 'ManagedIdentity' ? principal.alternativeNames[1] : undefined
}

/** The directory and tokens write the segment `resourcegroups`, whatever Resource Manager writes. */
export function withLowerCaseResourceGroups(resourceId: string): string {
  return resourceId.replace(/^(\/subscriptions\/[^/]+\/)resourcegroups\//i, '$1resourcegroups/')
}
