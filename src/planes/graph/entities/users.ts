/** Users as Graph shows them: a few properties unless others are selected, and never a password. */
import { z } from 'zod'
import { isoSeconds } from '../../../base/clock.ts'
import { everyProfile, type Profile, profileOf } from '../../../core/directory/profiles.ts'
import { findUser, listUsers, softDeleteUser, type User } from '../../../core/directory/users.ts'
import { protectAdministrator } from '../permissions.ts'
import {
  type EntityType,
  fillIn,
  flag,
  object,
  type Property,
  readOnly,
  type Shown,
  text,
  texts,
} from './entity.ts'

const LONGEST_PASSWORD_CHARS = 256

/** Fifteen texts that a tenant may use as it likes. */
const EXTENSION_ATTRIBUTES = Array.from({ length: 15 }, (_, at) => `extensionAttribute${at + 1}`)

const PROPERTIES: Readonly<Record<string, Property>> = {
  id: readOnly(null),
  deletedDateTime: readOnly(null),
  accountEnabled: { unset: true, asked: z.boolean() },
  ageGroup: text(),
  businessPhones: texts(),
  city: text(128),
  companyName: text(64),
  consentProvidedForMinor: text(),
  country: text(128),
  createdDateTime: readOnly(null),
  creationType: readOnly(null),
  department: text(64),
  displayName: text(256),
  employeeHireDate: text(40),
  employeeId: text(16),
  employeeOrgData: object(null),
  employeeType: text(),
  externalUserState: readOnly(null),
  externalUserStateChangeDateTime: readOnly(null),
  faxNumber: text(),
  givenName: text(64),
  identities: readOnly([]),
  imAddresses: readOnly([]),
  jobTitle: text(128),
  mail: text(),
  mailNickname: text(64),
  mobilePhone: text(64),
  officeLocation: text(128),
  onPremisesExtensionAttributes: {
    unset: Object.fromEntries(EXTENSION_ATTRIBUTES.map((name) => [name, null])),
    asked: z.strictObject(
      Object.fromEntries(
        EXTENSION_ATTRIBUTES.map((name) => [name, z.string().max(1024).nullish()]),
      ),
    ),
  },
  onPremisesDistinguishedName: readOnly(null),
  onPremisesDomainName: readOnly(null),
  onPremisesImmutableId: text(),
  onPremisesLastSyncDateTime: readOnly(null),
  onPremisesSamAccountName: readOnly(null),
  onPremisesSecurityIdentifier: readOnly(null),
  onPremisesSyncEnabled: readOnly(null),
  onPremisesUserPrincipalName: readOnly(null),
  otherMails: texts(),
  passwordPolicies: text(),
  /** Written, and never shown again. */
  passwordProfile: {
    unset: null,
    asked: z.strictObject({
      password: z.string().max(LONGEST_PASSWORD_CHARS).optional(),
      forceChangePasswordNextSignIn: z.boolean().optional(),
      forceChangePasswordNextSignInWithMfa: z.boolean().optional(),
    }),
  },
  postalCode: text(40),
  preferredLanguage: text(),
  proxyAddresses: readOnly([]),
  securityIdentifier: readOnly(null),
  signInSessionsValidFromDateTime: readOnly(null),
  showInAddressList: flag(null),
  state: text(128),
  streetAddress: text(1024),
  surname: text(64),
  usageLocation: text(2),
  userPrincipalName: { unset: null, asked: z.string().max(200) },
  userType: { ...text(), unset: 'Member' },
}

export const users: EntityType = {
  set: 'users',
  typeName: 'user',
  title: 'User',
  properties: PROPERTIES,
  shown: [
    ...['businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone'],
    ...['officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName', 'id'],
  ],
  reading: 'User.Read.All',
  writing: 'User.ReadWrite.All',
  async list(call) {
    const profiles = await everyProfile(call)
    return (await listUsers(call)).map((user) => shown(user, profiles.get(user.objectId) ?? {}))
  },
  async find(call, objectId) {
    const user = await findUser(call, objectId)
    return user && shown(user, await profileOf(call, objectId))
  },
  complete: async (_call, documents) => [...documents],
  async remove(tx, { id }) {
    await protectAdministrator(tx, id)
    await softDeleteUser(tx, id)
  },
  async showDeleted(call, { objectId, facts, deletedAt }) {
    const user = facts as User
    return {
      ...shown(user, await profileOf(call, objectId)),
      deletedDateTime: isoSeconds(deletedAt),
      // Another may have the name meanwhile.
      userPrincipalName: `${objectId.replaceAll('-', '')}${user.userPrincipalName}`,
    }
  },
}

function shown(user: User, profile: Profile): Shown {
  return {
    ...fillIn(PROPERTIES, profile),
    id: user.objectId,
    accountEnabled: user.accountEnabled,
    createdDateTime: isoSeconds(user.createdAt),
    displayName: user.displayName,
    mailNickname: profile.mailNickname ?? user.userPrincipalName.split('@')[0],
    signInSessionsValidFromDateTime: isoSeconds(user.sessionsValidFrom),
    userPrincipalName: user.userPrincipalName,
  }
}
