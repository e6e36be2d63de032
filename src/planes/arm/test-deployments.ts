/**
 * For tests of deployments: Resource Manager behind a real door, a subscription with a group in it,
 * and the job that carries deployments out. Nothing in the program imports this.
 */
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import type { Method } from '../../http/route.ts'
import { type Answered, makePrincipal, openTestDoor } from '../../http/test-door.ts'
import { deploymentsJob } from '../../jobs/deployments.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import type { Provider } from '../../providers/provider.ts'
import { resourcesProvider } from '../../providers/resources/resources.ts'
import { armPlane } from './arm.ts'
import { openManage } from './manage.ts'
import { makeSubscription, OWNER, SUBSCRIPTION } from './test-estate.ts'

const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
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

/** @param more providers beside those that templates of identities and vaults need */
export async function openTestDeployments(...more: readonly Provider[]): Promise<TestDeployments> {
  const providers = [...PROVIDERS, ...more]
  const world = await openTestWorld()
  const door = await openTestDoor(world, armPlane(providers), { host: 'management.azure.com' })
  const owner = await makePrincipal(world, 'owner')
  const contributor = await makePrincipal(world, 'contributor')
  await makeSubscription(world)
  await assignRole(world, owner, OWNER, '/')
  await assignRole(world, contributor, CONTRIBUTOR, SUBSCRIPTION)
  const as: TestDeployments['as'] = (who, method, path, body) => {
    const query = path.includes('?') ? '' : `?${VERSION}`
    return door.ask({ method, path: `${path}${query}`, as: who, body })
  }
  await as(owner, 'PUT', GROUP, { location: 'westeurope' })
  const rest = async () => {
    const job = deploymentsJob(openManage(providers))
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
