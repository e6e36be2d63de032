/**
 * Examples for the planes whose routes say everything: one for each route, from tables of what its
 * parameters and its body may be. A parameter or a body that is not here stops the walk.
 */
import type { Plane, Route } from '../../src/http/route.ts'
import type { Example } from './example.ts'
import { type GraphFacts, graphExtras, graphParameter } from './graph-examples.ts'
import { GONE, groupOf, MACHINE_SECRET, WALKED } from './world.ts'

type Text = Readonly<Record<string, string>>

export interface Facts {
  readonly tenantId: string
  readonly subscriptionId: string
  /** The client that proves itself at the token endpoint, and its secret. */
  readonly clientId: string
  readonly clientSecret: string
  /** One that was begun in the subscription. */
  readonly operationId: string
  readonly secretVersion: string
  readonly keyVersion: string
  /** Encrypted by the walked key, base64url. */
  readonly ciphertext: string
  /** Backups of the walked secret and the walked key. */
  readonly secretBackup: string
  readonly keyBackup: string
  /** A key to import, as a JWK. */
  readonly newKey: object
  readonly graph: GraphFacts
}

interface Extras {
  readonly query?: Text
  readonly headers?: Text
  readonly body?: Readonly<Record<string, unknown>>
}

const NEW_KEYS: ReadonlySet<string> = new Set([
  'vault POST /keys/:name/create',
  'vault PUT /keys/:name',
])
const DIGEST = Buffer.alloc(32, 7).toString('base64url')

/** Writes by these methods have a body; those without one say so in `extrasOf` with `{}`. */
const METHODS_WITH_BODIES: ReadonlySet<string> = new Set(['PUT', 'POST', 'PATCH'])

export function plainExamples(plane: Plane, facts: Facts): Example[] {
  return plane.routes
    .filter(({ path }) => path !== '/*')
    .map((route) => {
      const label = `${plane.name} ${route.method} ${route.path}`
      const extras = extrasOf(facts)[label]
      if (!extras && METHODS_WITH_BODIES.has(route.method)) {
        throw new Error(`${label} has no example in test/every-route/examples.ts`)
      }
      return {
        plane,
        route,
        guard: route.guard,
        label,
        method: route.method,
        path: pathOf(label, route, facts),
        query: { ...queryOf(label), ...extras?.query },
        headers: { ...headersOf(label), ...extras?.headers },
        body: extras?.body,
      }
    })
}

function queryOf(label: string): Text {
  if (label.startsWith('arm ')) return { 'api-version': '2021-04-01' }
  if (label.startsWith('vault ')) return { 'api-version': '7.4' }
  return label.startsWith('imds ') ? { 'api-version': '2021-03-01' } : {}
}

function headersOf(label: string): Text {
  return label.startsWith('imds GET /metadata/') ? { metadata: 'true' } : {}
}

function pathOf(label: string, { path }: Route, facts: Facts): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) => {
    const value = label.startsWith('graph ')
      ? graphParameter(label, name, facts.graph)
      : parameter(label, name, facts)
    if (value !== undefined) return `{${value}}`
    throw new Error(`${label} has no example of :${name} in test/every-route/examples.ts`)
  })
}

function parameter(label: string, name: string, facts: Facts): string | undefined {
  switch (name) {
    case 'tenant':
      return facts.tenantId
    case 'user':
      return 'nobody@locum.onmicrosoft.com'
    case 'subscriptionId':
      return facts.subscriptionId
    case 'resourceGroup':
    case 'tagName':
    case 'tagValue':
      return WALKED
    case 'namespace':
      return 'Microsoft.Compute'
    case 'location':
      return 'global'
    case 'appId':
      return facts.graph.application.clientId
    case 'operationId':
      return facts.operationId
    case 'name':
      return nameIn(label)
    case 'version':
      return label.includes('/keys/') ? facts.keyVersion : facts.secretVersion
    default:
      return undefined
  }
}

/** New keys go under a name of their own, so that the walked one stays what it is. */
function nameIn(label: string): string {
  if (label.includes('/deleted')) return GONE
  return NEW_KEYS.has(label) ? 'walked-new' : WALKED
}

/** What a request needs beside its path. */
function extrasOf(facts: Facts): Readonly<Record<string, Extras>> {
  return {
    ...tokenService(facts),
    ...metadataService,
    ...vault(facts),
    ...graphExtras(facts.graph),
    ...control,
    'consent POST /api/RegisteredApplications/:appId/Consent': {
      query: { onBehalfOfAll: 'true' },
    },
    'arm POST /subscriptions/:subscriptionId/providers/:namespace/register': {},
    'arm PUT /subscriptions/:subscriptionId/tagNames/:tagName': {},
    'arm PUT /subscriptions/:subscriptionId/tagNames/:tagName/tagValues/:tagValue': {},
    'arm POST /batch': {
      body: { requests: [{ httpMethod: 'GET', url: '/tenants?api-version=2022-12-01' }] },
    },
    [`arm POST ${GROUP}/exportTemplate`]: { body: { resources: ['*'] } },
    [`arm POST ${GROUP}/moveResources`]: moving(facts),
    [`arm POST ${GROUP}/validateMoveResources`]: moving(facts),
  }
}

