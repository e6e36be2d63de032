/**
 * What the token service says about itself: the OpenID documents of both versions, the key sets,
 * and which hosts are one cloud. URLs are under the names by which the caller reached us; issuers
 * are always Azure's own. Only what is answered is announced, and what clients insist on.
 */
import { z } from 'zod'
import { azureHostsOf } from '../../base/names.ts'
import type { Call } from '../../core/call.ts'
import { issuerV2 } from '../../core/tokens/issuers.ts'
import { jwks } from '../../core/tokens/jwks.ts'
import { type Reply, type Route, route } from '../../http/route.ts'
import { refusal } from './errors.ts'
import { readTenant } from './tenant.ts'

const BECAUSE = 'clients read it before they have a token; it says nothing that is secret'
const CACHED = { 'cache-control': 'max-age=86400, private' }

const inTenant = z.object({ params: z.object({ tenant: z.string() }) })
const aboutInstance = inTenant.extend({
  query: z.object({ authorization_endpoint: z.string().max(2048).optional() }),
})

export function discoveryRoutes(): Route[] {
  return [
    open('/:tenant/v2.0/.well-known/openid-configuration', inTenant, async (call, { params }) =>
      cached(documentV2(call, params.tenant)),
    ),
    open('/:tenant/.well-known/openid-configuration', inTenant, async (call, { params }) =>
      cached(documentV1(call, params.tenant)),
    ),
    open('/:tenant/discovery/v2.0/keys', inTenant, async (call, { params }) => {
      readTenant(call, params.tenant)
      const issuer = issuerV2(call.tenantId)
      const keys = (await jwks(call)).map((key) => ({ ...key, issuer }))
      return { status: 200, body: { keys } }
    }),
    open('/:tenant/discovery/keys', inTenant, async (call, { params }) => {
      readTenant(call, params.tenant)
      return { status: 200, body: { keys: await jwks(call) } }
    }),
    open('/:tenant/discovery/instance', aboutInstance, async (call, { params, query }) => {
      readTenant(call, params.tenant)
      return instance(call, query.authorization_endpoint)
    }),
  ]
}

function open<Input>(path: string, input: z.ZodType<Input>, answer: Route<Input>['answer']): Route {
  return route({ method: 'GET', path, guard: { kind: 'open', because: BECAUSE }, input, answer })
}

function cached(body: object): Reply {
  return { status: 200, headers: CACHED, body }
}

/** What both documents say. */
const COMMON = {
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  http_logout_supported: true,
  frontchannel_logout_supported: true,
}

const CLOUD = {
  tenant_region_scope: 'WW',
  cloud_instance_name: 'microsoftonline.com',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.com',
  rbac_url: 'https://pas.windows.net',
}

const CLAIMS = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'acr',
  'nonce',
]

function documentV2(call: Call, segment: string): object {
  const tenant = readTenant(call, segment)
  const origin = call.names.origin('login')
  const shared = tenant !== call.tenantId
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    ...COMMON,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: shared ? 'https://login.microsoftonline.com/{tenantid}/v2.0' : issuerV2(call.tenantId),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${call.names.origin('graph')}/oidc/userinfo`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: [
      ...CLAIMS,
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    kerberos_endpoint: `${origin}/${tenant}/kerberos`,
    ...CLOUD,
    ...(shared && { tenant_region_scope: null }),
  }
}

function documentV1(call: Call, segment: string): object {
  const tenant = readTenant(call, segment)
  const origin = call.names.origin('login')
  const shared = tenant !== call.tenantId
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${origin}/${tenant}/discovery/keys`,
    ...COMMON,
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: `https://sts.windows.net/${shared ? '{tenantid}' : call.tenantId}/`,
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${origin}/${tenant}/oauth2/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/logout`,
    claims_supported: [...CLAIMS, 'amr', 'email', 'given_name', 'family_name', 'nickname'],
    check_session_iframe: `${origin}/${tenant}/oauth2/checksession`,
    kerberos_endpoint: `${origin}/${tenant}/kerberos`,
    ...CLOUD,
    ...(shared && { tenant_region_scope: null }),
  }
}

/** Libraries ask one well-known host whether another is Microsoft's too, and by which names. */
function instance(call: Call, authorizationEndpoint: string | undefined): Reply {
  if (authorizationEndpoint === undefined || authorizationEndpoint === '') {
    throw refusal(900144, { name: 'authorization_endpoint' })
  }
  const asked = URL.canParse(authorizationEndpoint) ? new URL(authorizationEndpoint) : undefined
  const azure = azureHostsOf('login')
  const local = new URL(call.names.origin('login')).host
  if (asked?.protocol !== 'https:' || ![...azure, local].includes(asked.host)) {
    throw refusal(50049)
  }
  const [, tenant = ''] = asked.pathname.split('/')
  const preferred = azure[0] ?? ''
  const metadata = [
    { preferred_network: preferred, preferred_cache: preferred, aliases: azure },
    ...(azure.includes(local)
      ? []
      : [{ preferred_network: local, preferred_cache: local, aliases: [local] }]),
  ]
  return {
    status: 200,
    headers: CACHED,
    body: {
      tenant_discovery_endpoint: `${asked.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata,
    },
  }
}
