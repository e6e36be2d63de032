/** Examples for Microsoft Graph: a directory with one of everything, and what its routes are sent. */
import { after, DAY_MS } from '../../src/base/clock.ts'
import type { ObjectId } from '../../src/base/ids.ts'
import { Secret } from '../../src/base/secret.ts'
import { assignAppRole } from '../../src/core/directory/app-role-assignments.ts'
import {
  type Application,
  createApplication,
  registerApplication,
} from '../../src/core/directory/applications.ts'
import { derivedId } from '../../src/core/directory/derived-id.ts'
import { assignDirectoryRole } from '../../src/core/directory/directory-roles.ts'
import { addFederatedCredential } from '../../src/core/directory/federated-credentials.ts'
import { addMember, createGroup } from '../../src/core/directory/groups.ts'
import {
  GRAPH_APP_ROLES,
  MICROSOFT_GRAPH_CLIENT_ID,
  microsoftGraphPrincipal,
} from '../../src/core/directory/microsoft-graph.ts'
import { addOwner } from '../../src/core/directory/owners.ts'
import { addPasswordCredential } from '../../src/core/directory/password-credentials.ts'
import { createPermissionGrant } from '../../src/core/directory/permission-grants.ts'
import { hashPassword } from '../../src/core/directory/user-passwords.ts'
import { createUser, softDeleteUser, TENANT_DOMAIN } from '../../src/core/directory/users.ts'
import type { TestWorld } from '../../src/core/test-world.ts'
import { type Transaction, transaction } from '../../src/core/transaction.ts'

const DIRECTORY = 'https://graph.microsoft.com/v1.0/directoryObjects'
const PASSWORD = 'Walked-Password-9'
/** Directory Readers, and Global Readers, by their template ids. */
const READERS = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'
const GLOBAL_READERS = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'

export interface GraphFacts {
  readonly application: Application
  readonly principalId: string
  /** Registered, and without a service principal. */
  readonly loneClientId: string
  readonly userId: string
  readonly otherUserId: string
  readonly groupId: string
  readonly credentialId: string
  readonly assignmentId: string
  readonly grantId: string
  /** Deleted, and to be restored. */
  readonly deletedId: string
  /** Of an assignment of a directory role. */
  readonly roleAssignmentId: string
  readonly graphId: string
  /** Object id of the role of directory readers. */
  readonly readersId: string
  readonly tenantId: string
  /** Secrets of the application and of its service principal, to be removed. */
  readonly keyIds: Readonly<Record<string, readonly string[]>>
}

/** Fills the directory with what the examples speak of. */
export async function fillDirectory({ call, tenantId }: TestWorld): Promise<GraphFacts> {
  const password = await hashPassword(new Secret(PASSWORD))
  const graphId = microsoftGraphPrincipal(call()).objectId
  return transaction(call(), async (tx) => {
    const { application, servicePrincipal } = await createApplication(tx, {
      displayName: 'walked',
    })
    const named = { displayName: 'walked', password }
    const user = await createUser(tx, { ...named, userPrincipalName: 'walked@a.example' })
    const other = await createUser(tx, { ...named, userPrincipalName: 'other@a.example' })
    const group = await createGroup(tx, { displayName: 'walked' })
    const principalId = servicePrincipal.objectId
    await addMember(tx, { groupId: group.objectId, memberId: user.objectId })
    for (const objectId of [application.objectId, principalId, group.objectId]) {
      await addOwner(tx, { objectId, ownerId: user.objectId })
    }
    const credential = await addFederatedCredential(tx, {
      ownerId: application.objectId,
      name: 'walked',
      issuer: 'https://issuer.example',
      subject: 'walked',
      audiences: ['api://AzureADTokenExchange'],
      description: undefined,
    })
    const assignment = await assignAppRole(tx, {
      principalId,
      resourceId: graphId,
      appRoleId: GRAPH_APP_ROLES['User.Read.All'],
    })
    const grant = await createPermissionGrant(tx, {
      clientId: principalId,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: graphId,
      scope: 'User.Read',
    })
    return {
      application,
      principalId,
      loneClientId: (await registerApplication(tx, { displayName: 'lone' })).clientId,
      userId: user.objectId,
      otherUserId: other.objectId,
      groupId: group.objectId,
      credentialId: credential.id,
      assignmentId: assignment.id,
      grantId: grant.id,
      deletedId: await deletedUser(tx, password),
      roleAssignmentId: await roleAssignment(tx, principalId),
      graphId,
      readersId: derivedId(`${tenantId} directory role ${READERS}`),
      tenantId,
      keyIds: {
        applications: await secretsOf(tx, application.objectId),
        servicePrincipals: await secretsOf(tx, principalId),
      },
    }
  })
}

