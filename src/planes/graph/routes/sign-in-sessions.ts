/** Signing a user out everywhere: every refresh token and every browser of before is refused. */
import type { ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { revokeSignInSessions } from '../../../core/directory/users.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { users } from '../entities/users.ts'
import { type Asked, answerOne, changing, graphRoute } from '../graph-route.ts'
import { protectAdministrator, requireOwnScope } from '../permissions.ts'
import { requireEntity } from './entities.ts'
import { whoAsks } from './who-asks.ts'

/** The second name is that of old. */
const NAMES = ['revokeSignInSessions', 'invalidateAllRefreshTokens']

export function signInSessionRoutes(): Route[] {
  return NAMES.flatMap((name) => [
    graphRoute({
      method: 'POST',
      path: `/users/:id/${name}`,
      permission: 'User.RevokeSessions.All',
      async answer(call, asked) {
        const { id } = await requireEntity(call, users, asked.params)
        const { caller } = call
        const isOwn = caller.kind === 'principal' && caller.objectId === id
        if (!isOwn) await protectAdministrator(call, id)
        return revoke(call, asked, id)
      },
    }),
    graphRoute({
      method: 'POST',
      path: `/me/${name}`,
      permission: 'signed-in',
      async answer(call, asked) {
        const { id } = await whoAsks(call)
        requireOwnScope(call)
        return revoke(call, asked, id)
      },
    }),
  ])
}

async function revoke(
  call: Call,
  asked: Pick<Asked<unknown>, 'version'>,
  id: ObjectId,
): Promise<Reply> {
  const action = 'microsoft.directory/users/invalidateAllRefreshTokens'
  await changing(call, { action, scope: `/users/${id}` }, (tx) => revokeSignInSessions(tx, id))
  return answerOne(call, asked, { value: true }, { context: 'Edm.Boolean' })
}
