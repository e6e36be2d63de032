/** Managers of users, and who reports to them. They decide nothing. */
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { changeProfile, everyProfile, profileOf } from '../../../core/directory/profiles.ts'
import type { Route } from '../../../http/route.ts'
import { directoryObject, findObjects, notFound } from '../entities/objects.ts'
import { users } from '../entities/users.ts'
import { answerMany, answerOne, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { requireEntity } from './entities.ts'
import { reference, referredTo } from './references.ts'

const PATH = '/users/:id/manager'
/** In the profile, and shown by no query. */
const MEMBER = 'managerId'

export function reportingLineRoutes(): Route[] {
  const action = 'microsoft.directory/users/manager/update'
  return [
    graphRoute({
      method: 'GET',
      path: PATH,
      permission: 'User.Read.All',
      async answer(call, asked) {
        const { id } = await requireEntity(call, users, asked.params)
        const managerId = asId<ObjectId>(String((await profileOf(call, id))[MEMBER]))
        const [manager] = managerId ? await findObjects(call, [managerId]) : []
        if (manager === undefined) throw notFound('manager')
        return answerOne(call, asked, manager, { context: 'directoryObjects/$entity' })
      },
    }),
    graphRoute({
      method: 'GET',
      path: '/users/:id/directReports',
      permission: 'User.Read.All',
      async answer(call, asked) {
        const { id } = await requireEntity(call, users, asked.params)
        return answerMany(call, asked, await findObjects(call, await reportsOf(call, id)), {
          context: 'directoryObjects',
          filtered: directoryObject,
        })
      },
    }),
    graphRoute({
      method: 'PUT',
      path: `${PATH}/$ref`,
      permission: 'User.ReadWrite.All',
      body: reference,
      async answer(call, { params, body }) {
        await changing(call, { action, scope: `/users/${params.id}` }, async (tx) => {
          const { id: objectId } = await requireEntity(tx, users, params)
          const managerId = await referredTo(tx, body['@odata.id'])
          await changeProfile(tx, { objectId, changes: { [MEMBER]: managerId } })
        })
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${PATH}/$ref`,
      permission: 'User.ReadWrite.All',
      async answer(call, { params }) {
        await changing(call, { action, scope: `/users/${params.id}` }, async (tx) => {
          const { id: objectId } = await requireEntity(tx, users, params)
          if (!(await profileOf(tx, objectId))[MEMBER]) throw notFound('manager')
          await changeProfile(tx, { objectId, changes: { [MEMBER]: null } })
        })
        return NO_CONTENT
      },
    }),
  ]
}

async function reportsOf(call: Call, managerId: ObjectId): Promise<ObjectId[]> {
  return [...(await everyProfile(call))].flatMap(([objectId, profile]) =>
    profile[MEMBER] === managerId ? [objectId] : [],
  )
}
