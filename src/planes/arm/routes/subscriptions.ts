/**
 * Subscriptions, tenants and locations: what exists before any resource does.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { isGuid } from '../../../base/ids.ts'
import { subscriptionResourceId } from '../../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../../core/call.ts'
import { listAssignments } from '../../../core/rbac/assignment-list.ts'
import { resourcesOfType } from '../../../core/resources/lists.ts'
import { LOCATIONS } from '../../../core/resources/locations.ts'
import { findResource, type Resource } from '../../../core/resources/resource.ts'
import { type Route, route } from '../../../http/route.ts'
import { missingScope } from '../existence.ts'
import { permit } from '../permit.ts'
import { readApiVersion } from '../registry.ts'

const query = z.record(z.string(), z.string())
const anyQuery = z.object({ query })
const ofSubscription = z.object({ params: z.object({ subscriptionId: z.string() }), query })

export function subscriptionRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tenants',
      guard: { kind: 'principal' },
      input: anyQuery,
      async answer(call, input) {
        readApiVersion(input.query)
        return { status: 200, body: { value: [tenantOf(call)] } }
      },
    }),
    route({
      method: 'GET',
      path: '/subscriptions',
      guard: { kind: 'principal' },
      input: anyQuery,
      async answer(call, input) {
        readApiVersion(input.query)
        return { status: 200, body: { value: await visibleSubscriptions(call) } }
      },
    }),
    route({
      method: 'GET',
      path: '/subscriptions/:subscriptionId',
      guard: { kind: 'principal' },
      input: ofSubscription,
      async answer(call, input) {
        readApiVersion(input.query)
        return { status: 200, body: shown(call, await readable(call, input.params.subscriptionId)) }
      },
    }),
    route({
      method: 'GET',
      path: '/subscriptions/:subscriptionId/locations',
      guard: { kind: 'principal' },
      input: ofSubscription,
      async answer(call, input) {
        readApiVersion(input.query)
        const { id } = await readable(call, input.params.subscriptionId)
        const value = LOCATIONS.map(({ name, displayName }) => ({
          id: `${id.text}/locations/${name}`,
          name,
          type: 'Region',
          displayName,
          regionalDisplayName: displayName,
          metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
        }))
        return { status: 200, body: { value } }
      },
    }),
  ]
}

/** A principal sees the subscriptions in which, or above which, it has any role at all. */
async function visibleSubscriptions(call: Call): Promise<object[]> {
  const caller = callerObjectId(call)
  if (caller === undefined) return []
  const visible: object[] = []
  for (const subscription of await resourcesOfType(call, 'microsoft.resources/subscriptions')) {
    const roles = await listAssignments(call, { scope: subscription.id, assignedTo: caller })
    if (roles.length > 0) visible.push(shown(call, subscription))
  }
  return visible
}

async function readable(call: Call, subscriptionId: string): Promise<Resource> {
  if (!isGuid(subscriptionId)) {
    throw new Failure(
      'invalid',
      'InvalidSubscriptionId',
      `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
    )
  }
  const id = subscriptionResourceId(subscriptionId)
  await permit(call, 'Microsoft.Resources/subscriptions/read', id)
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
