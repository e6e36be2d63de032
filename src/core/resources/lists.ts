/**
 * Lists of resources, cut into pages by key, and what hangs below a scope.
 */
import { type Page, pageOf } from '../../base/page.ts'
import { type ResourceId, scopeKeys } from '../../base/resource-id.ts'
import { type Param, rowsOf, query as start, statement } from '../../store/statement.ts'
import type { Call } from '../call.ts'
import { type Resource, resourceOf } from './resource.ts'

/** How many resources a page of a list holds. */
export const RESOURCES_A_PAGE = 1000

export interface Listing {
  /** Lower case; several types or none for all. */
  readonly types?: readonly string[]
  readonly subscriptionId?: string
  readonly resourceGroup?: string
  /** Direct children or extensions of this key. */
  readonly parentKey?: string
  /** Direct extensions of the scope and of all above it; of all below it, too, unless told not to. */
  readonly reaching?: { readonly scope: ResourceId; readonly andBelow: boolean }
  /** Continue after this key. */
  readonly after?: string | undefined
  readonly limit?: number
}

/** One page of the resources that fit, in the order of their keys. */
export async function listResources(call: Call, asked: Listing): Promise<Page<Resource>> {
  const size = Math.min(asked.limit ?? RESOURCES_A_PAGE, RESOURCES_A_PAGE)
  let query = start
    .selectFrom('resources')
    .selectAll()
    .orderBy('key')
    .limit(size + 1)
  if (asked.types) query = query.where('type', 'in', asked.types)
  if (asked.subscriptionId) {
    query = query.where('subscription_id', '=', asked.subscriptionId.toLowerCase())
  }
  if (asked.resourceGroup) {
    query = query.where('resource_group', '=', asked.resourceGroup.toLowerCase())
  }
  if (asked.parentKey) query = query.where('parent_key', '=', asked.parentKey)
  if (asked.reaching) {
    const { scope, andBelow } = asked.reaching
    const { from, to } = belowBounds(scope)
    query = query.where(({ or, and, eb }) =>
      or([
        eb('parent_key', 'in', scopeKeys(scope)),
        ...(andBelow ? [and([eb('key', '>', from), eb('key', '<', to)])] : []),
      ]),
    )
  }
  if (asked.after) query = query.where('key', '>', asked.after)
  const rows = await rowsOf(call.db, query)
  return pageOf(rows.map(resourceOf), size, (resource) => resource.id.key)
}

const childCount = statement((query, param: Param<{ type: string; parent: string }>) =>
  query
    .selectFrom('resources')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('type', '=', param('type'))
    .where('parent_key', '=', param('parent')),
)

/** How many resources of the type are direct children of the scope. */
export async function countChildren(call: Call, type: string, scope: ResourceId): Promise<number> {
  const row = await childCount.first(call.db, { type: type.toLowerCase(), parent: scope.key })
  return Number(row?.count ?? 0)
}

const below = statement((query, param: Param<{ from: string; to: string }>) =>
  query
    .selectFrom('resources')
    .selectAll()
    .where('key', '>', param('from'))
    .where('key', '<', param('to'))
    .orderBy('key', 'desc'),
)

/** Everything below a scope, at any depth, deepest first: the order in which it can be removed. */
export async function resourcesBelow(call: Call, scope: ResourceId): Promise<Resource[]> {
  const rows = await below.all(call.db, belowBounds(scope))
  return rows.map(resourceOf)
}

/** Every key below a scope sorts between these two: `/` is followed by `0` in ASCII. */
function belowBounds(scope: ResourceId): { from: string; to: string } {
  const stem = scope.key === '/' ? '' : scope.key
  return { from: `${stem}/`, to: `${stem}0` }
}

const ofType = statement((query, param: Param<{ type: string }>) =>
  query.selectFrom('resources').selectAll().where('type', '=', param('type')).orderBy('key'),
)

/** Every resource of a type, for jobs and caches. */
export async function resourcesOfType(call: Pick<Call, 'db'>, type: string): Promise<Resource[]> {
  const rows = await ofType.all(call.db, { type: type.toLowerCase() })
  return rows.map(resourceOf)
}

/** The resources of a type that are in one of the provisioning states, in the order of their keys. */
export async function resourcesInState(
  call: Call,
  type: string,
  states: readonly string[],
): Promise<Resource[]> {
  const built = start
    .selectFrom('resources')
    .selectAll()
    .where('type', '=', type.toLowerCase())
    .where('provisioning_state', 'in', states)
    .orderBy('key')
  return (await rowsOf(call.db, built)).map(resourceOf)
}

const ofTypeNamed = statement((query, param: Param<{ type: string; name: string }>) =>
  query
    .selectFrom('resources')
    .selectAll()
    .where('type', '=', param('type'))
    .where(({ fn }) => fn<string>('lower', ['name']), '=', param('name'))
    .orderBy('key'),
)

/** The resources of a type that have the name, whatever group they are in: for names that are global. */
export async function resourcesNamed(call: Call, type: string, name: string): Promise<Resource[]> {
  const at = { type: type.toLowerCase(), name: name.toLowerCase() }
  return (await ofTypeNamed.all(call.db, at)).map(resourceOf)
}
