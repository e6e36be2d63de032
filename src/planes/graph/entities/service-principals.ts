/**
 * Service principals: of applications, of managed identities, and Microsoft Graph's own. Those of
 * managed identities can be granted things and are otherwise what their resource makes of them.
 */
import { createHash } from 'node:crypto'
import { isoSeconds } from '../../../base/clock.ts'
import type { ClientId, ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  findApplicationByClientId,
  listApplications,
} from '../../../core/directory/applications.ts'
import {
  GRAPH_APP_ROLES,
  MICROSOFT_GRAPH_CLIENT_ID,
  microsoftGraphPrincipal,
} from '../../../core/directory/microsoft-graph.ts'
import { GRAPH_SCOPES } from '../../../core/directory/microsoft-graph-scopes.ts'
import { everyProfile, type Profile, profileOf } from '../../../core/directory/profiles.ts'
import {
  findServicePrincipal,
  findServicePrincipalByClientId,
  listServicePrincipals,
  type ServicePrincipal,
  softDeleteServicePrincipal,
} from '../../../core/directory/service-principals.ts'
import { insufficientPrivileges } from '../permissions.ts'
import { credentialsOf } from './credentials.ts'
import {
  type EntityType,
  fillIn,
  flag,
  hidden,
  object,
  objects,
  type Property,
  readOnly,
  type Shown,
  shownUnasked,
  text,
  texts,
} from './entity.ts'

const PROPERTIES: Readonly<Record<string, Property>> = {
  id: readOnly(null),
  deletedDateTime: readOnly(null),
  accountEnabled: flag(true),
  addIns: objects(),
  alternativeNames: texts(),
  appDescription: readOnly(null),
  appDisplayName: readOnly(null),
  appId: readOnly(null),
  appOwnerOrganizationId: readOnly(null),
  appRoleAssignmentRequired: flag(false),
  appRoles: readOnly([]),
  applicationTemplateId: readOnly(null),
  createdDateTime: readOnly(null),
  description: text(),
  disabledByMicrosoftStatus: readOnly(null),
  displayName: text(256),
  homepage: text(),
  info: readOnly(null),
  keyCredentials: objects(),
  loginUrl: text(),
  logoutUrl: text(),
  notes: text(),
  notificationEmailAddresses: texts(),
  oauth2PermissionScopes: readOnly([]),
  passwordCredentials: objects(),
  preferredSingleSignOnMode: text(),
  preferredTokenSigningKeyThumbprint: text(),
  replyUrls: texts(),
  resourceSpecificApplicationPermissions: readOnly([]),
  samlMetadataUrl: hidden(text()),
  samlSingleSignOnSettings: object(null),
  servicePrincipalNames: readOnly([]),
  servicePrincipalType: readOnly(null),
  signInAudience: readOnly(null),
  tags: texts(),
  tokenEncryptionKeyId: text(),
  verifiedPublisher: readOnly({
    displayName: null,
    verifiedPublisherId: null,
    addedDateTime: null,
  }),
}

/** Microsoft's own tenant, to which its first-party applications belong. */
const MICROSOFT_TENANT = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a'

export const servicePrincipals: EntityType = {
  set: 'servicePrincipals',
  typeName: 'servicePrincipal',
  title: 'ServicePrincipal',
  properties: PROPERTIES,
  shown: shownUnasked(PROPERTIES),
  reading: 'Application.Read.All',
  writing: 'Application.ReadWrite.All',
  async list(call) {
    const profiles = await everyProfile(call)
    const applications = new Map(
      (await listApplications(call)).map(({ clientId, objectId }) => [clientId, objectId]),
    )
    const all = [...(await listServicePrincipals(call)), microsoftGraphPrincipal(call)]
    return all.map((principal) => {
      const applicationId = applications.get(principal.clientId)
      return shown(call, principal, profiles.get(principal.objectId) ?? {}, {
        isOwn: applicationId !== undefined,
        profile: (applicationId && profiles.get(applicationId)) ?? {},
      })
    })
  },
  async find(call, objectId) {
    const principal = await principalOf(call, objectId)
    if (principal === undefined) return undefined
    const application = await findApplicationByClientId(call, principal.clientId)
    return shown(call, principal, await profileOf(call, objectId), {
      isOwn: application !== undefined,
      profile: application ? await profileOf(call, application.objectId) : {},
    })
  },
  complete: (call, documents) =>
    Promise.all(
      documents.map(async (document) => ({
        ...document,
        ...(await credentialsOf(call, document.id)),
      })),
    ),
  async remove(tx, { id }) {
    await changeable(tx, id)
    await softDeleteServicePrincipal(tx, id)
  },
  async showDeleted(call, { objectId, facts, deletedAt }) {
    const behind = { isOwn: true, profile: {} }
    const document = shown(call, facts as ServicePrincipal, await profileOf(call, objectId), behind)
    return { ...document, deletedDateTime: isoSeconds(deletedAt) }
  },
}

