/** Of what groups a principal is a member: directly, through others, and among those asked about. */
import { z } from 'zod'
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { directGroupIds, transitiveGroupIds } from '../../../core/directory/groups.ts'
import type { GraphPermission } from '../../../core/directory/microsoft-graph.ts'
import { findUserByPrincipalName } from '../../../core/directory/users.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { groups } from '../entities/groups.ts'
import { directoryObject, findObjects, requireObject } from '../entities/objects.ts'
import { servicePrincipals } from '../entities/service-principals.ts'
import { users } from '../entities/users.ts'
import { type Asked, answerMany, answerOne, graphRoute } from '../graph-route.ts'
import { requireEntity } from './entities.ts'

const MOST_IDS_CHECKED = 20

const memberGroups = z.strictObject({ securityEnabledOnly: z.boolean().nullish() })
const checked = z.strictObject({ groupIds: z.array(z.guid()).max(MOST_IDS_CHECKED) })

/** Whose memberships can be asked, and by whom. */
const MEMBERS: readonly { readonly set: string; readonly permission: GraphPermission }[] = [
  { set: 'servicePrincipals', permission: 'Application.Read.All' },
  { set: 'users', permission: 'User.Read.All' },
  { set: 'groups', permission: 'GroupMember.Read.All' },
  { set: 'directoryObjects', permission: 'Directory.Read.All' },
]

export function membershipRoutes(): Route[] {
  return [
    ...[servicePrincipals, users, groups].flatMap((type) => [
      listRoute(type.set, 'memberOf', directGroupIds),
      listRoute(type.set, 'transitiveMemberOf', transitiveGroupIds),
    ]),
    ...MEMBERS.flatMap(({ set, permission }) => [
      ...['getMemberGroups', 'getMemberObjects'].map((name) =>
        graphRoute({
          method: 'POST',
          path: `/${set}/:id/${name}`,
          permission,
          body: memberGroups,
          answer: (call, asked) => answerIds(call, asked, () => true),
        }),
      ),
      graphRoute({
        method: 'POST',
        path: `/${set}/:id/checkMemberGroups`,
        permission,
        body: checked,
        answer(call, asked) {
          const wanted = new Set(asked.body.groupIds.map((id) => id.toLowerCase()))
          return answerIds(call, asked, (id) => wanted.has(id))
        },
      }),
    ]),
  ]
}

function listRoute(
  set: string,
  name: string,
  read: (call: Call, objectId: ObjectId) => Promise<readonly ObjectId[]>,
): Route {
  const type = [servicePrincipals, users, groups].find((one) => one.set === set) ?? groups
  return graphRoute({
    method: 'GET',
    path: `/${set}/:id/${name}`,
    permission: type === groups ? 'GroupMember.Read.All' : type.reading,
    async answer(call, asked) {
      const { id } = await requireEntity(call, type, asked.params)
      return answerMany(call, asked, await findObjects(call, await read(call, id)), {
        context: 'directoryObjects',
        filtered: directoryObject,
      })
    },
  })
}

/** Every group here is a security group, so asking for those only changes nothing. */
async function answerIds(
  call: Call,
  asked: Asked<unknown>,
  isWanted: (id: ObjectId) => boolean,
): Promise<Reply> {
  const id = await memberOf(call, asked.params.id ?? '')
  const value = (await transitiveGroupIds(call, id)).filter(isWanted)
  return answerOne(call, asked, { value: [...value].sort() }, { context: 'Collection(Edm.String)' })
}

/** The object with this id; a user is named by user principal name, too. */
async function memberOf(call: Call, id: string): Promise<ObjectId> {
  const user = await findUserByPrincipalName(call, id)
  return user ? user.objectId : (await requireObject(call, id)).shown.id
}
