/**
 * `/oidc/userinfo` (OpenID Connect Core, 5.3): who signed in to the client that asks, as its id token
 * says it. It has no version in front, and knows nobody but the caller.
 */
import { z } from 'zod'
import type { Call } from '../../../core/call.ts'
import { pairwiseSubject } from '../../../core/tokens/user-claims.ts'
import { type Reply, type Route, route } from '../../../http/route.ts'
import { hasScope, insufficientPrivileges } from '../permissions.ts'
import { whoAsks } from './who-asks.ts'

const PATH = '/oidc/userinfo'

export function userInfoRoutes(): Route[] {
  return (['GET', 'POST'] as const).map((method) =>
    route({
      method,
      path: PATH,
      guard: { kind: 'principal' },
      // The token is in the header: a form that holds it is not read.
      input: z.unknown(),
      answer: userInfo,
    }),
  )
}

async function userInfo(call: Call): Promise<Reply> {
  const { caller } = call
  const { displayName, givenName, surname, mail } = await whoAsks(call)
  if (caller.kind !== 'principal' || !hasScope(caller, ['openid'])) throw insufficientPrivileges()
  return {
    status: 200,
    body: {
      sub: pairwiseSubject(caller),
      ...(hasScope(caller, ['profile']) && {
        name: displayName,
        ...(givenName ? { given_name: givenName } : {}),
        ...(surname ? { family_name: surname } : {}),
      }),
      ...(hasScope(caller, ['email']) && mail ? { email: mail } : {}),
    },
  }
}
