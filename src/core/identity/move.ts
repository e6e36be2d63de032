/** A host that moves keeps its identities: the same principal, known by the new id. */
import type { ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import { moveManagedIdentityPrincipal } from '../directory/managed-identities.ts'
import type { Transaction } from '../transaction.ts'
import { identitiesChanged } from './carried-identities.ts'
import { findManagedIdentity } from './managed-identity.ts'

const moveOwn = statement((query, param: Param<{ from: string; to: string }>) =>
  query
    .updateTable('managed_identities')
    .set({ resource_key: param('to') })
    .where('resource_key', '=', param('from')),
)

const moveAttachments = statement((query, param: Param<{ from: string; to: string }>) =>
  query
    .updateTable('identity_attachments')
    .set({ host_key: param('to') })
    .where('host_key', '=', param('from')),
)

export async function moveHost(
  tx: Transaction,
  { from, to }: { readonly from: ResourceId; readonly to: ResourceId },
): Promise<void> {
  identitiesChanged(tx)
  const own = await findManagedIdentity(tx, from.key)
  if (own) await moveManagedIdentityPrincipal(tx, own.objectId, to)
  await moveOwn.run(tx.db, { from: from.key, to: to.key })
  await moveAttachments.run(tx.db, { from: from.key, to: to.key })
}
