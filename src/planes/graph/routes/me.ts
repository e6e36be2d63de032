/** `/me`: what users ask about themselves, and do to themselves. */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { Secret } from '../../../base/secret.ts'
import { ownedBy } from '../../../core/directory/owners.ts'
import { chooseOwnPassword } from '../../../core/directory/password-change.ts'
import { checkUserPassword, hashPassword } from '../../../core/directory/user-passwords.ts'
import type { Route } from '../../../http/route.ts'
import { directoryObject, findObjects } from '../entities/objects.ts'
import { users } from '../entities/users.ts'
import { answerMany, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { readQuery } from '../odata/query.ts'
import { requireOwnScope } from '../permissions.ts'
import { answerEntity } from './entities.ts'
import { whoAsks } from './who-asks.ts'

const LONGEST_PASSWORD_CHARS = 256

const password = z.string().max(LONGEST_PASSWORD_CHARS)

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
    graphRoute({
      method: 'GET',
      path: '/me/ownedObjects',
      permission: 'signed-in',
      async answer(call, asked) {
        const { id } = await whoAsks(call)
        return answerMany(call, asked, await findObjects(call, await ownedBy(call, id)), {
          context: 'directoryObjects',
          filtered: directoryObject,
        })
      },
    }),
    graphRoute({
      method: 'POST',
      path: '/me/changePassword',
      permission: 'signed-in',
      body: z.strictObject({ currentPassword: password, newPassword: password }),
      async answer(call, { body }) {
        const { id } = await whoAsks(call)
        requireOwnScope(call)
        const guess = new Secret(body.currentPassword)
        const outcome = await checkUserPassword(call, { userId: id, guess })
        if (outcome !== 'right') throw wrongPassword()
        const hashed = await hashPassword(new Secret(body.newPassword))
        const action = 'microsoft.directory/users/password/update'
        await changing(call, { action, scope: `/users/${id}` }, (tx) =>
          chooseOwnPassword(tx, { userId: id, password: hashed }),
        )
        return NO_CONTENT
      },
    }),
  ]
}

function wrongPassword(): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    "The specified password does not match the user's current password.",
  )
}
