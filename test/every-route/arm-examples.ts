/**
 * Examples for Resource Manager: its few routes for types become one example for each type, verb
 * and place, read from the providers themselves. A type, an action or a body that has no example
 * here stops the walk.
 */
import type { Method, Plane, Route } from '../../src/http/route.ts'
import type { DerivedType, Provider, StoredType, Type } from '../../src/providers/provider.ts'
import { CLI_TYPES } from './cli-type-examples.ts'
import { DEPLOYMENT_TYPES } from './deployment-examples.ts'
import type { Example } from './example.ts'
import { MANAGEMENT_TYPES } from './management-examples.ts'
import { NETWORK_TYPES } from './network-examples.ts'
import type { Body, Facts, Place, TypeExample } from './type-example.ts'
import { GONE, groupOf, guidFrom, machineOf, WALKED } from './world.ts'

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const VAULT = 'walked-vault'

const TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Resources/subscriptions': {},
  'Microsoft.Resources/resourceGroups': {
    put: () => ({ location: 'westeurope', tags: { made: 'by the walk' } }),
    patch: { tags: { changed: 'by the walk' } },
  },
  'Microsoft.Resources/tags': {
    names: () => ['default'],
    put: () => ({ properties: { tags: { put: 'by the walk' } } }),
    patch: { operation: 'Merge', properties: { tags: { merged: 'by the walk' } } },
  },
  'Microsoft.ManagedIdentity/identities': { names: () => ['default'] },
  'Microsoft.ManagedIdentity/userAssignedIdentities': {
    put: () => ({ location: 'westeurope', tags: {}, properties: { isolationScope: 'None' } }),
    patch: { tags: { changed: 'by the walk' } },
    actions: { listAssociatedResources: undefined, revokeTokens: undefined },
  },
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials': {
    put: () => ({
      properties: {
        issuer: 'https://issuer.example',
        subject: 'walked',
        audiences: ['api://AzureADTokenExchange'],
      },
    }),
  },
  'Microsoft.Authorization/roleDefinitions': {
    names: ({ scope }) => [guidFrom(`role of ${scope}`)],
    put: ({ subscriptionId }, { scope }) => ({
      properties: {
        roleName: `Walked ${scope}`,
        description: 'Made by the walk.',
        permissions: [{ actions: ['Microsoft.Compute/virtualMachines/read'] }],
        assignableScopes: [`/subscriptions/${subscriptionId}`],
      },
    }),
  },
  'Microsoft.Authorization/roleAssignments': {
    names: ({ scope }) => [guidFrom(`assignment of ${scope}`)],
    put: ({ principalId }) => ({
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
        principalId,
        principalType: 'ServicePrincipal',
      },
    }),
  },
  'Microsoft.Authorization/permissions': {},
  'Microsoft.Authorization/denyAssignments': {},
  'Microsoft.Authorization/locks': {
    put: () => ({ properties: { level: 'CanNotDelete', notes: 'Made by the walk.' } }),
    patch: { properties: { notes: 'Changed by the walk.' } },
  },
  'Microsoft.Compute/virtualMachines': {
    put: () => ({
      location: 'westeurope',
      tags: { made: 'by the walk' },
      identity: { type: 'SystemAssigned' },
      properties: {
        hardwareProfile: { vmSize: 'Standard_B1s' },
        osProfile: { adminUsername: 'azureuser', adminPassword: 'walked-admin-password' },
      },
    }),
    patch: { tags: { changed: 'by the walk' } },
    actions: {
      start: undefined,
      powerOff: undefined,
      deallocate: undefined,
      restart: undefined,
      redeploy: undefined,
      reapply: undefined,
      generalize: undefined,
      attachDetachDataDisks: { dataDisksToAttach: [], dataDisksToDetach: [] },
      runCommand: { commandId: 'RunShellScript', script: ['true'] },
    },
  },
  'Microsoft.KeyVault/vaults': {
    names: () => [VAULT],
    put: ({ tenantId }) => ({
      location: 'westeurope',
      properties: {
        tenantId,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        accessPolicies: [],
      },
    }),
    patch: { tags: { changed: 'by the walk' } },
  },
  'Microsoft.KeyVault/vaults/accessPolicies': {
    names: () => [VAULT, 'add'],
    put: ({ tenantId, principalId }) => ({
      properties: {
        accessPolicies: [{ tenantId, objectId: principalId, permissions: { secrets: ['get'] } }],
      },
    }),
  },
  'Microsoft.KeyVault/vaults/secrets': {
    names: () => [VAULT, WALKED],
    put: () => ({ properties: { value: 'walked-secret-value', contentType: 'text/plain' } }),
    patch: { tags: { changed: 'by the walk' } },
  },
  'Microsoft.KeyVault/vaults/keys': {
    names: () => [VAULT, WALKED],
    put: () => ({ properties: { kty: 'EC', curveName: 'P-256', keyOps: ['sign', 'verify'] } }),
  },
  'Microsoft.KeyVault/vaults/keys/versions': { names: () => [VAULT, WALKED, WALKED] },
  'Microsoft.KeyVault/locations/deletedVaults': {
    names: () => ['westeurope', GONE],
    actions: { purge: undefined },
  },
  'Microsoft.KeyVault/deletedVaults': {},
  'Microsoft.KeyVault/checkNameAvailability': {
    actions: { '': { name: 'walked-free', type: 'Microsoft.KeyVault/vaults' } },
  },
  'Microsoft.KeyVault/vaults/privateEndpointConnections': { names: () => [VAULT, WALKED] },
  'Microsoft.KeyVault/vaults/privateLinkResources': { names: () => [VAULT] },
  'Microsoft.KeyVault/checkMhsmNameAvailability': { actions: { '': { name: 'walked' } } },
  'Microsoft.KeyVault/managedHSMs': {},
  'Microsoft.KeyVault/deletedManagedHSMs': {},
  ...CLI_TYPES,
  ...NETWORK_TYPES,
  ...MANAGEMENT_TYPES,
  ...DEPLOYMENT_TYPES,
}