const GROUP = '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup'

/** What is not there, or the rest of the walk would look for what is here in vain. */
function moving({ subscriptionId }: Facts): Extras {
  const group = groupOf(subscriptionId)
  const resources = [`${group}/providers/Microsoft.Compute/virtualMachines/${GONE}`]
  return { body: { resources, targetResourceGroup: `${group}-target` } }
}

function tokenService({ tenantId, clientId, clientSecret }: Facts): Record<string, Extras> {
  const client = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  }
  const endpoint = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`
  const asked = {
    client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    response_type: 'code',
    redirect_uri: 'http://localhost:4711',
    scope: 'openid https://vault.azure.net/.default',
  }
  const csrf = 'c'.repeat(43)
  const form = {
    headers: { cookie: `__Host-locum-sign-in=${csrf}` },
    body: { ...asked, csrf, username: 'nobody@locum.onmicrosoft.com', password: 'wrong' },
  }
  const toDevice = { body: { client_id: asked.client_id, scope: asked.scope } }
  return {
    'entra GET /:tenant/oauth2/authorize': { query: asked },
    'entra GET /:tenant/oauth2/v2.0/authorize': { query: asked },
    'entra POST /:tenant/oauth2/authorize': form,
    'entra POST /:tenant/oauth2/v2.0/authorize': form,
    'entra POST /:tenant/oauth2/devicecode': toDevice,
    'entra POST /:tenant/oauth2/v2.0/devicecode': toDevice,
    'entra POST /:tenant/oauth2/deviceauth': { ...form, body: { csrf, otc: 'WALKED' } },
    'entra GET /:tenant/discovery/instance': {
      query: { 'api-version': '1.1', authorization_endpoint: endpoint },
    },
    'entra POST /:tenant/oauth2/token': {
      body: { ...client, resource: 'https://vault.azure.net' },
    },
    'entra POST /:tenant/oauth2/v2.0/token': {
      body: { ...client, scope: 'https://vault.azure.net/.default' },
    },
  }
}

const metadataService: Readonly<Record<string, Extras>> = {
  'imds GET /metadata/identity/oauth2/token': {
    query: { 'api-version': '2018-02-01', resource: 'https://vault.azure.net' },
  },
  'imds GET /msi/token': {
    headers: { 'x-identity-header': MACHINE_SECRET },
    query: { 'api-version': '2019-08-01', resource: 'https://vault.azure.net' },
  },
}

function vault({ ciphertext, newKey, secretBackup, keyBackup }: Facts): Record<string, Extras> {
  const attributes = { enabled: true }
  const tags = { made: 'by the walk' }
  const uses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    sign: { alg: 'RS256', value: DIGEST },
    verify: { alg: 'RS256', digest: DIGEST, value: DIGEST },
    encrypt: { alg: 'RSA-OAEP', value: DIGEST },
    decrypt: { alg: 'RSA-OAEP', value: ciphertext },
    wrapkey: { alg: 'RSA-OAEP', value: DIGEST },
    unwrapkey: { alg: 'RSA-OAEP', value: ciphertext },
  }
  const key_ops = ['sign', 'verify', 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
  return {
    'vault PUT /secrets/:name': {
      body: { value: 'walked-secret-value', contentType: 'text/plain', attributes, tags },
    },
    'vault PATCH /secrets/:name': { body: { contentType: 'text/plain', attributes, tags } },
    'vault PATCH /secrets/:name/:version': { body: { attributes, tags } },
    'vault POST /deletedsecrets/:name/recover': {},
    'vault POST /keys/:name/create': { body: { kty: 'EC', crv: 'P-256', attributes, tags } },
    'vault PUT /keys/:name': { body: { key: newKey, attributes, tags } },
    'vault PATCH /keys/:name': { body: { key_ops, attributes, tags } },
    'vault PATCH /keys/:name/:version': { body: { attributes, tags } },
    'vault POST /deletedkeys/:name/recover': {},
    'vault POST /secrets/:name/backup': {},
    'vault POST /secrets/restore': { body: { value: secretBackup } },
    'vault POST /keys/:name/backup': {},
    'vault POST /keys/restore': { body: { value: keyBackup } },
    'vault POST /keys/:name/rotate': {},
    'vault PUT /keys/:name/rotationpolicy': {
      body: {
        lifetimeActions: [{ trigger: { timeAfterCreate: 'P30D' }, action: { type: 'Rotate' } }],
        attributes: { expiryTime: 'P90D' },
      },
    },
    'vault POST /certificates/:name/create': {},
    'vault POST /certificates/:name/import': {},
    'vault PUT /certificates/contacts': {},
    ...Object.fromEntries(
      Object.entries(uses).flatMap(([use, body]) => [
        [`vault POST /keys/:name/${use}`, { body }],
        [`vault POST /keys/:name/:version/${use}`, { body }],
      ]),
    ),
  }
}

const control: Readonly<Record<string, Extras>> = {
  'control POST /machines/entrance': { body: { machine: WALKED } },
  'control POST /workstation/entrance': {},
  'control POST /roles/import': { body: { value: [] } },
  'control POST /stop': {},
}
