/**
 * What a token is for: version 1 names a resource, version 2 a scope. Only resources that somebody
 * has registered get tokens: Microsoft's own, and applications of the tenant.
 */
import type { ObjectId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { graphPermissionsOf } from '../../core/directory/microsoft-graph.ts'
import {
  appRolesHeld,
  findResourceApplication,
  isShutOut,
  wantedTokenVersion,
} from '../../core/directory/resource-applications.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import {
  firstPartyName,
  TOKEN_EXCHANGE,
  TOKEN_EXCHANGE_CLIENT_ID,
} from '../../core/tokens/audiences.ts'
import type { TokenAudience } from '../../core/tokens/issue.ts'
import { refusal } from './errors.ts'
import type { TokenRequest } from './token-request.ts'

const DEFAULT_SCOPE = '/.default'
/** Asked for in every flow by MSAL for Go and Java; an application in its own name has no use. */
const SIGN_IN_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
])

/**
 * Reads which resource an application asks a token for in its own name.
 * @throws Failure invalid `AADSTS900144`, `AADSTS901002`, `AADSTS1002012`
 */
export function readResource({ version, resource, scope }: TokenRequest): string {
  if (version === 'v1') {
    if (resource === undefined) throw refusal(900144, { name: 'resource' })
    return resource
  }
  if (resource !== undefined) throw refusal(901002)
  if (scope === undefined) throw refusal(900144, { name: 'scope' })
  const [asked = '', another] = scope.split(/\s+/).filter((one) => one && !SIGN_IN_SCOPES.has(one))
  const name = asked.slice(0, -DEFAULT_SCOPE.length)
  // `https://management.azure.com//.default` keeps its slash: the audience ends in one.
  if (!asked.endsWith(DEFAULT_SCOPE) || name === '' || another !== undefined) {
    throw refusal(1002012, { scope })
  }
  return name
}

/** What a token is for, found in the tenant. */
export interface Target {
  readonly audience: TokenAudience
  /** An application of the tenant; undefined of Microsoft's own resources. */
  readonly application: ServicePrincipal | undefined
  readonly isGraph: boolean
}

/**
 * The resource as it was asked for: so goes into the token, unless the resource wants tokens of
 * version 2, which name it by its client id.
 * @throws Failure invalid `AADSTS500011`
 */
export async function findTarget(call: Call, resource: string): Promise<Target> {
  const firstParty = firstPartyName(call.names, resource)
  if (firstParty !== undefined) {
    const audience: TokenAudience =
      firstParty === TOKEN_EXCHANGE
        ? { audience: TOKEN_EXCHANGE_CLIENT_ID, version: '2.0' }
        : { audience: resource, version: '1.0' }
    return { audience, application: undefined, isGraph: firstParty === 'Microsoft Graph' }
  }
  const application = await findResourceApplication(call, resource)
  if (!application) throw refusal(500011, { resource, tenant: call.tenantId })
  const version = await wantedTokenVersion(call, application)
  const audience = version === '2.0' ? application.clientId : resource
  return { audience: { audience, version }, application, isGraph: false }
}

/** The app roles of the resource that the principal holds: `roles` of its token. */
export async function rolesAt(
  call: Call,
  { application, isGraph }: Target,
  principalId: ObjectId,
): Promise<readonly string[]> {
  if (isGraph) return graphPermissionsOf(call, principalId)
  return application ? appRolesHeld(call, { holders: [principalId], resource: application }) : []
}

/**
 * Applications can be told to be open only to those who were assigned to them.
 * @throws Failure invalid `AADSTS501051`
 */
export async function requireAssigned(
  call: Call,
  principal: ServicePrincipal,
  { application }: Target,
): Promise<void> {
  if (application === undefined) return
  const asked = { holders: [principal.objectId], resource: application }
  if (!(await isShutOut(call, asked))) return
  throw refusal(501051, {
    client: principal.clientId,
    name: principal.displayName,
    resource: application.clientId,
    resourceName: application.displayName,
  })
}
