/**
 * The directory roles that mean something here, of the hundred that Azure has: those whose rights
 * lie in what this directory holds. Ids, names and descriptions are the same in every tenant. Each
 * role's rights are permissions of Graph: what a holder may do, its clients' scopes allowing.
 */
import type { GraphPermission } from './microsoft-graph.ts'

export interface DirectoryRoleTemplate {
  /** The template id, and the id of the role definition. */
  readonly id: string
  readonly displayName: string
  readonly description: string
  readonly permissions: 'every' | readonly GraphPermission[]
  /** Holders of such a role can be looked after by lesser administrators, as plain users can. */
  readonly isLesser?: boolean
}

const READS = [
  'Application.Read.All',
  'Directory.Read.All',
  'Domain.Read.All',
  'Group.Read.All',
  'GroupMember.Read.All',
  'Organization.Read.All',
  'RoleManagement.Read.Directory',
  'User.Read.All',
] as const satisfies readonly GraphPermission[]

const GROUPS = [
  ...READS,
  'Group.Create',
  'Group.ReadWrite.All',
  'GroupMember.ReadWrite.All',
] as const satisfies readonly GraphPermission[]

const APPLICATIONS = [
  ...READS,
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
] as const satisfies readonly GraphPermission[]

const PASSWORDS = [
  ...READS,
  'User-PasswordProfile.ReadWrite.All',
] as const satisfies readonly GraphPermission[]

const SESSIONS = [
  ...PASSWORDS,
  'User.RevokeSessions.All',
] as const satisfies readonly GraphPermission[]

export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
export const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814'
export const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = '7be44c8a-adaf-4e2a-84d6-ab2649e08a13'

export const DIRECTORY_ROLE_TEMPLATES: readonly DirectoryRoleTemplate[] = [
  {
    id: GLOBAL_ADMINISTRATOR,
    displayName: 'Global Administrator',
    description:
      'Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities.',
    permissions: 'every',
  },
  {
    id: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
    displayName: 'Global Reader',
    description: 'Can read everything that a Global Administrator can, but not update anything.',
    permissions: READS,
  },
  {
    id: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
    displayName: 'Directory Readers',
    description:
      'Can read basic directory information. Commonly used to grant directory read access to applications and guests.',
    permissions: READS,
    isLesser: true,
  },
  {
    id: PRIVILEGED_ROLE_ADMINISTRATOR,
    displayName: 'Privileged Role Administrator',
    description:
      'Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management.',
    permissions: [
      ...READS,
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'RoleManagement.ReadWrite.Directory',
    ],
  },
  {
    id: PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    displayName: 'Privileged Authentication Administrator',
    description:
      'Can access to view, set and reset authentication method information for any user (admin or non-admin).',
    permissions: SESSIONS,
  },
  {
    id: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    displayName: 'Authentication Administrator',
    description:
      'Can access to view, set and reset authentication method information for any non-admin user.',
    permissions: SESSIONS,
  },
  {
    id: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
    displayName: 'Helpdesk Administrator',
    description: 'Can reset passwords for non-administrators and Helpdesk Administrators.',
    permissions: SESSIONS,
  },
  {
    id: '966707d0-3269-4727-9be2-8c3a10f19b9d',
    displayName: 'Password Administrator',
    description: 'Can reset passwords for non-administrators and Password Administrators.',
    permissions: PASSWORDS,
  },
  {
    id: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    displayName: 'User Administrator',
    description:
      'Can manage all aspects of users and groups, including resetting passwords for limited admins.',
    permissions: [
      ...GROUPS,
      'User.ReadWrite.All',
      'User.RevokeSessions.All',
      'User-PasswordProfile.ReadWrite.All',
    ],
  },
  {
    id: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
    displayName: 'Groups Administrator',
    description:
      'Members of this role can create/manage groups, create/manage groups settings like naming and expiration policies, and view groups activity and audit reports.',
    permissions: GROUPS,
  },
  {
    id: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
    displayName: 'Application Administrator',
    description: 'Can create and manage all aspects of app registrations and enterprise apps.',
    permissions: APPLICATIONS,
  },
  {
    id: '158c047a-c907-4556-b7ef-446551a6b5f7',
    displayName: 'Cloud Application Administrator',
    description:
      'Can create and manage all aspects of app registrations and enterprise apps except App Proxy.',
    permissions: APPLICATIONS,
  },
  {
    id: 'cf1c38e5-3621-4004-a7cb-879624dced7c',
    displayName: 'Application Developer',
    description:
      "Can create application registrations independent of the 'Users can register applications' setting.",
    permissions: [...READS, 'Application.ReadWrite.OwnedBy'],
  },
]

const BY_ID: ReadonlyMap<string, DirectoryRoleTemplate> = new Map(
  DIRECTORY_ROLE_TEMPLATES.map((template) => [template.id, template]),
)

export function findRoleTemplate(id: string): DirectoryRoleTemplate | undefined {
  return BY_ID.get(id.toLowerCase())
}
