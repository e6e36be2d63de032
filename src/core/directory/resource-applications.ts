/**
 * Applications as resources: which one a token is asked for, by its client id or by an identifier
 * URI of its own, and which of its app roles a principal has been granted.
 */
import { asId, type ClientId, type ObjectId } from '../../base/ids.ts'
import { isJsonObject } from '../../base/json.ts'
import type { Call } from '../call.ts'
import { appRoleAssignmentsOf } from './app-role-assignments.ts'
import { findApplication, findApplicationByClientId } from './applications.ts'
import { everyProfile, type Profile, profileOf } from './profiles.ts'
import { findServicePrincipalByClientId, type ServicePrincipal } from './service-principals.ts'

/**
 * The service principal of the tenant's application with this name: a client id, `api://` and a
 * client id, or one of its identifier URIs, with or without a slash at the end.
 */
export async function findResourceApplication(
  call: Call,
  name: string,
): Promise<ServicePrincipal | undefined> {
  const asked = withoutSlash(name)
  const clientId =
    asId<ClientId>(asked.replace(/^api:\/\//i, '')) ?? (await clientIdBehind(call, asked))
  const principal = clientId && (await findServicePrincipalByClientId(call, clientId))
  return principal?.type === 'Application' ? principal : undefined
}

/**
 * The values of the resource's app roles that one of the holders was assigned, sorted: `roles` of a
 * token. Holders are a principal, or a user and the groups it is directly in.
 */
export async function appRolesHeld(
  call: Call,
  asked: { readonly holders: readonly ObjectId[]; readonly resource: ServicePrincipal },
): Promise<string[]> {
  const held = new Set(await assignedRoles(call, asked))
  if (held.size === 0) return []
  const application = await findApplicationByClientId(call, asked.resource.clientId)
  if (application === undefined) return []
  const values = rolesOf(await profileOf(call, application.objectId)).flatMap(
    ({ id, value, isEnabled }) =>
      typeof value === 'string' && isEnabled !== false && held.has(String(id).toLowerCase())
        ? [value]
        : [],
  )
  return [...new Set(values)].sort()
}

/** Whether only those who were assigned to the application get tokens for it, and one of these was. */
export async function isShutOut(
  call: Call,
  asked: { readonly holders: readonly ObjectId[]; readonly resource: ServicePrincipal },
): Promise<boolean> {
  const { appRoleAssignmentRequired } = await profileOf(call, asked.resource.objectId)
  return appRoleAssignmentRequired === true && (await assignedRoles(call, asked)).length === 0
}

/** Every name under which tokens for the application are asked: audiences of its tokens. */
export async function namesOfApplication(call: Call, clientId: ClientId): Promise<string[]> {
  const application = await findApplicationByClientId(call, clientId)
  const { identifierUris } = application ? await profileOf(call, application.objectId) : {}
  const uris = Array.isArray(identifierUris) ? identifierUris.map(String) : []
  return [clientId, `api://${clientId}`, ...uris]
}

/** Which version of tokens the application wants; the first unless it says otherwise. */
export async function wantedTokenVersion(
  call: Call,
  { clientId }: ServicePrincipal,
): Promise<'1.0' | '2.0'> {
  const application = await findApplicationByClientId(call, clientId)
  const { api } = application ? await profileOf(call, application.objectId) : {}
  return isJsonObject(api) && api.requestedAccessTokenVersion === 2 ? '2.0' : '1.0'
}

async function assignedRoles(
  call: Call,
  { holders, resource }: { holders: readonly ObjectId[]; resource: ServicePrincipal },
): Promise<string[]> {
  const all = await Promise.all(holders.map((holder) => appRoleAssignmentsOf(call, holder)))
  return all
    .flat()
    .filter(({ resourceId }) => resourceId === resource.objectId)
    .map(({ appRoleId }) => appRoleId)
}

interface AppRole {
  readonly id?: unknown
  readonly value?: unknown
  readonly isEnabled?: unknown
}

function rolesOf({ appRoles }: Profile): readonly AppRole[] {
  return Array.isArray(appRoles) ? appRoles : []
}

async function clientIdBehind(call: Call, uri: string): Promise<ClientId | undefined> {
  const wanted = uri.toLowerCase()
  for (const [objectId, { identifierUris }] of await everyProfile(call)) {
    if (!Array.isArray(identifierUris)) continue
    if (!identifierUris.some((own) => withoutSlash(String(own)).toLowerCase() === wanted)) continue
    const application = await findApplication(call, objectId)
    if (application) return application.clientId
  }
  return undefined
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text
}
