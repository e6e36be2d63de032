/** The token endpoint, in both its versions. */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { issueIdToken } from '../../core/tokens/id-token.ts'
import { type IssuedToken, issueAccessToken } from '../../core/tokens/issue.ts'
import { type Reply, type Route, route } from '../../http/route.ts'
import { authenticateClient, clientOfRequest } from './client.ts'
import { refusal, refuse } from './errors.ts'
import type { Grant, Granted, GrantedToUser } from './grant.ts'
import { GRANTS } from './grants.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { readTenant, requireTenant } from './tenant.ts'
import {
  type EndpointVersion,
  readTokenRequest,
  type TokenRequest,
  tokenInput,
} from './token-request.ts'

const BECAUSE = 'clients prove themselves in the body, to get their first token'
const NOT_STORED = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }
/** Tokens that live longer are to be renewed at half their life, and say so. */
const RENEWED_EARLY_FROM_SECONDS = 7200

/** @param keysOf finds the keys of foreign issuers */
export function tokenRoutes(keysOf: IssuerKeys): Route[] {
  return [
    tokenRoute('v1', '/:tenant/oauth2/token', keysOf),
    tokenRoute('v2', '/:tenant/oauth2/v2.0/token', keysOf),
  ]
}

function tokenRoute(version: EndpointVersion, path: string, keysOf: IssuerKeys): Route {
  return route({
    method: 'POST',
    path,
    guard: { kind: 'open', because: BECAUSE },
    input: tokenInput,
    async answer(call, input, arrival) {
      const request = readTokenRequest(version, input)
      const named = request.requestId === undefined ? call : { ...call, id: request.requestId }
      try {
        return await answer(named, request, keysOf)
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason
        const { clientId } = request
        named.log.info('token refused', { call: named.id, code: reason.code, clientId })
        return refuse(reason, named, arrival)
      }
    },
  })
}

async function answer(call: Call, request: TokenRequest, keysOf: IssuerKeys): Promise<Reply> {
  // 1. The grant is one we know.
  const grant = findGrant(request)
  const { inNameOf } = grant
  // 2. The directory that the path names is this one; users find it from the shared paths, too.
  if (inNameOf === 'application') requireTenant(call, request.tenant)
  else readTenant(call, request.tenant)
  // 3. The client exists and is enabled.
  const found = await clientOfRequest(call, request)
  // 4. It proves itself.
  const client = await authenticateClient(call, request, { client: found, inNameOf, keysOf })
  // 5. The grant decides whom the token is about and what it is for.
  const granted = await grant.authorize(call, request, client)
  // 6. The token is issued.
  const issued = await issueAccessToken(call, granted)
  const { clientId, objectId } = granted.subject
  const { audience } = granted.audience
  call.log.info('token issued', { call: call.id, clientId, objectId, audience })
  // 7. The reply has the types that this version's clients expect.
  const body = {
    ...(request.version === 'v1' ? replyV1 : replyV2)(granted, issued, request),
    ...(granted.kind === 'user' && (await besideToken(call, request, granted))),
  }
  return { status: 200, headers: { ...NOT_STORED, 'client-request-id': call.id }, body }
}

function findGrant({ grantType }: TokenRequest): Grant {
  if (grantType === undefined) throw refusal(900144, { name: 'grant_type' })
  const grant = GRANTS.find(({ types }) => types.includes(grantType))
  if (!grant) throw refusal(70003, { grant: grantType })
  return grant
}

/** Version 1 writes every number as text. */
function replyV1(
  { audience }: Granted,
  issued: IssuedToken,
  { resource = audience.audience }: TokenRequest,
): object {
  return {
    token_type: 'Bearer',
    expires_in: String(issued.expiresIn),
    ext_expires_in: String(issued.expiresIn),
    expires_on: String(issued.expiresOn),
    not_before: String(issued.notBefore),
    resource,
    access_token: issued.text.reveal(),
  }
}

/** Version 2 writes numbers; there is a client that takes nothing else. */
function replyV2(_granted: Granted, issued: IssuedToken): object {
  return {
    token_type: 'Bearer',
    expires_in: issued.expiresIn,
    ext_expires_in: issued.expiresIn,
    ...(issued.expiresIn > RENEWED_EARLY_FROM_SECONDS && {
      refresh_in: Math.floor(issued.expiresIn / 2),
    }),
    access_token: issued.text.reveal(),
  }
}

/** What comes beside a user's access token. */
async function besideToken(
  call: Call,
  { version, wantsClientInfo }: TokenRequest,
  { subject, scope, refreshToken, idToken }: GrantedToUser,
): Promise<object> {
  const claims = idToken && { ...idToken, user: subject, version: ID_TOKEN_VERSION[version] }
  const info = { uid: subject.objectId, utid: call.tenantId }
  return {
    scope,
    ...(refreshToken && { refresh_token: refreshToken.reveal() }),
    ...(claims && { id_token: (await issueIdToken(call, claims)).reveal() }),
    // Unpadded: MSAL for Go reads nothing else.
    ...(wantsClientInfo && {
      client_info: Buffer.from(JSON.stringify(info)).toString('base64url'),
    }),
  }
}

const ID_TOKEN_VERSION = { v1: '1.0', v2: '2.0' } as const
