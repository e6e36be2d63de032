/** Applications as Graph shows them: what a tenant registers, with its credentials. */
import { isoSeconds } from '../../../base/clock.ts'
import {
  type Application,
  findApplication,
  listApplications,
  softDeleteApplication,
} from '../../../core/directory/applications.ts'
import { everyProfile, type Profile, profileOf } from '../../../core/directory/profiles.ts'
import { TENANT_DOMAIN } from '../../../core/directory/users.ts'
import { credentialsOf } from './credentials.ts'
import {
  type EntityType,
  fillIn,
  flag,
  object,
  objects,
  type Property,
  readOnly,
  type Shown,
  text,
  texts,
} from './entity.ts'

const PROPERTIES: Readonly<Record<string, Property>> = {
  id: readOnly(null),
  deletedDateTime: readOnly(null),
  addIns: objects(),
  api: object({
    acceptMappedClaims: null,
    knownClientApplications: [],
    requestedAccessTokenVersion: null,
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
  }),
  appId: readOnly(null),
  appRoles: objects(),
  applicationTemplateId: readOnly(null),
  certification: readOnly(null),
  createdDateTime: readOnly(null),
  defaultRedirectUri: text(),
  description: text(),
  disabledByMicrosoftStatus: readOnly(null),
  displayName: text(256),
  groupMembershipClaims: text(),
  identifierUris: texts(),
  info: object({
    logoUrl: null,
    marketingUrl: null,
    privacyStatementUrl: null,
    supportUrl: null,
    termsOfServiceUrl: null,
  }),
  isDeviceOnlyAuthSupported: flag(null),
  isFallbackPublicClient: flag(null),
  keyCredentials: objects(),
  nativeAuthenticationApisEnabled: text(),
  notes: text(),
  oauth2RequirePostResponse: flag(false),
  optionalClaims: object(null),
  parentalControlSettings: object({ countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' }),
  passwordCredentials: objects(),
  publicClient: object({ redirectUris: [] }),
  publisherDomain: readOnly(TENANT_DOMAIN),
  requestSignatureVerification: object(null),
  requiredResourceAccess: objects(),
  samlMetadataUrl: text(),
  serviceManagementReference: text(),
  servicePrincipalLockConfiguration: object(null),
  signInAudience: { ...text(), unset: 'AzureADMyOrg' },
  spa: object({ redirectUris: [] }),
  tags: texts(),
  tokenEncryptionKeyId: text(),
  uniqueName: text(),
  verifiedPublisher: readOnly({
    displayName: null,
    verifiedPublisherId: null,
    addedDateTime: null,
  }),
  web: object({
    homePageUrl: null,
    logoutUrl: null,
    redirectUris: [],
    implicitGrantSettings: {
      enableAccessTokenIssuance: false,
      enableIdTokenIssuance: false,
    },
    redirectUriSettings: [],
  }),
}

export const applications: EntityType = {
  set: 'applications',
  typeName: 'application',
  title: 'Application',
  properties: PROPERTIES,
  reading: 'Application.Read.All',
  writing: 'Application.ReadWrite.All',
  async list(call) {
    const profiles = await everyProfile(call)
    const all = await listApplications(call)
    return all.map((application) => shown(application, profiles.get(application.objectId) ?? {}))
  },
  async find(call, objectId) {
    const application = await findApplication(call, objectId)
    return application && shown(application, await profileOf(call, objectId))
  },
  complete: (call, documents) =>
    Promise.all(
      documents.map(async (document) => ({
        ...document,
        ...(await credentialsOf(call, document.id)),
      })),
    ),
  async remove(tx, { id }) {
    const application = await findApplication(tx, id)
    if (application) await softDeleteApplication(tx, application)
  },
  showDeleted: async (call, { objectId, facts, deletedAt }) => ({
    ...shown(facts as Application, await profileOf(call, objectId)),
    deletedDateTime: isoSeconds(deletedAt),
  }),
}

function shown(application: Application, profile: Profile): Shown {
  return {
    ...fillIn(PROPERTIES, profile),
    id: application.objectId,
    appId: application.clientId,
    createdDateTime: isoSeconds(application.createdAt),
    displayName: application.displayName,
  }
}