/** The service principal with this object id, Microsoft Graph's own included. */
export async function principalOf(
  call: Call,
  objectId: ObjectId,
): Promise<ServicePrincipal | undefined> {
  const graph = microsoftGraphPrincipal(call)
  return objectId === graph.objectId ? graph : findServicePrincipal(call, objectId)
}

/**
 * The service principal, if it may be changed by anybody: those of managed identities belong to the
 * platform, and so does Microsoft's own.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function changeable(call: Call, objectId: ObjectId): Promise<ServicePrincipal> {
  const principal = await principalOf(call, objectId)
  if (principal === undefined) throw new Error('the service principal was there a moment ago')
  if (principal.type === 'ManagedIdentity' || principal.clientId === MICROSOFT_GRAPH_CLIENT_ID) {
    throw insufficientPrivileges()
  }
  return principal
}

interface Behind {
  /** Whether the application is registered in this tenant. */
  readonly isOwn: boolean
  readonly profile: Profile
}

function shown(
  call: Call,
  principal: ServicePrincipal,
  profile: Profile,
  application: Behind,
): Shown {
  const isManaged = principal.type === 'ManagedIdentity'
  const isGraph = principal.clientId === MICROSOFT_GRAPH_CLIENT_ID
  return {
    ...fillIn(PROPERTIES, profile),
    id: principal.objectId,
    accountEnabled: principal.accountEnabled,
    alternativeNames: profile.alternativeNames ?? principal.alternativeNames,
    appDisplayName: isManaged ? null : principal.displayName,
    appId: principal.clientId,
    appOwnerOrganizationId: isManaged ? null : isGraph ? MICROSOFT_TENANT : call.tenantId,
    appRoles: isGraph ? GRAPH_ROLES : (application.profile.appRoles ?? []),
    createdDateTime: isGraph ? null : isoSeconds(principal.createdAt),
    displayName: principal.displayName,
    oauth2PermissionScopes: isGraph ? GRAPH_DELEGATED : scopesOf(application.profile),
    servicePrincipalNames: namesOf(principal, application.profile),
    servicePrincipalType: principal.type,
    signInAudience: isManaged
      ? null
      : (application.profile.signInAudience ?? (isGraph ? 'AzureADMultipleOrgs' : 'AzureADMyOrg')),
  }
}

function namesOf({ type, clientId, objectId }: ServicePrincipal, application: Profile): string[] {
  if (type === 'ManagedIdentity') return [clientId, identityUri(objectId)]
  if (clientId === MICROSOFT_GRAPH_CLIENT_ID) return [clientId, 'https://graph.microsoft.com']
  const uris = application.identifierUris
  return [clientId, ...(Array.isArray(uris) ? (uris as string[]) : [])]
}

/** The second name of every managed identity: 32 bytes that are always the same for it. */
function identityUri(objectId: ObjectId): string {
  const bytes = createHash('sha256').update(`identity ${objectId}`).digest()
  return `https://identity.azure.net/${bytes.toString('base64')}`
}

function scopesOf({ api }: Profile): unknown {
  return (api as { oauth2PermissionScopes?: unknown } | undefined)?.oauth2PermissionScopes ?? []
}

const GRAPH_ROLES = Object.entries(GRAPH_APP_ROLES).map(([value, id]) => ({
  allowedMemberTypes: ['Application'],
  description: value,
  displayName: value,
  id,
  isEnabled: true,
  origin: 'Application',
  value,
}))

const GRAPH_DELEGATED = Object.entries(GRAPH_SCOPES).map(([value, id]) => ({
  adminConsentDescription: value,
  adminConsentDisplayName: value,
  id,
  isEnabled: true,
  type: value.endsWith('.All') || value.endsWith('.Directory') ? 'Admin' : 'User',
  userConsentDescription: value,
  userConsentDisplayName: value,
  value,
}))

/** The object id behind an alternate key. */
export async function principalWithClientId(
  call: Call,
  clientId: ClientId,
): Promise<ObjectId | undefined> {
  const graph = microsoftGraphPrincipal(call)
  if (clientId === graph.clientId) return graph.objectId
  return (await findServicePrincipalByClientId(call, clientId))?.objectId
}
