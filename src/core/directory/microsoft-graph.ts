/**
 * Microsoft Graph's own service principal. Every tenant has it from the start, with an object id of
 * the tenant's own; here it is derived and not kept, as the built-in roles are not. It has no
 * credential, so nobody can be it. The app roles it offers are the permissions to use Graph.
 */
import type { Instant } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { Call } from '../call.ts'
import { appRoleAssignmentsOf } from './app-role-assignments.ts'
import { derivedId } from './derived-id.ts'
import type { ServicePrincipal } from './service-principals.ts'

export const MICROSOFT_GRAPH_CLIENT_ID = '00000003-0000-0000-c000-000000000000' as ClientId

/** The app roles, by name, with the ids that Microsoft publishes. */
export const GRAPH_APP_ROLES = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'DelegatedPermissionGrant.ReadWrite.All': '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'Domain.Read.All': 'dbb9058a-0e50-45d7-ae91-66909b5d4664',
  'Group.Create': 'bf7b1a76-6e77-406b-b258-bf5c7720e98f',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'GroupMember.ReadWrite.All': 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695',
  'Organization.Read.All': '498476ce-e0fe-48b0-b801-37ba7e2685c6',
  'RoleManagement.Read.Directory': '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
  'RoleManagement.ReadWrite.Directory': '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
  'User.RevokeSessions.All': '77f3a031-c388-4f99-b373-dc68676a979e',
  'User-PasswordProfile.ReadWrite.All': 'cc117bb9-00cf-4eb8-b580-ea2a878fe8f7',
} as const

export type GraphPermission = keyof typeof GRAPH_APP_ROLES

const NAME_BY_ID: ReadonlyMap<string, GraphPermission> = new Map(
  Object.entries(GRAPH_APP_ROLES).map(([name, id]) => [id, name as GraphPermission]),
)

/** The service principal of Microsoft Graph in this tenant. */
export function microsoftGraphPrincipal({ tenantId }: Pick<Call, 'tenantId'>): ServicePrincipal {
  return {
    objectId: derivedId(`${tenantId} ${MICROSOFT_GRAPH_CLIENT_ID}`) as ObjectId,
    clientId: MICROSOFT_GRAPH_CLIENT_ID,
    type: 'Application',
    displayName: 'Microsoft Graph',
    alternativeNames: [],
    accountEnabled: true,
    createdAt: 0 as Instant,
  }
}

/** The permissions on Graph that the principal has been granted, sorted: its tokens' `roles`. */
export async function graphPermissionsOf(
  call: Call,
  principalId: ObjectId,
): Promise<GraphPermission[]> {
  const { objectId } = microsoftGraphPrincipal(call)
  const assignments = await appRoleAssignmentsOf(call, principalId)
  return assignments
    .flatMap(({ resourceId, appRoleId }) =>
      resourceId === objectId ? (NAME_BY_ID.get(appRoleId) ?? []) : [],
    )
    .sort()
}
