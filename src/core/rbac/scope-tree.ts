/**
 * The tree of scopes above subscriptions: tenant, root management group, management groups.
 *
 * No id says under which management groups a subscription is, so a check asks here. The tree is
 * small and in memory; this room writes its table. It knows keys only: what a management group is
 * called and shows is kept elsewhere.
 */
import { isManagementGroup, type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import { cached } from '../../store/cache.ts'
import type { Db } from '../../store/database.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { ScopeParentsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

/**
 * The key of what is right above, by the key of a management group or of a subscription. A
 * subscription that is not in it is right below the root group; the root group never is in it.
 */
export type ScopeTree = ReadonlyMap<string, string>

const everyParent = statement<object, ScopeParentsTable>((query) =>
  query.selectFrom('scope_parents').selectAll(),
)
const insert = statement((query, param: Param<ScopeParentsTable>) =>
  query
    .insertInto('scope_parents')
    .values({ scope_key: param('scope_key'), parent_key: param('parent_key') })
    .onConflict((conflict) =>
      conflict
        .column('scope_key')
        .doUpdateSet((excluded) => ({ parent_key: excluded.ref('excluded.parent_key') })),
    ),
)
const remove = statement((query, param: Param<{ key: string }>) =>
  query.deleteFrom('scope_parents').where('scope_key', '=', param('key')),
)

const trees = cached(load)

async function load(db: Db): Promise<Map<string, string>> {
  const rows = await everyParent.all(db, {})
  return new Map(rows.map((row) => [row.scope_key, row.parent_key]))
}

/** The committed tree: for checks, which ask many times. */
export function scopeTree(db: Db): ScopeTree | Promise<ScopeTree> {
  return trees.peek(db.database) ?? trees.get(db)
}

/** The tree as the call itself sees it, with what its own transaction wrote: for changes to it. */
export function scopeTreeNow({ db }: Call): Promise<ScopeTree> {
  return load(db)
}

/** Puts a management group or a subscription right below a management group. */
export async function placeScope(tx: Transaction, key: string, parentKey: string): Promise<void> {
  await insert.run(tx.db, { scope_key: key, parent_key: parentKey })
  keepTrue(tx, (tree) => tree.set(key, parentKey))
}

/** Takes a management group out of the tree; a subscription goes right below the root group. */
export async function displaceScope(tx: Transaction, key: string): Promise<void> {
  await remove.run(tx.db, { key })
  keepTrue(tx, (tree) => tree.delete(key))
}

function keepTrue(tx: Transaction, change: (tree: Map<string, string>) => void): void {
  const { database } = tx.db
  tx.db.afterCommit(() => trees.apply(database, change))
}

/** Root, six levels, and what hangs on the last: a circle cannot be written, nor hang a check. */
const MOST_STEPS_UP = 8

/** Calls back with every scope key that covers the id: its own first, the tenant `/` last. */
export function climb(
  call: Call,
  tree: ScopeTree,
  id: ResourceId,
  visit: (scopeKey: string) => void,
): void {
  for (let at: ResourceId | undefined = id; at; at = at.parent) {
    visit(at.key)
    if (at.parent?.key !== '/') continue
    let key = groupAbove(call, tree, at)
    for (let steps = 0; key !== undefined && steps < MOST_STEPS_UP; steps++) {
      visit(key)
      key = tree.get(key)
    }
  }
}

/**
 * The key of the management group right above what stands right below the tenant in its own id: a
 * subscription, a management group, or what is in neither.
 */
export function groupAbove(call: Call, tree: ScopeTree, outermost: ResourceId): string | undefined {
  const key = tree.size === 0 ? undefined : tree.get(outermost.key)
  if (key !== undefined || outermost.subscriptionId === undefined) return key
  return rootManagementGroup(call).key
}

/** Every scope key that covers the id: its own first, the tenant `/` last. */
export async function scopeChain(call: Call, id: ResourceId): Promise<string[]> {
  const keys: string[] = []
  climb(call, await scopeTree(call.db), id, (key) => keys.push(key))
  return keys
}

/** The keys of the management groups and subscriptions that stand in the tree below a group. */
function scopesBelow(tree: ScopeTree, key: string): string[] {
  const children = new Map<string, string[]>()
  for (const [child, parent] of tree) {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [child])
    else siblings.push(child)
  }
  const found = new Set([key])
  // What is found is looked below in its turn.
  for (const at of found) for (const child of children.get(at) ?? []) found.add(child)
  found.delete(key)
  return [...found]
}

/** Keys from one up to, but not with, another. */
export interface KeyRange {
  readonly from: string
  readonly until: string
}

/** What is below a scope: scopes by their keys, and all that has a key in one of the ranges. */
export async function subtree(
  call: Call,
  scope: ResourceId,
): Promise<{ readonly keys: readonly string[]; readonly ranges: readonly KeyRange[] }> {
  if (!isManagementGroup(scope)) return { keys: [], ranges: [below(scope.key)] }
  // Every subscription is below the root group, those too that the tree does not name.
  if (scope.key === rootManagementGroup(call).key) return { keys: [], ranges: [below('/')] }
  const keys = scopesBelow(await scopeTree(call.db), scope.key)
  return { keys, ranges: [scope.key, ...keys].map(below) }
}

/** The range of scope keys below one: '0' follows '/' in the character set. */
export function below(scopeKey: string): KeyRange {
  const prefix = scopeKey === '/' ? '' : scopeKey
  return { from: `${prefix}/`, until: `${prefix}0` }
}