async function deletedUser(
  tx: Transaction,
  password: Awaited<ReturnType<typeof hashPassword>>,
): Promise<string> {
  const userPrincipalName = 'deleted@a.example'
  const { objectId } = await createUser(tx, { userPrincipalName, displayName: 'gone', password })
  await softDeleteUser(tx, objectId)
  return objectId
}

/** As Graph names it: both ids in the byte order of GUIDs. */
async function roleAssignment(tx: Transaction, memberId: ObjectId): Promise<string> {
  await assignDirectoryRole(tx, { roleId: READERS, memberId })
  const bytes = [READERS, memberId].map((id) => {
    const [first = '', second = '', third = '', ...rest] = id.split('-')
    const turned = [first, second, third].map((part) => Buffer.from(part, 'hex').reverse())
    return Buffer.concat([...turned, Buffer.from(rest.join(''), 'hex')])
  })
  return `${Buffer.concat(bytes).toString('base64url')}-1`
}

async function secretsOf(tx: Transaction, ownerId: ObjectId): Promise<string[]> {
  const keyIds: string[] = []
  for (const _each of [1, 2]) {
    const endsAt = after(tx.now, DAY_MS)
    keyIds.push((await addPasswordCredential(tx, { ownerId, endsAt })).credential.keyId)
  }
  return keyIds
}

/** What stands for a parameter of a path. */
export function graphParameter(label: string, name: string, facts: GraphFacts): string | undefined {
  const [, set = ''] = /\/:version\/(\w+)/.exec(label) ?? []
  switch (name) {
    case 'version':
      return 'v1.0'
    case 'id':
      return idIn(set, label, facts)
    case 'key':
      if (label.includes('directoryRoles')) return `(roleTemplateId='${READERS}')`
      // What is assigned to others is Microsoft Graph's to say.
      if (label.includes('/appRoleAssignedTo')) return `(appId='${MICROSOFT_GRAPH_CLIENT_ID}')`
      return `(appId='${facts.application.clientId}')`
    case 'cast':
      return 'microsoft.graph.group'
    case 'memberId':
    case 'ownerId':
      return facts.userId
    case 'assignmentId':
      return facts.assignmentId
    case 'credential':
      return facts.credentialId
    default:
      return undefined
  }
}

