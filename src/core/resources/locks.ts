/**
 * Locks: what may not be changed or deleted, by whom it may be. A lock on a scope holds for all
 * below it; a delete is also refused by a lock anywhere inside what would go.
 *
 * Locks are rows of `resources`, and few; they are kept in memory because every write asks.
 */
import { Failure } from '../../base/failure.ts'
import { type ResourceId, scopeKeys } from '../../base/resource-id.ts'
import { cached } from '../../store/cache.ts'
import type { Call } from '../call.ts'
import { resourcesOfType } from './lists.ts'
import { type Resource, watchResources } from './resource.ts'

const LOCK_TYPE = 'microsoft.authorization/locks'

interface Lock {
  readonly key: string
  readonly scope: ResourceId
  readonly level: 'CanNotDelete' | 'ReadOnly'
}

const locks = cached(async (db) => {
  const all = await resourcesOfType({ db }, LOCK_TYPE)
  return new Map(all.map((resource) => [resource.id.key, lockOf(resource)]))
})

watchResources((tx, key, resource) => {
  if (!key.includes(LOCK_TYPE)) return
  tx.db.afterCommit(() =>
    locks.apply(tx.db.database, (all) => {
      if (resource) all.set(key, lockOf(resource))
      else all.delete(key)
    }),
  )
})

function lockOf(resource: Resource): Lock {
  return {
    key: resource.id.key,
    scope: resource.id.parent as ResourceId,
    level: resource.properties.level === 'ReadOnly' ? 'ReadOnly' : 'CanNotDelete',
  }
}

/**
 * Refuses what a lock forbids. Locks do not guard themselves: they can be removed.
 * @throws Failure conflict `ScopeLocked`
 */
export async function refuseLocked(
  call: Call,
  id: ResourceId,
  verb: 'write' | 'delete',
): Promise<void> {
  const holding = await locksAgainst(call, id, verb)
  if (holding.length === 0) return
  const scopes = holding.map((lock) => lock.scope.text).join(',')
  throw new Failure(
    'conflict',
    'ScopeLocked',
    `The scope '${id.text}' cannot perform ${verb} operation because following scope(s) are locked: ` +
      `'${scopes}'. Please remove the lock and try again.`,
  )
}

/** Whether a lock forbids it, for what leaves the thing where it is then. */
export async function isLocked(
  call: Call,
  id: ResourceId,
  verb: 'write' | 'delete',
): Promise<boolean> {
  return (await locksAgainst(call, id, verb)).length > 0
}

async function locksAgainst(
  call: Call,
  id: ResourceId,
  verb: 'write' | 'delete',
): Promise<readonly Lock[]> {
  const all = await locks.get(call.db)
  if (all.size === 0 || id.key.includes(`/providers/${LOCK_TYPE}/`)) return []
  const over = new Set(scopeKeys(id))
  return [...all.values()].filter((lock) => {
    if (over.has(lock.scope.key)) return verb === 'delete' || lock.level === 'ReadOnly'
    return verb === 'delete' && lock.scope.key.startsWith(`${id.key}/`)
  })
}
