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
} from '../../core/directory/resource-applications.ts'
import { firstPartyName } from '../../core/tokens/audiences.ts'
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

/**
 * The audience of a token for the resource, exactly as it was asked for.
 * @throws Failure invalid `AADSTS500011`
 */
export async function findAudience(call: Call, resource: string): Promise<TokenAudience> {
  const known =
    firstPartyName(call.names, resource) !== undefined ||
    (await findResourceApplication(call, resource)) !== undefined
  if (!known) throw refusal(500011, { resource, tenant: call.tenantId })
  return { audience: resource, version: '1.0' }
}

/** The app roles of the resource that the principal holds: `roles` of its token. */
export async function rolesAt(
  call: Call,
  resource: string,
  principalId: ObjectId,
): Promise<readonly string[]> {
  const firstParty = firstPartyName(call.names, resource)
  if (firstParty === 'Microsoft Graph') return graphPermissionsOf(call, principalId)
  if (firstParty !== undefined) return []
  const own = await findResourceApplication(call, resource)
  return own ? appRolesHeld(call, { principalId, resource: own }) : []
}
