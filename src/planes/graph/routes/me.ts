/** `/me`: the user who asks. An application is nobody's user, and is told so. */
import { Failure } from '../../../base/failure.ts'
import type { Call } from '../../../core/call.ts'
import { directGroupIds } from '../../../core/directory/groups.ts'
import { ownedBy } from '../../../core/directory/owners.ts'
import type { Route } from '../../../http/route.ts'
import type { Shown } from '../entities/entity.ts'
import { directoryObject, findObjects } from '../entities/objects.ts'
import { users } from '../entities/users.ts'
import { answerMany, graphRoute } from '../graph-route.ts'
import { readQuery } from '../odata/query.ts'
import { answerEntity, requireEntity } from './entities.ts'

const LISTS = { ownedObjects: ownedBy, memberOf: directGroupIds } as const

export function meRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: '/me',
      permission: 'signed-in',
      async answer(call, asked) {
        const query = readQuery(asked.arrival, users)
        return answerEntity(call, users, asked, await whoAsks(call), { query })
      },
    }),
    ...Object.entries(LISTS).map(([name, read]) =>
      graphRoute({
        method: 'GET',
        path: `/me/${name}`,
        permission: 'signed-in',
        async answer(call, asked) {
          const { id } = await whoAsks(call)
          return answerMany(call, asked, await findObjects(call, await read(call, id)), {
            context: 'directoryObjects',
            filtered: directoryObject,
          })
        },
      }),
    ),
  ]
}

/** @throws Failure invalid `BadRequest` to all but users */
async function whoAsks(call: Call): Promise<Shown> {
  const { caller } = call
  if (caller.kind === 'principal' && caller.type === 'User') {
    return requireEntity(call, users, { id: caller.objectId })
  }
  throw new Failure(
    'invalid',
    'BadRequest',
    '/me request is only valid with delegated authentication flow.',
  )
}
