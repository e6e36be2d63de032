/**
 * What hosts carry, and the memory of it, as far as it has been asked: the metadata service asks with
 * each request. Any change of any identity empties the memory, and a reading that began before the
 * change is not kept.
 */
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { cached } from '../../store/cache.ts'
import type { Transaction } from '../transaction.ts'

/** A user-assigned identity on a host; without ids when the identity itself has been deleted. */
export interface Attachment {
  readonly id: ResourceId
  readonly objectId: ObjectId | undefined
  readonly clientId: ClientId | undefined
}

export interface CarriedIdentities {
  readonly systemAssigned: { readonly objectId: ObjectId; readonly clientId: ClientId } | undefined
  readonly userAssigned: readonly Attachment[]
}

/** Hosts remembered; past it, all are forgotten and asked for anew. */
export const MOST_HOSTS = 100_000

export const rememberedHosts = cached(async () => ({
  hosts: new Map<string, CarriedIdentities>(),
  changes: 0,
}))

/** Every verb that changes what a host carries, or the ids of an identity, says so. */
export function identitiesChanged(tx: Transaction): void {
  tx.db.afterCommit(() =>
    rememberedHosts.apply(tx.db.database, (known) => {
      known.hosts.clear()
      known.changes++
    }),
  )
}
