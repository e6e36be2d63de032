/**
 * Which identities a resource carries: what its answers show, and what its metadata service wields.
 */
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { Call } from '../call.ts'
import { inTransaction, type Transaction } from '../transaction.ts'
import {
  type Attachment,
  type CarriedIdentities,
  identitiesChanged,
  MOST_HOSTS,
  rememberedHosts,
} from './carried-identities.ts'
import { findManagedIdentity } from './managed-identity.ts'

const attachments = statement((query, param: Param<{ host: string }>) =>
  query
    .selectFrom('identity_attachments')
    .select(['identity_key', 'identity_id'])
    .where('host_key', '=', param('host'))
    .orderBy('identity_key'),
)

/** What the resource carries; deleted identities are listed without their ids. */
export async function identitiesOf(call: Call, hostKey: string): Promise<CarriedIdentities> {
  if (inTransaction(call)) return readIdentities(call, hostKey)
  const known = rememberedHosts.peek(call.db.database) ?? (await rememberedHosts.get(call.db))
  const remembered = known.hosts.get(hostKey)
  if (remembered) return remembered
  const before = known.changes
  const carried = await readIdentities(call, hostKey)
  if (known.hosts.size >= MOST_HOSTS) known.hosts.clear()
  if (known.changes === before) known.hosts.set(hostKey, carried)
  return carried
}

async function readIdentities(call: Call, hostKey: string): Promise<CarriedIdentities> {
  const own = await findManagedIdentity(call, hostKey)
  const rows = await attachments.all(call.db, { host: hostKey })
  const userAssigned: Attachment[] = []
  for (const row of rows) {
    const identity = await findManagedIdentity(call, row.identity_key)
    userAssigned.push({
      id: parseResourceId(row.identity_id),
      objectId: identity?.objectId,
      clientId: identity?.clientId,
    })
  }
  return { systemAssigned: own?.kind === 'SystemAssigned' ? own : undefined, userAssigned }
}

const hosts = statement((query, param: Param<{ identity: string }>) =>
  query
    .selectFrom('identity_attachments')
    .select('host_key')
    .where('identity_key', '=', param('identity'))
    .orderBy('host_key'),
)

/** Keys of the resources that carry a user-assigned identity. */
export async function hostsOf(call: Call, identityKey: string): Promise<string[]> {
  return (await hosts.all(call.db, { identity: identityKey })).map((row) => row.host_key)
}

const attach = statement((query, param: Param<{ host: string; identity: string; id: string }>) =>
  query.insertInto('identity_attachments').values({
    host_key: param('host'),
    identity_key: param('identity'),
    identity_id: param('id'),
  }),
)

export async function attachIdentity(tx: Transaction, hostKey: string, id: ResourceId) {
  identitiesChanged(tx)
  await attach.run(tx.db, { host: hostKey, identity: id.key, id: id.text })
}

const detach = statement((query, param: Param<{ host: string; identity: string }>) =>
  query
    .deleteFrom('identity_attachments')
    .where('host_key', '=', param('host'))
    .where('identity_key', '=', param('identity')),
)

export async function detachIdentity(tx: Transaction, hostKey: string, identityKey: string) {
  identitiesChanged(tx)
  await detach.run(tx.db, { host: hostKey, identity: identityKey })
}

/** What an answer shows as `identity`; undefined when the resource carries none. */
export async function shownIdentity(
  call: Call,
  hostKey: string,
): Promise<Record<string, unknown> | undefined> {
  const { systemAssigned, userAssigned } = await identitiesOf(call, hostKey)
  if (!systemAssigned && userAssigned.length === 0) return undefined
  // Clients compare the two-word type literally: comma and blank.
  const types = [systemAssigned && 'SystemAssigned', userAssigned.length > 0 && 'UserAssigned']
  return {
    ...(systemAssigned && { principalId: systemAssigned.objectId, tenantId: call.tenantId }),
    type: types.filter(Boolean).join(', '),
    ...(userAssigned.length > 0 && { userAssignedIdentities: shownAttachments(userAssigned) }),
  }
}

function shownAttachments(userAssigned: readonly Attachment[]): Record<string, object> {
  return Object.fromEntries(
    userAssigned.map(({ id, objectId, clientId }) => [
      id.text,
      objectId && clientId ? { principalId: objectId, clientId } : {},
    ]),
  )
}
