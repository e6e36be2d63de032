/**
 * Resources: everything Resource Manager keeps, subscriptions and resource groups included.
 *
 * This room owns the tables `resources` and `operations`. It knows rows and scopes; it knows no
 * type's properties, no identity and no permission: those are the engine's and the providers'.
 */
import type { Instant } from '../../base/clock.ts'
import { parseResourceId, type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { ResourcesTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

type Json = Readonly<Record<string, unknown>>

export interface Resource {
  readonly id: ResourceId
  /** Lower case: `microsoft.compute/virtualmachines`. */
  readonly type: string
  readonly location: string | undefined
  readonly kind: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly sku: Json | undefined
  /** Members beside properties that are kept as they came: zones, plan, … */
  readonly envelope: Json
  readonly properties: Json
  /** What the provider keeps for itself and never shows. */
  readonly state: Json
  /** `Succeeded`, `Creating`, `Updating`, `Failed`; undefined for types that have none. */
  readonly provisioningState: string | undefined
  /** Counts changes from 1: the etag. */
  readonly version: number
  readonly createdAt: Instant
  /** Object id of the creator; undefined for the platform itself. */
  readonly createdBy: string | undefined
  readonly changedAt: Instant
  readonly changedBy: string | undefined
}

const byKey = statement((query, param: Param<{ key: string }>) =>
  query.selectFrom('resources').selectAll().where('key', '=', param('key')),
)

/** The resource, or undefined. */
export async function findResource(call: Call, id: ResourceId): Promise<Resource | undefined> {
  return findResourceByKey(call, id.key)
}

export async function findResourceByKey(call: Call, key: string): Promise<Resource | undefined> {
  const row = await byKey.first(call.db, { key })
  return row && resourceOf(row)
}

/** Whether the scope exists: the tenant and its root management group always do. */
export async function resourceExists(call: Call, id: ResourceId): Promise<boolean> {
  if (id.key === '/' || id.key === rootManagementGroup(call).key) return true
  return (await existence.first(call.db, { key: id.key })) !== undefined
}

const existence = statement((query, param: Param<{ key: string }>) =>
  query.selectFrom('resources').select('version').where('key', '=', param('key')),
)

const upsert = statement((query, param: Param<ResourcesTable>) =>
  query
    .insertInto('resources')
    .values({
      key: param('key'),
      id: param('id'),
      type: param('type'),
      name: param('name'),
      parent_key: param('parent_key'),
      subscription_id: param('subscription_id'),
      resource_group: param('resource_group'),
      location: param('location'),
      kind: param('kind'),
      tags: param('tags'),
      sku: param('sku'),
      envelope: param('envelope'),
      properties: param('properties'),
      state: param('state'),
      provisioning_state: param('provisioning_state'),
      version: param('version'),
      created_at: param('created_at'),
      created_by: param('created_by'),
      changed_at: param('changed_at'),
      changed_by: param('changed_by'),
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((excluded) => ({
        location: excluded.ref('excluded.location'),
        kind: excluded.ref('excluded.kind'),
        tags: excluded.ref('excluded.tags'),
        sku: excluded.ref('excluded.sku'),
        envelope: excluded.ref('excluded.envelope'),
        properties: excluded.ref('excluded.properties'),
        state: excluded.ref('excluded.state'),
        provisioning_state: excluded.ref('excluded.provisioning_state'),
        version: excluded.ref('excluded.version'),
        changed_at: excluded.ref('excluded.changed_at'),
        changed_by: excluded.ref('excluded.changed_by'),
      })),
    ),
)

/** Stores a resource as it is, new or changed; the id of an existing one keeps its casing. */
export async function putResource(tx: Transaction, resource: Resource): Promise<void> {
  await upsert.run(tx.db, rowOf(resource))
  for (const watcher of watchers) watcher(tx, resource.id.key, resource)
}

const removal = statement((query, param: Param<{ key: string }>) =>
  query.deleteFrom('resources').where('key', '=', param('key')),
)

/** Removes one row; what hangs below it is the caller's to remove first. */
export async function removeResource(tx: Transaction, id: ResourceId): Promise<boolean> {
  const removed = (await removal.run(tx.db, { key: id.key })) > 0
  for (const watcher of watchers) watcher(tx, id.key, undefined)
  return removed
}

/** Hears of every change inside its transaction: for caches, which apply it after the commit. */
export type ResourceWatcher = (tx: Transaction, key: string, resource: Resource | undefined) => void

const watchers: ResourceWatcher[] = []

/** Registers a watcher, once, when its module loads. */
export function watchResources(watcher: ResourceWatcher): void {
  watchers.push(watcher)
}

export function resourceOf(row: ResourcesTable): Resource {
  return {
    id: parseResourceId(row.id),
    type: row.type,
    location: row.location ?? undefined,
    kind: row.kind ?? undefined,
    tags: row.tags === null ? undefined : JSON.parse(row.tags),
    sku: row.sku === null ? undefined : JSON.parse(row.sku),
    envelope: row.envelope === null ? {} : JSON.parse(row.envelope),
    properties: JSON.parse(row.properties),
    state: row.state === null ? {} : JSON.parse(row.state),
    provisioningState: row.provisioning_state ?? undefined,
    version: row.version,
    createdAt: row.created_at as Instant,
    createdBy: row.created_by ?? undefined,
    changedAt: row.changed_at as Instant,
    changedBy: row.changed_by ?? undefined,
  }
}

function rowOf(resource: Resource): ResourcesTable {
  const { id } = resource
  return {
    key: id.key,
    id: id.text,
    type: resource.type,
    name: id.name,
    parent_key: id.parent?.key ?? '/',
    subscription_id: id.subscriptionId?.toLowerCase() ?? null,
    resource_group: id.resourceGroup?.toLowerCase() ?? null,
    location: resource.location ?? null,
    kind: resource.kind ?? null,
    tags: resource.tags === undefined ? null : JSON.stringify(resource.tags),
    sku: resource.sku === undefined ? null : JSON.stringify(resource.sku),
    envelope: isEmpty(resource.envelope) ? null : JSON.stringify(resource.envelope),
    properties: JSON.stringify(resource.properties),
    state: isEmpty(resource.state) ? null : JSON.stringify(resource.state),
    provisioning_state: resource.provisioningState ?? null,
    version: resource.version,
    created_at: resource.createdAt,
    created_by: resource.createdBy ?? null,
    changed_at: resource.changedAt,
    changed_by: resource.changedBy ?? null,
  }
}

function isEmpty(object: Json): boolean {
  for (const _ in object) return false
  return true
}
