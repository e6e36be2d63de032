/**
 * Provider documents: which namespaces, types, api-versions and locations there are. Clients choose
 * api-versions from them. Every provider is registered in every subscription.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { parseResourceId, TENANT } from '../../../base/resource-id.ts'
import { LOCATIONS } from '../../../core/resources/locations.ts'
import { type Route, route } from '../../../http/route.ts'
import type { Provider, Type } from '../../../providers/provider.ts'
import { requireScope } from '../existence.ts'
import { permit } from '../permit.ts'
import { type Registry, readApiVersion } from '../registry.ts'

const query = z.record(z.string(), z.string())
const params = z.record(z.string(), z.string())
const input = z.object({ params, query })

/** Where the documents are to be had: of a subscription, or of the tenant. */
const BASES = ['/subscriptions/:subscriptionId/providers', '/providers'] as const

export function providerRoutes(registry: Registry): Route[] {
  return [
    ...BASES.flatMap((base) => documentRoutes(registry, base)),
    registration(registry),
    operationsList(registry),
  ]
}

function documentRoutes(registry: Registry, base: string): Route[] {
  return [
    route({
      method: 'GET',
      path: base,
      guard: { kind: 'principal' },
      input,
      async answer(call, asked) {
        readApiVersion(asked.query)
        const scope = scopeOf(asked.params.subscriptionId)
        if (scope !== TENANT) {
          await permit(call, 'Microsoft.Resources/subscriptions/providers/read', scope)
          await requireScope(call, scope)
        }
        const value = registry.providers.map((provider) => documentOf(provider, scope.text))
        return { status: 200, body: { value } }
      },
    }),
    route({
      method: 'GET',
      path: `${base}/:namespace`,
      guard: { kind: 'principal' },
      input,
      async answer(call, asked) {
        readApiVersion(asked.query)
        const scope = scopeOf(asked.params.subscriptionId)
        if (scope !== TENANT) {
          await permit(call, 'Microsoft.Resources/subscriptions/providers/read', scope)
          await requireScope(call, scope)
        }
        const provider = find(registry, asked.params.namespace)
        return { status: 200, body: documentOf(provider, scope.text) }
      },
    }),
  ]
}

function registration(registry: Registry): Route {
  return route({
    method: 'POST',
    path: '/subscriptions/:subscriptionId/providers/:namespace/register',
    guard: { kind: 'principal' },
    input,
    async answer(call, asked) {
      readApiVersion(asked.query)
      const scope = scopeOf(asked.params.subscriptionId)
      const provider = find(registry, asked.params.namespace)
      await permit(call, `${provider.namespace}/register/action`, scope)
      await requireScope(call, scope)
      return { status: 200, body: documentOf(provider, scope.text) }
    },
  })
}

/** The actions a namespace knows, as role authors look them up. */
function operationsList(registry: Registry): Route {
  return route({
    method: 'GET',
    path: '/providers/:namespace/operations',
    guard: { kind: 'principal' },
    input,
    async answer(_call, asked) {
      readApiVersion(asked.query)
      const provider = find(registry, asked.params.namespace)
      const value = provider.types.flatMap(actionsOf).map((name) => ({ name, isDataAction: false }))
      return { status: 200, body: { value } }
    },
  })
}

function scopeOf(subscriptionId: string | undefined) {
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

function documentOf(provider: Provider, scope: string): object {
  const { namespace } = provider
  return {
    id: `${scope === '/' ? '' : scope}/providers/${namespace}`,
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
  const prefix = type.actionPrefix ?? type.name
  const verbs = type.kind === 'stored' ? ['read', 'write', 'delete'] : derivedVerbs(type)
  const actions = Object.keys(type.actions ?? {}).map((name) =>
    name ? `${name}/action` : 'action',
  )
  return [...verbs, ...actions].map((verb) => `${prefix}/${verb}`)
}

function derivedVerbs(type: Type & { kind: 'derived' }): string[] {
  const reads = type.get || type.list ? ['read'] : []
  return [...reads, ...(type.put ? ['write'] : []), ...(type.remove ? ['delete'] : [])]
}
