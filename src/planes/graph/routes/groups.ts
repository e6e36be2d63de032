/** Making groups, changing them, and who is in them. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  addMember,
  createGroup,
  findGroup,
  membersOf,
  removeMember,
  renameGroup,
} from '../../../core/directory/groups.ts'
import { addOwner } from '../../../core/directory/owners.ts'
import { changeProfile, profileOf } from '../../../core/directory/profiles.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { profileChanges, writable } from '../entities/entity.ts'
import { groups, protectRoleGroup } from '../entities/groups.ts'
import { cast, findObjects, notFound } from '../entities/objects.ts'
import { answerMany, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { ownerOfCreated } from '../permissions.ts'
import { answerEntity, requireChanged, requireEntity } from './entities.ts'
import { reference, references, referredTo } from './references.ts'

const ELSEWHERE = ['displayName', 'members@odata.bind', 'owners@odata.bind']
const LONGEST_NAME_CHARS = 256

const displayName = z.string().min(1).max(LONGEST_NAME_CHARS)
const changes = z.strictObject({
  id: z.guid().optional(),
  ...writable(groups.properties),
  displayName: displayName.optional(),
  isAssignableToRole: z.boolean().nullish(),
  mailEnabled: z.boolean().optional(),
  'members@odata.bind': references.optional(),
})
const creation = changes.omit({ id: true }).extend({
  displayName,
  mailEnabled: z.boolean(),
  mailNickname: z.string().min(1).max(64),
  securityEnabled: z.boolean(),
  'owners@odata.bind': references.optional(),
})
type Changes = z.infer<typeof changes>

export function groupRoutes(): Route[] {
  return [...changeRoutes(), ...memberRoutes()]
}

function changeRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/groups',
      permission: 'Group.Create',
      body: creation,
      async answer(call, asked) {
        const { body } = asked
        const what = { action: 'microsoft.directory/groups/create', scope: '/groups' }
        const owner = await ownerOfCreated(call, 'Group.ReadWrite.All')
        const id = await changing(call, what, (tx) => create(tx, body, owner))
        const shown = await requireEntity(call, groups, { id })
        return answerEntity(call, groups, asked, shown, { status: 201 })
      },
    }),
    graphRoute({
      method: 'PATCH',
      path: '/groups/:id',
      permission: 'Group.ReadWrite.All',
      body: changes,
      async answer(call, { params, body }) {
        const action = 'microsoft.directory/groups/allProperties/update'
        await changing(call, { action, scope: `/groups/${params.id}` }, async (tx) => {
          const { id, isAssignableToRole } = await requireChanged(tx, groups, { params, body })
          const asked = body.isAssignableToRole ?? isAssignableToRole ?? false
          if (asked !== (isAssignableToRole ?? false)) throw readOnlyMember('isAssignableToRole')
          await protectRoleGroup(tx, id)
          if (body.displayName !== undefined) {
            await renameGroup(tx, { objectId: id, displayName: body.displayName })
          }
          await change(tx, id, body)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** Users who make a group without a role for that own it; others own what they say. */
async function create(
  tx: Transaction,
  body: z.infer<typeof creation>,
  owner: ObjectId | undefined,
): Promise<ObjectId> {
  const { objectId } = await createGroup(tx, { displayName: body.displayName })
  await change(tx, objectId, body)
  await protectRoleGroup(tx, objectId)
  if (owner) await addOwner(tx, { objectId, ownerId: owner })
  for (const url of body['owners@odata.bind'] ?? []) {
    await addOwner(tx, { objectId, ownerId: await referredTo(tx, url) })
  }
  return objectId
}

async function change(tx: Transaction, groupId: ObjectId, body: Changes): Promise<void> {
  if (body.mailEnabled === true) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      'The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.',
    )
  }
  for (const url of body['members@odata.bind'] ?? []) await join(tx, groupId, url)
  const before = await profileOf(tx, groupId)
  await changeProfile(tx, {
    objectId: groupId,
    changes: profileChanges(body, before, ELSEWHERE),
  })
}

function memberRoutes(): Route[] {
  const action = 'microsoft.directory/groups/members/update'
  return [
    membersRoute('members', membersOf),
    membersRoute('members/:cast', membersOf),
    membersRoute('transitiveMembers', transitiveMembers),
    membersRoute('transitiveMembers/:cast', transitiveMembers),
    graphRoute({
      method: 'POST',
      path: '/groups/:id/members/$ref',
      permission: 'GroupMember.ReadWrite.All',
      body: reference,
      async answer(call, { params, body }) {
        await changing(call, { action, scope: `/groups/${params.id}` }, async (tx) => {
          await join(tx, (await requireEntity(tx, groups, params)).id, body['@odata.id'])
        })
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: '/groups/:id/members/:memberId/$ref',
      permission: 'GroupMember.ReadWrite.All',
      async answer(call, { params }) {
        const memberId = (params.memberId ?? '').toLowerCase() as ObjectId
        await changing(call, { action, scope: `/groups/${params.id}` }, async (tx) => {
          const { id: groupId } = await requireEntity(tx, groups, params)
          if (!(await membersOf(tx, groupId)).includes(memberId)) throw notFound(memberId)
          await protectRoleGroup(tx, groupId)
          await removeMember(tx, { groupId, memberId })
        })
        return NO_CONTENT
      },
    }),
  ]
}

function membersRoute(
  name: string,
  read: (call: Call, groupId: ObjectId) => Promise<readonly ObjectId[]>,
): Route {
  return graphRoute({
    method: 'GET',
    path: `/groups/:id/${name}`,
    permission: 'GroupMember.Read.All',
    async answer(call, asked) {
      const { id } = await requireEntity(call, groups, asked.params)
      const all = await findObjects(call, await read(call, id))
      const { documents, filtered } = cast(all, asked.params.cast)
      return answerMany(call, asked, documents, { context: 'directoryObjects', filtered })
    },
  })
}

/** The members, those of groups among them, and so on; a circle of groups ends where it began. */
async function transitiveMembers(call: Call, groupId: ObjectId): Promise<ObjectId[]> {
  const found = new Set<ObjectId>()
  const waiting = [groupId]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const member of await membersOf(call, next)) {
      if (found.has(member)) continue
      found.add(member)
      if (await findGroup(call, member)) waiting.push(member)
    }
  }
  return [...found]
}

async function join(tx: Transaction, groupId: ObjectId, url: string): Promise<void> {
  await protectRoleGroup(tx, groupId)
  const memberId = await referredTo(tx, url)
  if (memberId === groupId) {
    throw new Failure('invalid', 'Request_BadRequest', 'A group cannot be a member of itself.')
  }
  if ((await membersOf(tx, groupId)).includes(memberId)) {
    throw new Failure(
      'invalid',
      'Request_BadRequest',
      "One or more added object references already exist for the following modified properties: 'members'.",
    )
  }
  await addMember(tx, { groupId, memberId })
}

function readOnlyMember(name: string): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    `Property '${name}' is read-only and cannot be set.`,
  )
}
