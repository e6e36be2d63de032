/**
 * Applications as resources: which one a token is asked for, by its client id or by an identifier
 * URI of its own, and which of its app roles a principal has been granted.
 */
import { asId, type ClientId, type ObjectId } from '../../base/ids.ts'
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

/** The values of the resource's app roles that the principal holds, sorted: its tokens' `roles`. */
export async function appRolesHeld(
  call: Call,
  asked: { readonly principalId: ObjectId; readonly resource: ServicePrincipal },
): Promise<string[]> {
  const assignments = await appRoleAssignmentsOf(call, asked.principalId)
  const held = new Set(
    assignments
      .filter(({ resourceId }) => resourceId === asked.resource.objectId)
      .map(({ appRoleId }) => appRoleId),
  )
  if (held.size === 0) return []
  const application = await findApplicationByClientId(call, asked.resource.clientId)
  if (application === undefined) return []
  return rolesOf(await profileOf(call, application.objectId))
    .flatMap(({ id, value, isEnabled }) =>
      typeof value === 'string' && isEnabled !== false && held.has(String(id).toLowerCase())
        ? [value]
        : [],
    )
    .sort()
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