function idIn(set: string, label: string, facts: GraphFacts): string | undefined {
  if (label.includes('/appRoleAssignedTo')) return facts.graphId
  if (label.includes('/roleAssignments/')) return facts.roleAssignmentId
  if (/role(Definitions|Templates)\//i.test(label)) return READERS
  const ids: Readonly<Record<string, string>> = {
    applications: facts.application.objectId,
    servicePrincipals: facts.principalId,
    users: facts.userId,
    groups: facts.groupId,
    directoryObjects: facts.userId,
    oauth2PermissionGrants: facts.grantId,
    organization: facts.tenantId,
    directory: facts.deletedId,
    directoryRoles: facts.readersId,
    domains: TENANT_DOMAIN,
  }
  return ids[set]
}

type Extras = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** What a request needs beside its path. */
export function graphExtras(facts: GraphFacts): Record<string, Extras> {
  const { principalId, graphId, keyIds } = facts
  const eventual = { headers: { consistencylevel: 'eventual' } }
  const other = { body: { '@odata.id': `${DIRECTORY}/${facts.otherUserId}` } }
  const password = { body: { passwordCredential: { displayName: 'made by the walk' } } }
  const removal = (set: string, at: number) => ({ body: { keyId: keyIds[set]?.[at] } })
  const members = ['servicePrincipals/:id', 'users/:id', 'groups/:id', 'directoryObjects/:id', 'me']
  const checks = members.flatMap((who) => [
    [`POST /${who}/getMemberGroups`, { body: { securityEnabledOnly: false } }] as const,
    [`POST /${who}/getMemberObjects`, { body: { securityEnabledOnly: false } }] as const,
    [`POST /${who}/checkMemberGroups`, { body: { groupIds: [facts.groupId] } }] as const,
    [`POST /${who}/checkMemberObjects`, { body: { ids: [facts.groupId] } }] as const,
  ])
  const credentials = ['applications', 'servicePrincipals'].flatMap((set) => [
    [`POST /${set}/:id/addPassword`, password] as const,
    [`POST /${set}:key/addPassword`, password] as const,
    [`POST /${set}/:id/removePassword`, removal(set, 0)] as const,
    [`POST /${set}:key/removePassword`, removal(set, 1)] as const,
  ])
  const counts = ['application', 'servicePrincipal', 'user', 'group'].flatMap((type) => [
    [`GET /${type}s/$count`, eventual] as const,
    [`GET /directory/deletedItems/microsoft.graph.${type}/$count`, eventual] as const,
  ])
  const owners = ['applications', 'servicePrincipals', 'groups'].map(
    (set) => [`POST /${set}/:id/owners/$ref`, other] as const,
  )
  const assignment = (appRoleId: string) => ({
    body: { principalId, resourceId: graphId, appRoleId },
  })
  const access = (to: string) => ({
    body: {
      principalId: to,
      resourceId: graphId,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    },
  })
  return {
    'graph POST /oidc/userinfo': {},
    ...versioned({
      ...Object.fromEntries([...checks, ...credentials, ...counts, ...owners]),
      ...writes(facts),
      ...signInSessions,
      ...directoryRoles(facts),
      'POST /$batch': { body: { requests: [{ id: '1', method: 'GET', url: '/domains' }] } },
      'POST /directory/deletedItems/:id/restore': {},
      'PUT /users/:id/manager/$ref': other,
      'POST /groups/:id/members/$ref': other,
      'POST /directoryObjects/getByIds': { body: { ids: [principalId], types: ['user'] } },
      'POST /servicePrincipals/:id/appRoleAssignments': assignment(
        GRAPH_APP_ROLES['Group.Read.All'],
      ),
      ...byKey(facts, checks, assignment),
      'POST /users/:id/appRoleAssignments': access(facts.userId),
      'POST /groups/:id/appRoleAssignments': access(facts.groupId),
      'POST /servicePrincipals/:id/appRoleAssignedTo': assignment(
        GRAPH_APP_ROLES['Application.Read.All'],
      ),
      'POST /oauth2PermissionGrants': {
        body: {
          clientId: principalId,
          consentType: 'AllPrincipals',
          resourceId: graphId,
          scope: 'openid',
        },
      },
      'PATCH /oauth2PermissionGrants/:id': { body: { scope: 'openid' } },
    }),
  }
}

/** The same below `servicePrincipals(appId='…')`, with what is not there yet. */
function byKey(
  { principalId, groupId }: GraphFacts,
  checks: readonly (readonly [string, Extras])[],
  assignment: (appRoleId: string) => Extras,
): Record<string, Extras> {
  const owner = { body: { '@odata.id': `${DIRECTORY}/${principalId}` } }
  const federated = 'applications:key/federatedIdentityCredentials'
  return {
    ...Object.fromEntries(
      checks
        .filter(([label]) => label.includes('servicePrincipals/:id'))
        .map(([label, extras]) => [label.replace('/:id', ':key'), extras] as const),
    ),
    'POST /applications:key/owners/$ref': owner,
    'POST /servicePrincipals:key/owners/$ref': {
      body: { '@odata.id': `${DIRECTORY}/${groupId}` },
    },
    'POST /servicePrincipals:key/appRoleAssignments': assignment(
      GRAPH_APP_ROLES['Domain.Read.All'],
    ),
    'POST /servicePrincipals:key/appRoleAssignedTo': assignment(
      GRAPH_APP_ROLES['GroupMember.Read.All'],
    ),
    [`POST /${federated}`]: {
      body: {
        name: 'walked-by-key',
        issuer: 'https://issuer.example',
        subject: 'walked-by-key',
        audiences: ['api://AzureADTokenExchange'],
      },
    },
    [`PATCH /${federated}/:credential`]: { body: { description: 'walked by key' } },
  }
}

const signInSessions: Record<string, Extras> = {
  'POST /me/changePassword': {
    body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}-changed` },
  },
  ...Object.fromEntries(
    ['users/:id', 'me'].flatMap((who) => [
      [`POST /${who}/revokeSignInSessions`, {}],
      [`POST /${who}/invalidateAllRefreshTokens`, {}],
    ]),
  ),
}

function directoryRoles({ userId, otherUserId }: GraphFacts): Record<string, Extras> {
  const member = (id: string) => ({ body: { '@odata.id': `${DIRECTORY}/${id}` } })
  return {
    'POST /directoryRoles': { body: { roleTemplateId: GLOBAL_READERS } },
    'POST /directoryRoles/:id/members/$ref': member(userId),
    'POST /directoryRoles:key/members/$ref': member(otherUserId),
    'POST /roleManagement/directory/roleAssignments': {
      body: { principalId: userId, roleDefinitionId: GLOBAL_READERS, directoryScopeId: '/' },
    },
  }
}

function writes({ loneClientId }: GraphFacts): Record<string, Extras> {
  const application = { displayName: 'walked', tags: ['walked'], web: { redirectUris: [] } }
  const principal = { accountEnabled: true, tags: ['walked'], notes: 'walked' }
  const group = { displayName: 'walked', description: 'walked' }
  const user = { displayName: 'walked', jobTitle: 'walker', accountEnabled: true }
  const federated = {
    issuer: 'https://issuer.example',
    subject: 'walked-new',
    audiences: ['api://AzureADTokenExchange'],
  }
  return {
    'POST /applications': { body: application },
    'PATCH /applications/:id': { body: application },
    'PATCH /applications:key': { body: application },
    'POST /applications/:id/federatedIdentityCredentials': {
      body: { name: 'walked-new', ...federated },
    },
    'PATCH /applications/:id/federatedIdentityCredentials/:credential': {
      body: { description: 'walked', audiences: federated.audiences },
    },
    'POST /servicePrincipals': { body: { appId: loneClientId, ...principal } },
    'PATCH /servicePrincipals/:id': { body: principal },
    'PATCH /servicePrincipals:key': { body: principal },
    'POST /groups': {
      body: { ...group, mailEnabled: false, mailNickname: 'walked', securityEnabled: true },
    },
    'PATCH /groups/:id': { body: group },
    'POST /users': {
      body: {
        ...user,
        mailNickname: 'new',
        userPrincipalName: 'new@a.example',
        passwordProfile: { password: PASSWORD, forceChangePasswordNextSignIn: false },
      },
    },
    'PATCH /users/:id': { body: user },
  }
}

function versioned(extras: Readonly<Record<string, Extras>>): Record<string, Extras> {
  return Object.fromEntries(
    Object.entries(extras).map(([label, extra]) => [
      `graph ${label.replace(' ', ' /:version')}`,
      extra,
    ]),
  )
}
