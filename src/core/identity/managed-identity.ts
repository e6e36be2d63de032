/**
 * Managed identities: which resource has which service principal, and who carries whom.
 *
 * This room owns `managed_identities` (a resource and the principal that is its own) and
 * `identity_attachments` (a host and the user-assigned identities it carries). It keeps the promise
 * that a principal lives exactly as long as its resource. It makes principals through the directory
 * and leaves their certificates to the job that it wakes; it decides no permission: the engine asks
 * who may attach an identity before it calls here.
 */
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { ManagedIdentitiesTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import { createManagedIdentityPrincipal } from '../directory/managed-identities.ts'
import { deleteServicePrincipal, findServicePrincipal } from '../directory/service-principals.ts'
import type { Transaction } from '../transaction.ts'
import { identitiesChanged } from './carried-identities.ts'

export interface ManagedIdentity {
  readonly kind: 'SystemAssigned' | 'UserAssigned'
  readonly objectId: ObjectId
  readonly clientId: ClientId
}

const byResource = statement((query, param: Param<{ key: string }>) =>
  query.selectFrom('managed_identities').selectAll().where('resource_key', '=', param('key')),
)

/** The identity that is a resource's own: a host's system-assigned one, or a user-assigned one itself. */
export async function findManagedIdentity(
  call: Call,
  resourceKey: string,
): Promise<ManagedIdentity | undefined> {
  const row = await byResource.first(call.db, { key: resourceKey })
  if (row === undefined) return undefined
  const principal = await findServicePrincipal(call, row.object_id as ObjectId)
  if (principal === undefined) return undefined
  return { kind: row.kind, objectId: principal.objectId, clientId: principal.clientId }
}

const insert = statement((query, param: Param<ManagedIdentitiesTable>) =>
  query.insertInto('managed_identities').values({
    resource_key: param('resource_key'),
    kind: param('kind'),
    object_id: param('object_id'),
  }),
)

/** Makes the service principal of a resource; its certificate follows from the job. */
export async function createManagedIdentity(
  tx: Transaction,
  resource: ResourceId,
  kind: ManagedIdentity['kind'],
): Promise<ManagedIdentity> {
  const principal = await createManagedIdentityPrincipal(tx, { kind, resourceId: resource })
  const { objectId, clientId } = principal
  identitiesChanged(tx)
  await insert.run(tx.db, { resource_key: resource.key, kind, object_id: objectId })
  return { kind, objectId, clientId }
}

const remove = statement((query, param: Param<{ key: string }>) =>
  query.deleteFrom('managed_identities').where('resource_key', '=', param('key')),
)

/** Deletes the resource's own identity with its service principal; role assignments stay behind. */
export async function deleteManagedIdentity(tx: Transaction, resourceKey: string): Promise<void> {
  const row = await byResource.first(tx.db, { key: resourceKey })
  if (row === undefined) return
  identitiesChanged(tx)
  await deleteServicePrincipal(tx, row.object_id as ObjectId)
  await remove.run(tx.db, { key: resourceKey })
}
