/**
 * GET and HEAD of a stored resource, of its collections, and of what a type lets be read of it.
 */
import { decodeSkipToken, encodeSkipToken } from '../../../base/page.ts'
import type { ResourceId } from '../../../base/resource-id.ts'
import type { Call } from '../../../core/call.ts'
import { type Listing, listResources } from '../../../core/resources/lists.ts'
import { findResource, type Resource } from '../../../core/resources/resource.ts'
import type { Reply } from '../../../http/route.ts'
import type { Query, StoredType } from '../../../providers/provider.ts'
import { type Asking, actionPrefix, managementUrl } from '../asking.ts'
import { etagOf, missingScope, requireScope } from '../existence.ts'
import { readFilter } from '../filter.ts'
import { permit, permitList } from '../permit.ts'
import { present } from '../present.ts'

export async function read(
  call: Call,
  asking: Asking,
  type: StoredType,
  id: ResourceId,
): Promise<Reply> {
  await permit(call, `${actionPrefix(type)}/read`, id)
  const resource = await findResource(call, id)
  if (!resource) {
    if (id.parent) await requireScope(call, id.parent)
    throw missingScope(id)
  }
  return {
    status: 200,
    headers: type.shows?.etag ? { etag: etagOf(resource) } : {},
    body: await present(call, type, resource, asking.query),
  }
}

/** HEAD says whether it is there: 204 or 404, nothing else. */
export async function probe(call: Call, type: StoredType, id: ResourceId): Promise<Reply> {
  await permit(call, `${actionPrefix(type)}/read`, id)
  return { status: (await findResource(call, id)) ? 204 : 404 }
}

/** GET `{id}/{name}` where the type lets more be read than the resource itself. */
export async function readAspect(
  call: Call,
  { query }: Asking,
  type: StoredType,
  id: ResourceId,
  name: string,
): Promise<Reply> {
  await permit(call, `${actionPrefix(type)}/${name}/read`, id)
  const resource = await findResource(call, id)
  if (!resource) throw missingScope(id)
  return { status: 200, body: await type.reads?.[name]?.(call, resource, query) }
}

/** A collection: of a group, of a whole subscription, of a parent or of an extended scope. */
export async function list(
  call: Call,
  asking: Asking,
  type: StoredType,
  at: ResourceId,
): Promise<Reply> {
  const action = `${actionPrefix(type)}/read`
  const sees = await permitList(call, action, at)
  await requireScope(call, at)
  const after = asking.query.$skiptoken
  const top = Number(asking.query.$top)
  const page = await listResources(call, {
    types: [type.name.toLowerCase()],
    ...within(type, at, asking.query),
    after: after === undefined ? undefined : decodeSkipToken(after),
    ...(Number.isInteger(top) && top > 0 && { limit: top }),
  })
  // Of the lists of one type that of groups is narrowed here; others are where their type says so.
  const isOfGroups = type.name === 'Microsoft.Resources/resourceGroups'
  const fits = readFilter(isOfGroups ? asking.query.$filter : undefined)
  const seen: Resource[] = []
  for (const resource of page.items) {
    if (type.listed?.(resource, asking.query) === false) continue
    if ((await sees(action, resource.id)) && (await fits(call, resource))) seen.push(resource)
  }
  const value = await Promise.all(
    seen.map((resource) => present(call, type, resource, asking.query)),
  )
  return { status: 200, body: { value, ...nextLink(call, asking, page.next) } }
}

function within(type: StoredType, at: ResourceId, query: Query): Listing {
  if (type.reaches) {
    const andBelow = !/^\s*atScope\(\)\s*$/i.test(query.$filter ?? '')
    return { reaching: { scope: at, andBelow } }
  }
  if (type.place === 'extension' || at.type === 'Microsoft.Resources/tenants') {
    return { parentKey: at.key }
  }
  if (at.type === 'Microsoft.Resources/subscriptions') {
    return { subscriptionId: at.name }
  }
  if (at.type === 'Microsoft.Resources/resourceGroups' && at.subscriptionId) {
    return { subscriptionId: at.subscriptionId, resourceGroup: at.name }
  }
  return { parentKey: at.key }
}

/** The address of the next page; nothing on the last. */
export function nextLink(
  call: Call,
  asking: Pick<Asking, 'path' | 'query'>,
  next: string | undefined,
): { nextLink?: string } {
  if (next === undefined) return {}
  const query = { ...asking.query, $skiptoken: encodeSkipToken(next) }
  return { nextLink: managementUrl(call, asking.path, query) }
}
