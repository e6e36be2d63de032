/** Groups as Graph shows them. All are security groups: this tenant has no mail. */
import { z } from 'zod'
import { isoSeconds } from '../../../base/clock.ts'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  findGroup,
  type Group,
  listGroups,
  softDeleteGroup,
} from '../../../core/directory/groups.ts'
import { everyProfile, type Profile, profileOf } from '../../../core/directory/profiles.ts'
import { insufficientPrivileges, mayUse } from '../permissions.ts'
import {
  type EntityType,
  fillIn,
  flag,
  hidden,
  type Property,
  readOnly,
  type Shown,
  shownUnasked,
  text,
  texts,
} from './entity.ts'

const PROPERTIES: Readonly<Record<string, Property>> = {
  id: readOnly(null),
  // Of groups with mail, which there are none of here.
  allowExternalSenders: hidden(readOnly(null)),
  autoSubscribeNewMembers: hidden(readOnly(null)),
  hideFromAddressLists: hidden(readOnly(null)),
  hideFromOutlookClients: hidden(readOnly(null)),
  deletedDateTime: readOnly(null),
  classification: text(),
  createdDateTime: readOnly(null),
  creationOptions: readOnly([]),
  description: text(1024),
  displayName: text(256),
  expirationDateTime: readOnly(null),
  groupTypes: texts(),
  isAssignableToRole: flag(null),
  mail: readOnly(null),
  mailEnabled: { unset: false, asked: z.boolean() },
  mailNickname: text(64),
  membershipRule: text(),
  membershipRuleProcessingState: text(),
  onPremisesSyncEnabled: readOnly(null),
  preferredDataLocation: text(),
  preferredLanguage: text(),
  proxyAddresses: readOnly([]),
  renewedDateTime: readOnly(null),
  resourceBehaviorOptions: texts(),
  resourceProvisioningOptions: texts(),
  securityEnabled: { unset: true, asked: z.boolean() },
  securityIdentifier: readOnly(null),
  theme: text(),
  uniqueName: text(),
  visibility: text(),
}

export const groups: EntityType = {
  set: 'groups',
  typeName: 'group',
  title: 'Group',
  properties: PROPERTIES,
  shown: shownUnasked(PROPERTIES),
  reading: 'Group.Read.All',
  writing: 'Group.ReadWrite.All',
  async list(call) {
    const profiles = await everyProfile(call)
    return (await listGroups(call)).map((group) => shown(group, profiles.get(group.objectId) ?? {}))
  },
  async find(call, objectId) {
    const group = await findGroup(call, objectId)
    return group && shown(group, await profileOf(call, objectId))
  },
  complete: async (_call, documents) => [...documents],
  async remove(tx, { id }) {
    await protectRoleGroup(tx, id)
    await softDeleteGroup(tx, id)
  },
  showDeleted: async (call, { objectId, facts, deletedAt }) => ({
    ...shown(facts as Group, await profileOf(call, objectId)),
    deletedDateTime: isoSeconds(deletedAt),
  }),
}

/**
 * Whoever changes a group that can hold a directory role gives the role away, or takes it.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function protectRoleGroup(call: Call, groupId: ObjectId): Promise<void> {
  const { isAssignableToRole } = await profileOf(call, groupId)
  if (isAssignableToRole !== true) return
  if (await mayUse(call, 'RoleManagement.ReadWrite.Directory')) return
  throw insufficientPrivileges()
}

function shown(group: Group, profile: Profile): Shown {
  const createdDateTime = isoSeconds(group.createdAt)
  return {
    ...fillIn(PROPERTIES, profile),
    id: group.objectId,
    createdDateTime,
    displayName: group.displayName,
    renewedDateTime: createdDateTime,
  }
}
