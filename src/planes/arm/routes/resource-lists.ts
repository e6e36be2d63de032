/**
 * Lists across types: everything in a subscription or a group, narrowed by `$filter`.
 */
import { isoSevenDigits } from '../../../base/clock.ts'
import { decodeSkipToken } from '../../../base/page.ts'
import { parseResourceId, type ResourceId } from '../../../base/resource-id.ts'
import type { Call } from '../../../core/call.ts'
import { shownIdentity } from '../../../core/identity/attached.ts'
import { listResources, RESOURCES_A_PAGE } from '../../../core/resources/lists.ts'
import type { Resource } from '../../../core/resources/resource.ts'
import type { Route } from '../../../http/route.ts'
import type { Query, StoredType } from '../../../providers/provider.ts'
import { requireScope } from '../existence.ts'
import { type Filter, readFilter } from '../filter.ts'
import { permitList } from '../permit.ts'
import { summary } from '../present.ts'
import type { Registry } from '../registry.ts'
import { nextLink } from '../verbs/read.ts'
import { armRoute } from './arm-route.ts'

/** Paths that list, and the action each needs. */
const LISTS = [
  {
    path: '/subscriptions/:subscriptionId/resources',
    action: 'Microsoft.Resources/subscriptions/resources/read',
  },
  {
    path: '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup/resources',
    action: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
  },
] as const

export function resourceListRoutes(registry: Registry): Route[] {
  return LISTS.map(({ path, action }) =>
    armRoute('GET', path, async (call, { params, query }, arrival) => {
      const scope = scopeOf(params)
      const sees = await permitList(call, action, scope)
      await requireScope(call, scope)
      const asked = readFilter(query.$filter)
      const filter: Filter = async (call, resource) =>
        (await asked(call, resource)) && (await sees(`${resource.type}/read`, resource.id))
      const { items, next } = await filteredPage(call, registry, scope, filter, query)
      const value = await Promise.all(
        items.map((resource) => item(call, registry, resource, query)),
      )
      const asking = { path: arrival.path, query }
      return { status: 200, body: { value, ...nextLink(call, asking, next) } }
    }),
  )
}

function scopeOf({ subscriptionId, resourceGroup }: Readonly<Record<string, string>>): ResourceId {
  const group = resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`
  return parseResourceId(`/subscriptions/${subscriptionId}${group}`)
}

/** Reads pages until one page's worth passes the filter, or there is no more. */
async function filteredPage(
  call: Call,
  registry: Registry,
  scope: ResourceId,
  filter: Filter,
  asked: Query,
): Promise<{ items: Resource[]; next: string | undefined }> {
  const top = Number(asked.$top)
  const size = Number.isInteger(top) && top > 0 ? Math.min(top, RESOURCES_A_PAGE) : RESOURCES_A_PAGE
  const types = registry.providers.flatMap((provider) =>
    // Parts of a resource, which have no location of their own, are not resources of a group.
    provider.types.filter(
      (type) => type.kind === 'stored' && type.place === 'group' && type.location !== 'none',
    ),
  )
  const items: Resource[] = []
  let after = asked.$skiptoken === undefined ? undefined : decodeSkipToken(asked.$skiptoken)
  do {
    const page = await listResources(call, {
      types: types.map((type) => type.name.toLowerCase()),
      subscriptionId: scope.subscriptionId ?? '',
      ...(scope.resourceGroup && { resourceGroup: scope.resourceGroup }),
      after,
    })
    for (const resource of page.items) {
      if (!(await filter(call, resource))) continue
      if (items.length === size) return { items, next: items.at(-1)?.id.key }
      items.push(resource)
    }
    after = page.next
  } while (after !== undefined)
  return { items, next: undefined }
}

async function item(
  call: Call,
  registry: Registry,
  resource: Resource,
  asked: Query,
): Promise<Record<string, unknown>> {
  const type = registry.find(resource.type) as StoredType
  const identity = await shownIdentity(call, resource.id.key)
  const expand = new Set(
    (asked.$expand ?? '')
      .toLowerCase()
      .split(',')
      .map((one) => one.trim()),
  )
  return {
    ...summary(type, resource),
    // Among all others a part is told by the name of what it is in: `vm1/script`.
    name: resource.id.names.join('/'),
    ...(identity && { identity }),
    ...(expand.has('createdtime') && { createdTime: isoSevenDigits(resource.createdAt) }),
    ...(expand.has('changedtime') && { changedTime: isoSevenDigits(resource.changedAt) }),
    ...(expand.has('provisioningstate') && { provisioningState: resource.provisioningState }),
  }
}
