/**
 * Of what a principal is a member: groups, directly and through others, and directory roles; and
 * among those asked about. `/me/…` asks about the user who asks.
 */
import { z } from 'zod'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { directGroupIds, transitiveGroupIds } from '../../../core/directory/groups.ts'
import type { GraphPermission } from '../../../core/directory/microsoft-graph.ts'
import { findUserByPrincipalName } from '../../../core/directory/users.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { rolesAsMemberships } from '../entities/directory-roles.ts'
import { groups } from '../entities/groups.ts'
import { cast, findObjects, requireObject } from '../entities/objects.ts'
import { servicePrincipals } from '../entities/service-principals.ts'
import { users } from '../entities/users.ts'
import { type Asked, answerMany, answerOne, graphRoute } from '../graph-route.ts'
import { requireEntity } from './entities.ts'
import { whoAsks } from './who-asks.ts'

const MOST_IDS_CHECKED = 20

const memberGroups = z.strictObject({ securityEnabledOnly: z.boolean().nullish() })
const checked = z.strictObject({ groupIds: z.array(z.guid()).max(MOST_IDS_CHECKED) })
const checkedObjects = z.strictObject({ ids: z.array(z.guid()).max(MOST_IDS_CHECKED) })

/** Whose memberships can be asked, by whom, and who that is. */
interface Member {
  readonly path: string
  readonly permission: GraphPermission | 'signed-in'
  find(call: Call, params: Asked<unknown>['params']): Promise<ObjectId>
}

const LISTED: readonly Member[] = [
  {
    path: '/servicePrincipals/:id',
    permission: 'Application.Read.All',
    find: async (call, params) => (await requireEntity(call, servicePrincipals, params)).id,
  },
  {
    path: '/users/:id',
    permission: 'User.Read.All',
    find: async (call, params) => (await requireEntity(call, users, params)).id,
  },
  {
    path: '/groups/:id',
    permission: 'GroupMember.Read.All',
    find: async (call, params) => (await requireEntity(call, groups, params)).id,
  },
  { path: '/me', permission: 'signed-in', find: async (call) => (await whoAsks(call)).id },
]

const ASKED_ABOUT: readonly Member[] = [
  ...LISTED,
  {
    path: '/directoryObjects/:id',
    permission: 'Directory.Read.All',
    find: (call, { id = '' }) => objectOf(call, id),
  },
]

export function membershipRoutes(): Route[] {
  return [
    ...LISTED.flatMap((member) => [
      listRoute(member, 'memberOf', directGroupIds),
      listRoute(member, 'memberOf/:cast', directGroupIds),
      listRoute(member, 'transitiveMemberOf', transitiveGroupIds),
      listRoute(member, 'transitiveMemberOf/:cast', transitiveGroupIds),
    ]),
    ...ASKED_ABOUT.flatMap(checkRoutes),
  ]
}

function listRoute(
  { path, permission, find }: Member,
  name: string,
  read: (call: Call, objectId: ObjectId) => Promise<readonly ObjectId[]>,
): Route {
  return graphRoute({
    method: 'GET',
    path: `${path}/${name}`,
    permission,
    async answer(call, asked) {
      const id = await find(call, asked.params)
      const all = [
        ...(await findObjects(call, await read(call, id))),
        ...(await rolesAsMemberships(call, id)),
      ]
      const { documents, filtered } = cast(all, asked.params.cast)
      return answerMany(call, asked, documents, { context: 'directoryObjects', filtered })
    },
  })
}

/** Every group here is a security group, so asking for those only leaves out the roles at most. */
function checkRoutes({ path, permission, find }: Member): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: `${path}/getMemberGroups`,
      permission,
      body: memberGroups,
      answer: async (call, asked) =>
        answerIds(call, asked, await transitiveGroupIds(call, await find(call, asked.params))),
    }),
    graphRoute({
      method: 'POST',
      path: `${path}/getMemberObjects`,
      permission,
      body: memberGroups,
      async answer(call, asked) {
        const id = await find(call, asked.params)
        const { securityEnabledOnly } = asked.body
        return answerIds(call, asked, await everyMembership(call, id, securityEnabledOnly === true))
      },
    }),
    graphRoute({
      method: 'POST',
      path: `${path}/checkMemberGroups`,
      permission,
      body: checked,
      async answer(call, asked) {
        const all = await transitiveGroupIds(call, await find(call, asked.params))
        return answerIds(call, asked, among(all, asked.body.groupIds))
      },
    }),
    graphRoute({
      method: 'POST',
      path: `${path}/checkMemberObjects`,
      permission,
      body: checkedObjects,
      async answer(call, asked) {
        const all = await everyMembership(call, await find(call, asked.params), false)
        return answerIds(call, asked, among(all, asked.body.ids))
      },
    }),
  ]
}

async function everyMembership(
  call: Call,
  id: ObjectId,
  groupsOnly: boolean,
): Promise<readonly string[]> {
  const groupIds = await transitiveGroupIds(call, id)
  if (groupsOnly) return groupIds
  return [...groupIds, ...(await rolesAsMemberships(call, id)).map((role) => String(role.id))]
}

function among(all: readonly string[], asked: readonly string[]): string[] {
  const wanted = new Set(asked.map((id) => id.toLowerCase()))
  return all.filter((id) => wanted.has(id))
}

function answerIds(
  call: Call,
  asked: Pick<Asked<unknown>, 'version'>,
  ids: readonly string[],
): Reply {
  return answerOne(call, asked, { value: [...ids].sort() }, { context: 'Collection(Edm.String)' })
}

/** The object with this id; a user is named by user principal name, too. */
async function objectOf(call: Call, id: string): Promise<ObjectId> {
  const user = await findUserByPrincipalName(call, id)
  return user ? user.objectId : (await requireObject(call, id)).shown.id
}
