/**
 * The App Service protocol of 2019-08-01, for machines in loopback mode: the child gets the address
 * and a random secret in its environment, and presents the secret with each request.
 */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Failure, type Fault } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { identitiesOf } from '../../core/identity/attached.ts'
import { type Arrival, type RawInput, type Reply, type Route, route } from '../../http/route.ts'
import { chooseIdentity } from './choose-identity.ts'
import { machineKey } from './machine-key.ts'
import { requireResource } from './resource.ts'
import type { TokenCache } from './token-cache.ts'

const VERSIONS = ['2019-08-01', '2020-06-01']

export function appServiceRoutes(tokens: TokenCache): Route[] {
  return [
    route({
      method: 'GET',
      path: '/msi/token',
      guard: { kind: 'machine' },
      input: z.custom<RawInput>(),
      async answer(call, { query, headers }, arrival) {
        requireIdentityHeader(headers['x-identity-header'], arrival)
        if (!VERSIONS.includes(query['api-version'] ?? '')) {
          throw new Failure('invalid', 'BadApiVersion', 'The api-version is not supported.')
        }
        const resource = requireResource(query)
        const host = machineKey(call)
        const identity = chooseIdentity(await identitiesOf(call, host), query)
        const { token } = await tokens.get(call, { identity, host, resource })
        return {
          status: 200,
          body: {
            access_token: token.access_token,
            client_id: identity.clientId,
            expires_on: token.expires_on,
            resource,
            token_type: 'Bearer',
          },
        }
      },
    }),
  ]
}

/** Only loopback machines have a secret; in a sandbox this protocol has no address. */
function requireIdentityHeader(given: unknown, { machine }: Arrival): void {
  const secret = machine?.secret
  if (!secret) throw new Failure('missing', 'NotFound', 'There is nothing at this address.')
  const wanted = Buffer.from(secret.reveal())
  const presented = Buffer.from(typeof given === 'string' ? given : '')
  if (presented.length !== wanted.length || !timingSafeEqual(presented, wanted)) {
    throw new Failure('unauthenticated', 'Unauthorized', 'The X-IDENTITY-HEADER is not valid.')
  }
}

/** What is not here is 400. */
const STATUS: Readonly<Partial<Record<Fault, number>>> = {
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  unsupported: 405,
}

/** App Service's own shape of an error. */
export function refuseAppService(failure: Failure, call: Call): Reply {
  const status = STATUS[failure.fault] ?? 400
  return {
    status,
    body: { statusCode: status, message: failure.message, correlationId: call.id },
  }
}