export function armExamples(plane: Plane, providers: readonly Provider[], facts: Facts): Example[] {
  const asRoute = (method: Method): Route => {
    const route = plane.routes.find((one) => one.path === '/*' && one.method === method)
    if (route) return route
    throw new Error(`Resource Manager has no route for ${method} of a type`)
  }
  return providers.flatMap(({ types }) =>
    types.flatMap((type) =>
      requestsOf(type, facts).map(({ method, what, path, body }): Example => {
        const route = asRoute(method)
        return {
          plane,
          route,
          guard: route.guard,
          label: `arm ${method} ${type.name}${what}`,
          method,
          path,
          query: { 'api-version': type.apiVersions.at(-1) ?? '' },
          body,
          // What others hang on must be there before them.
          isSeed: method === 'PUT' && type.kind === 'stored' && type.place !== 'extension',
        }
      }),
    ),
  )
}

interface Request {
  readonly method: Method
  /** What follows the type in the label. */
  readonly what: string
  readonly path: string
  readonly body?: Body | undefined
}

function requestsOf(type: Type, facts: Facts): Request[] {
  const example = TYPES[type.name]
  if (!example) throw new Error(`${type.name} has no example in test/every-route/`)
  return placesOf(type, facts).flatMap((place) => {
    const id = idOf(type, example, place, facts)
    const at = ` of ${place.name}`
    return [
      ...verbsOf(type).map((method) => ({
        method,
        what: at,
        path: id,
        body: bodyOf(type, example, method, facts, place),
      })),
      ...(example.another === undefined
        ? []
        : [
            {
              method: 'PUT' as const,
              what: ` (another)${at}`,
              path: id.replace(/\{[^}]*\}$/, `{${example.another}}`),
              body: bodyOf(type, example, 'PUT', facts, place),
            },
          ]),
      ...actionsOf(type).map((action) => ({
        method: 'POST' as const,
        what: ` ${action || '(collection)'}${at}`,
        path: action === '' ? collectionOf(type, place) : `${id}/${action}`,
        body: actionBody(type, example, action),
      })),
      ...readsOf(type).map((read) => ({
        method: 'GET' as const,
        what: ` ${read}${at}`,
        path: `${id}/${read}`,
      })),
      ...writesOf(type).map((written) => ({
        method: 'PUT' as const,
        what: ` ${written}${at}`,
        path: `${id}/${written}`,
        body: writtenBody(type, example, written),
      })),
      ...collections(type, place, facts),
    ]
  })
}

