/**
 * Provider documents: which namespaces, types, api-versions and locations there are. Clients choose
 * api-versions from them. Every provider is registered in every subscription.
 */
import { Failure } from '../../../base/failure.ts'
import { parseResourceId, type ResourceId, TENANT } from '../../../base/resource-id.ts'
import type { Call } from '../../../core/call.ts'
import { LOCATIONS } from '../../../core/resources/locations.ts'
import type { Route } from '../../../http/route.ts'
import type { Provider, Type } from '../../../providers/provider.ts'
import { actionOf, actionPrefix } from '../asking.ts'
import { requireScope } from '../existence.ts'
import { permit } from '../permit.ts'
import type { Registry } from '../registry.ts'
import { type ArmInput, armRoute } from './arm-route.ts'

/** Where the documents are to be had: of a subscription, or of the tenant. */
const BASES = ['/subscriptions/:subscriptionId/providers', '/providers'] as const

export function providerRoutes(registry: Registry): Route[] {
  return [
    ...BASES.flatMap((base) => documentRoutes(registry, base)),
    registration(registry),
    operationsList(registry),
    ...metadataRoutes(registry),
  ]
}

function documentRoutes(registry: Registry, base: string): Route[] {
  return [
    armRoute('GET', base, async (call, { params }) => {
      const scope = await readableScope(call, params)
      const value = registry.providers.map((provider) => documentOf(provider, scope))
      return { status: 200, body: { value } }
    }),
    armRoute('GET', `${base}/:namespace`, async (call, { params }) => {
      const scope = await readableScope(call, params)
      return { status: 200, body: documentOf(find(registry, params.namespace), scope) }
    }),
  ]
}

/** Anybody in the tenant may read its documents; a subscription's are for its readers. */
async function readableScope(call: Call, params: ArmInput['params']): Promise<ResourceId> {
  const scope = scopeOf(params.subscriptionId)
  if (scope === TENANT) return scope
  await permit(call, 'Microsoft.Resources/subscriptions/providers/read', scope)
  await requireScope(call, scope)
  return scope
}

function registration(registry: Registry): Route {
  const path = '/subscriptions/:subscriptionId/providers/:namespace/register'
  return armRoute('POST', path, async (call, { params }) => {
    const scope = scopeOf(params.subscriptionId)
    const provider = find(registry, params.namespace)
    await permit(call, `${provider.namespace}/register/action`, scope)
    await requireScope(call, scope)
    return { status: 200, body: documentOf(provider, scope) }
  })
}

/** The actions a namespace knows, as role authors look them up. */
function operationsList(registry: Registry): Route {
  return armRoute('GET', '/providers/:namespace/operations', async (_call, { params }) => {
    const { types } = find(registry, params.namespace)
    const value = types.flatMap(actionsOf).map((name) => ({ name, isDataAction: false }))
    return { status: 200, body: { value } }
  })
}

const METADATA = 'Microsoft.Authorization/providerOperations'

/** The same by resource type, of one namespace or of all: for whoever writes roles. */
function metadataRoutes(registry: Registry): Route[] {
  return [
    armRoute('GET', `/providers/${METADATA}`, async () => ({
      status: 200,
      body: { value: registry.providers.map(metadataOf) },
    })),
    armRoute('GET', `/providers/${METADATA}/:namespace`, async (_call, { params }) => ({
      status: 200,
      body: metadataOf(find(registry, params.namespace)),
    })),
  ]
}

function metadataOf({ namespace, types }: Provider): object {
  return {
    id: `/providers/${METADATA}/${namespace}`,
    name: namespace,
    type: METADATA,
    displayName: namespace,
    operations: [],
    resourceTypes: types.map((type) => ({
      name: type.name.slice(namespace.length + 1),
      displayName: type.name.slice(namespace.length + 1),
      operations: actionsOf(type).map((name) => ({ name, displayName: name, isDataAction: false })),
    })),
  }
}

function scopeOf(subscriptionId: string | undefined): ResourceId {
  return subscriptionId === undefined ? TENANT : parseResourceId(`/subscriptions/${subscriptionId}`)
}

function find(registry: Registry, namespace = ''): Provider {
  const provider = registry.provider(namespace)
  if (provider) return provider
  throw new Failure(
    'missing',
    'InvalidResourceNamespace',
    `The resource namespace '${namespace}' is invalid.`,
  )
}

function documentOf(provider: Provider, scope: ResourceId): object {
  const { namespace } = provider
  return {
    id: `${scope === TENANT ? '' : scope.text}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: 'Registered',
    resourceTypes: provider.types.map((type) => ({
      resourceType: type.name.slice(namespace.length + 1),
      locations: type.place === 'group' ? LOCATIONS.map(({ displayName }) => displayName) : [],
      apiVersions: type.apiVersions.toReversed(),
      defaultApiVersion: type.apiVersions.at(-1),
      capabilities: capabilitiesOf(type),
    })),
  }
}

function capabilitiesOf(type: Type): string {
  if (type.kind !== 'stored' || type.place !== 'group') return 'None'
  const identity = type.identity.startsWith('system') ? 'SystemAssignedResourceIdentity, ' : ''
  return `CrossResourceGroupResourceMove, ${identity}SupportsTags, SupportsLocation`
}

function actionsOf(type: Type): string[] {
  const verbs = type.kind === 'stored' ? storedVerbs(type) : derivedVerbs(type)
  return [
    ...verbs.map((verb) => `${actionPrefix(type)}/${verb}`),
    ...Object.keys(type.actions ?? {}).map((name) => actionOf(type, name)),
  ]
}

function storedVerbs(type: Type & { kind: 'stored' }): string[] {
  const aspects = Object.keys(type.reads ?? {}).map((name) => `${name}/read`)
  return ['read', 'write', 'delete', ...aspects]
}

function derivedVerbs(type: Type & { kind: 'derived' }): string[] {
  const reads = type.get || type.list ? ['read'] : []
  return [...reads, ...(type.put ? ['write'] : []), ...(type.remove ? ['delete'] : [])]
}
