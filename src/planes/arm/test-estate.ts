/**
 * For tests of types through their door: a subscription with one group, and principals that may do
 * everything, read, or do nothing there. Nothing in the program imports this.
 */
import type { SubscriptionId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { createSubscription } from '../../core/resources/subscriptions.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Method } from '../../http/route.ts'
import { type Answered, makePrincipal, openTestDoor } from '../../http/test-door.ts'
import type { Provider } from '../../providers/provider.ts'
import { resourcesProvider } from '../../providers/resources/resources.ts'
import { armPlane } from './arm.ts'

export const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
export const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555'
export const GROUP = `${SUBSCRIPTION}/resourceGroups/Blue`

export interface TestEstate {
  readonly world: TestWorld
  readonly owner: ServicePrincipal
  readonly reader: ServicePrincipal
  readonly nobody: ServicePrincipal
  /** Asks as the owner, with a recent api-version, unless told otherwise. */
  ask(
    method: Method,
    path: string,
    body?: unknown,
    facts?: { readonly as?: ServicePrincipal; readonly headers?: Record<string, string> },
  ): Promise<Answered>
  assign(who: ServicePrincipal, role: string, scope: string): Promise<void>
  principal(name: string): Promise<ServicePrincipal>
  close(): Promise<void>
}

/** @param providers beside Microsoft.Resources */
export async function openTestEstate(...providers: readonly Provider[]): Promise<TestEstate> {
  const world = await openTestWorld()
  const plane = armPlane([resourcesProvider, ...providers])
  const door = await openTestDoor(world, plane, { host: 'management.azure.com' })
  const owner = await makePrincipal(world, 'owner')
  const reader = await makePrincipal(world, 'reader')
  const estate: TestEstate = {
    world,
    owner,
    reader,
    nobody: await makePrincipal(world, 'nobody'),
    ask(method, path, body, { as = owner, headers = {} } = {}) {
      const mark = path.includes('?') ? '&' : '?'
      const versioned = path.includes('api-version=') ? path : `${path}${mark}${VERSION}`
      return door.ask({ method, path: versioned, as, body, headers })
    },
    assign: (who, role, scope) => assignRole(world, who, role, scope),
    principal: (name) => makePrincipal(world, name),
    async close() {
      await door.close()
      await world.close()
    },
  }
  await makeSubscription(world)
  await assignRole(world, owner, OWNER, '/')
  await assignRole(world, reader, READER, SUBSCRIPTION)
  await estate.ask('PUT', GROUP, { location: 'westeurope' })
  return estate
}

const VERSION = 'api-version=2024-11-01'

/** The subscription that these tests are in. */
export async function makeSubscription(world: TestWorld): Promise<void> {
  const subscriptionId = parseResourceId(SUBSCRIPTION).name as SubscriptionId
  await transaction(world.call(), (tx) =>
    createSubscription(tx, { subscriptionId, displayName: 'Locum' }),
  )
}
