/**
 * What hosts carry, as far as it has been asked: the metadata service asks with each request. Any
 * change of any identity empties it, and a reading that began before the change is not kept.
 */
import { cached } from '../../store/cache.ts'
import type { Transaction } from '../transaction.ts'
import type { CarriedIdentities } from './attached.ts'

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