/** The verbs on one resource that the type answers. */
function verbsOf(type: Type): Method[] {
  if (type.kind === 'stored') {
    return ['GET', 'HEAD', 'PUT', 'PATCH', ...(type.permanent ? [] : (['DELETE'] as const))]
  }
  const verbs: [Method, unknown][] = [
    ['GET', type.get],
    ['PUT', type.put],
    ['PATCH', type.patch],
    ['DELETE', type.remove],
  ]
  return verbs.filter(([, answers]) => answers).map(([method]) => method)
}

function actionsOf(type: Type): string[] {
  return Object.keys(type.actions ?? {})
}

function readsOf(type: Type): string[] {
  return type.kind === 'stored' ? Object.keys(type.reads ?? {}) : []
}

function writesOf(type: Type): string[] {
  return type.kind === 'stored' ? Object.keys(type.writes ?? {}) : []
}

function writtenBody(type: Type, { writes = {} }: TypeExample, written: string): Body | undefined {
  if (written in writes) return writes[written]
  throw new Error(`PUT of ${type.name}/${written} has no example in test/every-route/`)
}

function bodyOf(
  type: Type,
  example: TypeExample,
  method: Method,
  facts: Facts,
  place: Place,
): Body | undefined {
  if (method !== 'PUT' && method !== 'PATCH') return undefined
  const body = method === 'PUT' ? example.put?.(facts, place) : example.patch
  if (body) return body
  throw new Error(`${method} ${type.name} has no example body in test/every-route/arm-examples.ts`)
}

function actionBody(type: Type, { actions = {} }: TypeExample, action: string): Body | undefined {
  if (action in actions) return actions[action]
  throw new Error(`${type.name}/${action} has no example in test/every-route/`)
}

function placesOf(type: Type, { subscriptionId }: Facts): Place[] {
  const subscription = { name: 'a subscription', scope: `/subscriptions/{${subscriptionId}}` }
  const group = { name: 'a group', scope: braced(groupOf(subscriptionId)) }
  const machine = { name: 'a resource', scope: braced(machineOf(subscriptionId)) }
  if (type.place === 'subscription') return [subscription]
  if (type.place === 'group') return [group]
  if (type.place === 'tenant') return [{ name: 'the tenant', scope: '' }]
  return [{ name: 'the tenant', scope: '' }, subscription, group, machine]
}

/** Names in an id are what can be spoilt; its types are not. */
function braced(id: string): string {
  return id.replace(/\/(subscriptions|resourceGroups|virtualMachines)\/([^/]+)/g, '/$1/{$2}')
}

function idOf(type: Type, example: TypeExample, place: Place, facts: Facts): string {
  const [namespace, ...segments] = type.name.split('/')
  const names = example.names?.(place, facts) ?? segments.map(() => WALKED)
  const path = segments.map((segment, at) => `${segment}/{${names[at]}}`).join('/')
  if (type.name === 'Microsoft.Resources/resourceGroups') return `${place.scope}/${path}`
  return `${place.scope}/providers/${namespace}/${path}`
}

function collectionOf(type: Type, place: Place): string {
  return type.name === 'Microsoft.Resources/resourceGroups'
    ? `${place.scope}/resourceGroups`
    : `${place.scope}/providers/${type.name}`
}

/** The lists a type has: at its place, and of whole subscriptions for what lies in groups. */
function collections(type: Type, place: Place, facts: Facts): Request[] {
  if (!isListed(type)) return []
  const list = { method: 'GET' as const, what: ` (list) of ${place.name}` }
  if (isChild(type)) {
    const parent = idOf(type, TYPES[type.name] ?? {}, place, facts).replace(/\/[^/]+$/, '')
    return [{ ...list, path: parent }]
  }
  const here = { ...list, path: collectionOf(type, place) }
  if (type.place !== 'group') return [here]
  const subscription = { name: 'a subscription', scope: `/subscriptions/{${facts.subscriptionId}}` }
  const above = { ...list, what: ' (list) of a subscription' }
  return [here, { ...above, path: collectionOf(type, subscription) }]
}

function isListed(type: Type): type is StoredType | DerivedType {
  return type.kind === 'stored' || type.list !== undefined
}

function isChild(type: Type): boolean {
  return type.name.split('/').length > 2
}
