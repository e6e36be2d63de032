/**
 * Directory roles as Graph shows them, three times over: the templates that Azure has, the roles of
 * them that are in use in the tenant, and the role definitions of role management. Their rights are
 * core's (`directory-role-templates.ts`).
 */
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { derivedId } from '../../../core/directory/derived-id.ts'
import {
  DIRECTORY_ROLE_TEMPLATES,
  type DirectoryRoleTemplate,
  findRoleTemplate,
} from '../../../core/directory/directory-role-templates.ts'
import { activatedRoles } from '../../../core/directory/directory-roles.ts'
import { GRAPH_APP_ROLES, type GraphPermission } from '../../../core/directory/microsoft-graph.ts'
import { rolesHeldBy } from '../../../core/directory/rights.ts'
import type { Document } from '../odata/apply.ts'

export const ROLE_TEMPLATE = described('directoryRoleTemplate', 'DirectoryRoleTemplate', [])
export const ROLE = described('directoryRole', 'DirectoryRole', ['roleTemplateId'])
export const ROLE_DEFINITION = described('unifiedRoleDefinition', 'RoleDefinition', [
  ...['isBuiltIn', 'isEnabled', 'resourceScopes', 'rolePermissions', 'templateId', 'version'],
])

function described(typeName: string, title: string, names: readonly string[]) {
  const properties = ['id', 'deletedDateTime', 'description', 'displayName', ...names]
  return { typeName, title, properties: Object.fromEntries(properties.map((name) => [name, null])) }
}

export function roleTemplates(): Document[] {
  return DIRECTORY_ROLE_TEMPLATES.map(shownTemplate)
}

export function shownTemplate({ id, description, displayName }: DirectoryRoleTemplate): Document {
  return { id, deletedDateTime: null, description, displayName }
}

/** The roles in use, each with an id of the tenant's own. */
export async function rolesInUse(call: Call): Promise<Document[]> {
  return (await activatedRoles(call)).flatMap((roleId) => shownRole(call, roleId))
}

/** The role with this template id; none where Azure's role has no meaning here. */
export function shownRole({ tenantId }: Pick<Call, 'tenantId'>, roleId: string): Document[] {
  const template = findRoleTemplate(roleId)
  if (template === undefined) return []
  return [
    { ...shownTemplate(template), id: roleObjectId(tenantId, roleId), roleTemplateId: roleId },
  ]
}

function roleObjectId(tenantId: string, roleId: string): ObjectId {
  return derivedId(`${tenantId} directory role ${roleId}`) as ObjectId
}

/** The roles that a principal holds, as members of `memberOf`. */
export async function rolesAsMemberships(call: Call, objectId: ObjectId): Promise<Document[]> {
  return [...(await rolesHeldBy(call, objectId))]
    .flatMap((roleId) => shownRole(call, roleId))
    .map((role) => ({ '@odata.type': '#microsoft.graph.directoryRole', ...role }))
}

export function roleDefinitions(): Document[] {
  return DIRECTORY_ROLE_TEMPLATES.map(shownDefinition)
}

export function shownDefinition(template: DirectoryRoleTemplate): Document {
  const { id, description, displayName, permissions } = template
  const all = Object.keys(GRAPH_APP_ROLES) as GraphPermission[]
  const held = permissions === 'every' ? all : permissions
  const actions = new Set(held.flatMap((permission) => ACTIONS[permission]))
  return {
    id,
    description,
    displayName,
    isBuiltIn: true,
    isEnabled: true,
    resourceScopes: ['/'],
    templateId: id,
    version: '1',
    rolePermissions: [{ allowedResourceActions: [...actions].sort(), condition: null }],
  }
}

const DIRECTORY = 'microsoft.directory'

/** What a permission comes to in the words of roles. */
const ACTIONS: Readonly<Record<GraphPermission, readonly string[]>> = {
  'Application.Read.All': [
    `${DIRECTORY}/applications/standard/read`,
    `${DIRECTORY}/servicePrincipals/standard/read`,
  ],
  'Application.ReadWrite.All': [
    `${DIRECTORY}/applications/allProperties/allTasks`,
    `${DIRECTORY}/servicePrincipals/allProperties/allTasks`,
  ],
  'Application.ReadWrite.OwnedBy': [`${DIRECTORY}/applications/createAsOwner`],
  'AppRoleAssignment.ReadWrite.All': [`${DIRECTORY}/servicePrincipals/appRoleAssignedTo/update`],
  'DelegatedPermissionGrant.ReadWrite.All': [
    `${DIRECTORY}/oAuth2PermissionGrants/allProperties/allTasks`,
  ],
  'Directory.Read.All': [`${DIRECTORY}/organization/standard/read`],
  'Directory.ReadWrite.All': [`${DIRECTORY}/organization/allProperties/allTasks`],
  'Domain.Read.All': [`${DIRECTORY}/domains/standard/read`],
  'Group.Create': [`${DIRECTORY}/groups/create`],
  'Group.Read.All': [`${DIRECTORY}/groups/standard/read`],
  'Group.ReadWrite.All': [`${DIRECTORY}/groups/allProperties/allTasks`],
  'GroupMember.Read.All': [`${DIRECTORY}/groups/members/read`],
  'GroupMember.ReadWrite.All': [`${DIRECTORY}/groups/members/update`],
  'Organization.Read.All': [`${DIRECTORY}/organization/standard/read`],
  'RoleManagement.Read.Directory': [`${DIRECTORY}/directoryRoles/standard/read`],
  'RoleManagement.ReadWrite.Directory': [
    `${DIRECTORY}/directoryRoles/allProperties/allTasks`,
    `${DIRECTORY}/roleAssignments/allProperties/allTasks`,
  ],
  'User.Read.All': [`${DIRECTORY}/users/standard/read`],
  'User.ReadWrite.All': [`${DIRECTORY}/users/allProperties/allTasks`],
  'User.RevokeSessions.All': [`${DIRECTORY}/users/invalidateAllRefreshTokens`],
  'User-PasswordProfile.ReadWrite.All': [`${DIRECTORY}/users/password/update`],
}
