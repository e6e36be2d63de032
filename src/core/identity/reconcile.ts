/**
 * Making a resource carry what was asked for: principals made and deleted, identities attached and
 * detached, in the transaction of the request.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { attachIdentity, detachIdentity, identitiesOf } from './attached.ts'
import type { CarriedIdentities } from './carried-identities.ts'
import { type IdentityAsked, identityOperationFailed, wantedIdentity } from './envelope.ts'
import {
  createManagedIdentity,
  deleteManagedIdentity,
  findManagedIdentity,
} from './managed-identity.ts'

/** The user-assigned identities that the request names and the resource does not carry yet. */
export async function newlyNamed(
  call: Call,
  host: ResourceId,
  asked: IdentityAsked,
): Promise<ResourceId[]> {
  if (!asked.kept || asked.kept.size === 0) return []
  const { userAssigned } = await identitiesOf(call, host.key)
  const carried = new Set(userAssigned.map(({ id }) => id.key))
  return [...asked.kept.values()].filter((id) => !carried.has(id.key))
}

/**
 * Reconciles what a resource carries with what was asked.
 * @throws Failure invalid when an identity does not exist, or none is left where one must be
 */
export async function reconcileIdentity(
  tx: Transaction,
  host: ResourceId,
  asked: IdentityAsked,
  verb: 'PUT' | 'PATCH',
): Promise<void> {
  const carried = await identitiesOf(tx, host.key)
  const wanted = wantedIdentity(asked, carried, verb)
  if (wanted.system && !carried.systemAssigned) {
    await createManagedIdentity(tx, host, 'SystemAssigned')
  }
  if (!wanted.system && carried.systemAssigned) await deleteManagedIdentity(tx, host.key)
  await reconcileAttachments(tx, host, wanted.user, carried)
}

async function reconcileAttachments(
  tx: Transaction,
  host: ResourceId,
  wanted: ReadonlyMap<string, ResourceId>,
  carried: CarriedIdentities,
): Promise<void> {
  for (const { id } of carried.userAssigned) {
    if (!wanted.has(id.key)) await detachIdentity(tx, host.key, id.key)
  }
  const already = new Set(carried.userAssigned.map(({ id }) => id.key))
  for (const id of wanted.values()) {
    if (already.has(id.key)) continue
    const identity = await findManagedIdentity(tx, id.key)
    if (identity?.kind !== 'UserAssigned') throw missingIdentity(host, id)
    await attachIdentity(tx, host.key, id)
  }
}

/** A deleted resource carries nothing: its own principal goes, user-assigned identities live on. */
export async function releaseIdentity(tx: Transaction, host: ResourceId): Promise<void> {
  await deleteManagedIdentity(tx, host.key)
  const { userAssigned } = await identitiesOf(tx, host.key)
  for (const { id } of userAssigned) await detachIdentity(tx, host.key, id.key)
}

function missingIdentity(host: ResourceId, id: ResourceId) {
  const inner = {
    error: {
      code: 'ResourceNotFound',
      message:
        `The Resource '${id.type}/${id.name}' under resource group '${id.resourceGroup}' was not found. ` +
        'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
    },
  }
  return identityOperationFailed(host, 'NotFound', JSON.stringify(inner))
}
