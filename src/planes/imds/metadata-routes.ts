/**
 * `/metadata/identity/…`: tokens and whose they are; and the list of versions.
 */
import { z } from 'zod'
import { epochSeconds } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import { identitiesOf } from '../../core/identity/attached.ts'
import { type RawInput, type Reply, type Route, route } from '../../http/route.ts'
import { API_VERSIONS, requireApiVersion } from './api-versions.ts'
import { chooseIdentity } from './choose-identity.ts'
import { machineKey } from './machine-key.ts'
import { requireMetadataHeader } from './metadata-header.ts'
import { requireResource } from './resource.ts'
import type { TokenCache } from './token-cache.ts'

const input = z.custom<RawInput>()

export function metadataRoutes(tokens: TokenCache): Route[] {
  return [
    route({
      method: 'GET',
      path: '/metadata/identity/oauth2/token',
      guard: { kind: 'machine' },
      input,
      async answer(call, { headers, query }) {
        requireMetadataHeader(headers)
        requireApiVersion(query)
        return token(call, tokens, query)
      },
    }),
    route({
      method: 'GET',
      path: '/metadata/versions',
      guard: { kind: 'machine' },
      input,
      async answer(_call, { headers }) {
        requireMetadataHeader(headers)
        return { status: 200, body: { apiVersions: API_VERSIONS } }
      },
    }),
    route({
      method: 'GET',
      path: '/metadata/identity/info',
      guard: { kind: 'machine' },
      input,
      async answer(call, { headers, query }) {
        requireMetadataHeader(headers)
        requireApiVersion(query)
        return { status: 200, body: { tenantId: call.tenantId } }
      },
    }),
  ]
}

async function token(
  call: Call,
  tokens: TokenCache,
  query: Readonly<Record<string, string>>,
): Promise<Reply> {
  const resource = requireResource(query)
  const host = machineKey(call)
  const identity = chooseIdentity(await identitiesOf(call, host), query)
  const kept = await tokens.get(call, { identity, host, resource })
  const { token: issued, accessToken, expiresOn } = kept
  const expiresIn = String(expiresOn - epochSeconds(call.now))
  return {
    status: 200,
    // Every value a string, in this order: expires_in before expires_on, since one client reads
    // both into one place and the later wins.
    body: {
      access_token: accessToken,
      client_id: identity.clientId,
      expires_in: expiresIn,
      expires_on: issued.expires_on,
      ext_expires_in: expiresIn,
      not_before: issued.not_before,
      resource,
      token_type: 'Bearer',
    },
  }
}
