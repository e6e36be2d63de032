/**
 * For tests of deployments: Resource Manager behind a real door, a subscription with a group in it,
 * and the job that carries deployments out. Nothing in the program imports this.
 */
import { randomUUID } from 'node:crypto'
import { parseResourceId } from '../../base/resource-id.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { putAssignment } from '../../core/rbac/role-assignments.ts'
import { putResource } from '../../core/resources/resource.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Method } from '../../http/route.ts'
import { type Answered, makePrincipal, openTestDoor } from '../../http/test-door.ts'
import { deploymentsJob } from '../../jobs/deployments.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { resourcesProvider } from '../../providers/resources/resources.ts'
import { armPlane } from './arm.ts'
import { openManage } from './manage.ts'

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
export const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555'
export const GROUP = `${SUBSCRIPTION}/resourceGroups/Green`
export const DEPLOYMENTS = 'providers/Microsoft.Resources/deployments'
export const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities'
export const SCHEMA =
  'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'
const VERSION = 'api-version=2024-11-01'
const PROVIDERS = [
  resourcesProvider,
  managedIdentityProvider,
  authorizationProvider,
  keyVaultProvider,
]
/** No deployment of these tests takes more runs of the job. */
const MOST_RUNS = 50

export interface TestDeployments {
  readonly world: TestWorld
  readonly owner: ServicePrincipal
  /** May write everything in the subscription, and grant nothing. */
  readonly contributor: ServicePrincipal
  as(who: ServicePrincipal, method: Method, path: string, body?: unknown): Promise<Answered>
  /** Runs the job until it rests. */
  rest(): Promise<void>
  /** Deploys as the owner and gives the deployment as it ends, or the refusal. */
  deploy(content: object, properties?: Record<string, unknown>): Promise<Answered>
  close(): Promise<void>
}

export async function openTestDeployments(): Promise<TestDeployments> {
  const world = await openTestWorld()
  const door = await openTestDoor(world, armPlane(PROVIDERS), { host: 'management.azure.com' })
  const owner = await makePrincipal(world, 'owner')
  const contributor = await makePrincipal(world, 'contributor')
  await makeSubscription(world)
  await assign(world, owner, OWNER, '/')
  await assign(world, contributor, CONTRIBUTOR, SUBSCRIPTION)
  const as: TestDeployments['as'] = (who, method, path, body) => {
    const query = path.includes('?') ? '' : `?${VERSION}`
    return door.ask({ method, path: `${path}${query}`, as: who, body })
  }
  await as(owner, 'PUT', GROUP, { location: 'westeurope' })
  const rest = async () => {
    const job = deploymentsJob(openManage(PROVIDERS))
    for (let run = 0; run < MOST_RUNS; run++) {
      world.woken.length = 0
      await job.run(world.call({ kind: 'job', name: 'deployments' }))
      if (!world.woken.includes('deployments')) return
    }
    throw new Error('the job does not come to rest')
  }
  return {
    world,
    owner,
    contributor,
    as,
    rest,
    async deploy(content, { name = 'one', scope = GROUP, ...properties } = {}) {
      const path = `${scope}/${DEPLOYMENTS}/${name}`
      const location = scope === GROUP ? {} : { location: 'westeurope' }
      const begun = await as(owner, 'PUT', path, {
        ...location,
        properties: { mode: 'Incremental', template: template(content), ...properties },
      })
      if (begun.status >= 400) return begun
      await rest()
      return as(owner, 'GET', path)
    },
    async close() {
      await door.close()
      await world.close()
    },
  }
}

/** What every template has, around what matters. */
export function template(content: object): object {
  return { $schema: SCHEMA, contentVersion: '1.0.0.0', resources: [], ...content }
}

export function identity(name: string, more: object = {}): object {
  return {
    type: IDENTITY,
    apiVersion: '2023-01-31',
    name,
    location: '[resourceGroup().location]',
    ...more,
  }
}

/** A built-in role's id, as an expression. */
export function role(id: string): string {
  return `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${id}')]`
}

async function assign(world: TestWorld, who: ServicePrincipal, role: string, scope: string) {
  await transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: randomUUID(),
      scope: parseResourceId(scope),
      roleId: role,
      principalId: who.objectId,
      principalType: 'ServicePrincipal',
    }),
  )
}

async function makeSubscription(world: TestWorld): Promise<void> {
  await transaction(world.call(), (tx) =>
    putResource(tx, {
      id: parseResourceId(SUBSCRIPTION),
      type: 'microsoft.resources/subscriptions',
      location: undefined,
      kind: undefined,
      tags: undefined,
      sku: undefined,
      envelope: {},
      properties: { displayName: 'Test' },
      state: {},
      provisioningState: undefined,
      version: 1,
      createdAt: tx.now,
      createdBy: undefined,
      changedAt: tx.now,
      changedBy: undefined,
    }),
  )
}
