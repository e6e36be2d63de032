import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { usersOf } from '../../core/resources/links.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'

const ROUTE = 'Microsoft.Network/routeTables/routes'

const table = z.looseObject({
  disableBgpRoutePropagation: z.boolean().optional(),
  routes: z.array(z.looseObject({ name: z.string(), properties: z.looseObject({}) })).optional(),
})

/** A route table: its routes are kept and shown; no packet goes by them. */
export const routeTables = storedType<z.infer<typeof table>>({
  kind: 'stored',
  name: 'Microsoft.Network/routeTables',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties: table,
  shows: { etag: true },
  async settle(_tx, { properties: { routes, disableBgpRoutePropagation } }, before) {
    return {
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        disableBgpRoutePropagation: disableBgpRoutePropagation ?? false,
      },
      ...(routes && {
        children: [
          {
            type: ROUTE,
            items: routes.map(({ name, properties }) => ({ name, body: { properties } })),
          },
        ],
      }),
    }
  },
  inUse(table, by) {
    return new Failure(
      'invalid',
      'InUseRouteTableCannotBeDeleted',
      `Route table ${table.id.name} is in use and cannot be deleted: it is used by ` +
        `${by.join(', ')}.`,
    )
  },
  async shown(call, table) {
    const users = (await usersOf(call, table.id)).map(({ from }) => ({ id: from }))
    const routes = await listResources(call, {
      parentKey: table.id.key,
      types: [ROUTE.toLowerCase()],
    })
    return {
      ...table.properties,
      routes: routes.items.map(routeDocument),
      ...(users.length > 0 && { subnets: users }),
    }
  },
})

const route = z.object({
  addressPrefix: z.string(),
  nextHopType: oneOf([
    'VirtualNetworkGateway',
    'VnetLocal',
    'Internet',
    'VirtualAppliance',
    'None',
  ]),
  nextHopIpAddress: z.string().optional(),
})

export const routes = storedType<z.infer<typeof route>>({
  kind: 'stored',
  name: ROUTE,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties: route,
  shows: { etag: true },
  async settle(_tx, { id, properties: asked }) {
    const isAppliance = asked.nextHopType === 'VirtualAppliance'
    if (isAppliance !== (asked.nextHopIpAddress !== undefined)) {
      throw new Failure(
        'invalid',
        'RouteConfigurationIsNotValid',
        `Route ${id.name} must have a next hop address if its next hop is a virtual appliance, and ` +
          'only then.',
      )
    }
    return { properties: { ...asked, hasBgpOverride: false } }
  },
})

/** A route as its table shows it. */
function routeDocument({ id, version, properties, provisioningState }: Resource): object {
  return {
    id: id.text,
    name: id.name,
    type: ROUTE,
    etag: `"${version}"`,
    properties: { provisioningState, ...properties },
  }
}
