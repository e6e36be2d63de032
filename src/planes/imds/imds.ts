/**
 * The instance metadata service, as one machine sees it at 169.254.169.254.
 *
 * Which machine asks is known by the socket that took its connection; no header is believed for it.
 * This plane chooses the identity and hands out tokens it got from the token service as its client;
 * it signs no token and decides no permission. It knows core and http, and no other plane.
 */
import type { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Plane, Reply } from '../../http/route.ts'
import { NEWEST_VERSIONS } from './api-versions.ts'
import { appServiceRoutes, refuseAppService } from './app-service.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { openTokenCache } from './token-cache.ts'
import { type PostForm, requestToken } from './token-client.ts'

/** Requests here have no body to speak of. */
const LARGEST_BODY_BYTES = 16 * 1024

/** @param post reaches the token service */
export function imdsPlane(post: PostForm): Plane {
  const tokens = openTokenCache((call, asked) => requestToken(call, post, asked))
  return {
    name: 'imds',
    reads: 'form',
    bodyLimitBytes: LARGEST_BODY_BYTES,
    requestIdHeader: 'x-ms-client-request-id',
    routes: [...metadataRoutes(tokens), ...appServiceRoutes(tokens)],
    audiences: () => [],
    authorize: async () => {},
    // Clients of the newer protocol look for "IMDS" in it.
    headers: () => ({ server: 'IMDS/150.870.65.512' }),
    refuse: (failure, call, arrival) =>
      arrival.path.toLowerCase().startsWith('/msi/')
        ? refuseAppService(failure, call)
        : refuse(failure, call),
  }
}

/** Clients wait and retry on 404, 410, 429 and 5xx, some for a minute: definite errors are 400. */
function refuse(failure: Failure, call: Call): Reply {
  if (failure.code === 'bad_api_version') {
    return { status: 400, body: { error: failure.message, 'newest-versions': NEWEST_VERSIONS } }
  }
  if (failure.code === 'token_service_refused') {
    return { status: failure.fault === 'busy' ? 500 : 400, body: JSON.parse(failure.message) }
  }
  switch (failure.fault) {
    case 'missing':
      return { status: 404, body: { error: 'Not found' } }
    case 'unsupported':
      return { status: 405, body: { error: 'Method not allowed' } }
    case 'busy':
      return {
        status: 429,
        headers: { 'retry-after': String(failure.retryAfterSeconds ?? 1) },
        body: described('too_many_requests', failure.message),
      }
    case 'forbidden':
      return { status: 403, body: described('access_denied', failure.message) }
    case 'invalid':
    case 'unauthenticated':
    case 'conflict':
    case 'stale':
      return {
        status: 400,
        body: { ...described(codeOf(failure), failure.message), correlation_id: call.id },
      }
  }
}

/** The codes of shared steps, in this surface's words. */
function codeOf(failure: Failure): string {
  return /^[a-z_]+$/.test(failure.code) ? failure.code : 'invalid_request'
}

function described(error: string, description: string): object {
  return { error, error_description: description }
}
