/**
 * Subscriptions, tenants and locations: what exists before any resource does.
 */
import { Failure } from '../../../base/failure.ts'
import { isGuid } from '../../../base/ids.ts'
import { type ResourceId, subscriptionResourceId } from '../../../base/resource-id.ts'
import type { Call } from '../../../core/call.ts'
import { hasAccessWithin } from '../../../core/rbac/check.ts'
import { resourcesOfType } from '../../../core/resources/lists.ts'
import { LOCATIONS, type Location } from '../../../core/resources/locations.ts'
import { findResource, type Resource } from '../../../core/resources/resource.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { missingScope } from '../existence.ts'
import { permit } from '../permit.ts'
import { type ArmInput, armRoute } from './arm-route.ts'

export function subscriptionRoutes(): Route[] {
  return [
    armRoute('GET', '/tenants', async (call) => ok({ value: [tenantOf(call)] })),
    armRoute('GET', '/subscriptions', async (call) =>
      ok({ value: await visibleSubscriptions(call) }),
    ),
    armRoute('GET', '/subscriptions/:subscriptionId', async (call, { params }) =>
      ok(shown(call, await readable(call, params))),
    ),
    armRoute('GET', '/subscriptions/:subscriptionId/locations', async (call, { params }) => {
      const action = 'Microsoft.Resources/subscriptions/locations/read'
      const { id } = await readable(call, params, action)
      return ok({ value: LOCATIONS.map((location) => locationOf(id, location)) })
    }),
  ]
}

function ok(body: object): Reply {
  return { status: 200, body }
}

function locationOf(subscription: ResourceId, { name, displayName }: Location): object {
  return {
    id: `${subscription.text}/locations/${name}`,
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: displayName,
    metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
  }
}

/** A principal sees the subscriptions in which, or above which, it has any role at all. */
async function visibleSubscriptions(call: Call): Promise<object[]> {
  const visible: object[] = []
  for (const subscription of await resourcesOfType(call, 'microsoft.resources/subscriptions')) {
    if (await hasAccessWithin(call, subscription.id)) visible.push(shown(call, subscription))
  }
  return visible
}

/** @throws Failure invalid `InvalidSubscriptionId` */
export function subscriptionIn({ subscriptionId = '' }: ArmInput['params']): ResourceId {
  if (isGuid(subscriptionId)) return subscriptionResourceId(subscriptionId)
  throw new Failure(
    'invalid',
    'InvalidSubscriptionId',
    `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
  )
}

async function readable(
  call: Call,
  params: ArmInput['params'],
  action = 'Microsoft.Resources/subscriptions/read',
): Promise<Resource> {
  const id = subscriptionIn(params)
  await permit(call, action, id)
  const subscription = await findResource(call, id)
  if (!subscription) throw missingScope(id)
  return subscription
}

function shown(call: Call, { id, properties, tags }: Resource): object {
  return {
    id: id.text,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    ...(tags && { tags }),
    subscriptionId: id.name,
    tenantId: call.tenantId,
    displayName: properties.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  }
}

function tenantOf(call: Call): object {
  return {
    id: `/tenants/${call.tenantId}`,
    tenantId: call.tenantId,
    countryCode: 'US',
    displayName: 'Locum',
    domains: ['locum.onmicrosoft.com'],
    tenantCategory: 'Home',
    defaultDomain: 'locum.onmicrosoft.com',
    tenantType: 'AAD',
  }
}
