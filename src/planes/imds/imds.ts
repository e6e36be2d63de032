/**
 * The instance metadata service, as one machine sees it at 169.254.169.254.
 *
 * Which machine asks is known by the socket that took its connection; no header is believed for it.
 * This plane chooses the identity and hands out tokens it got from the token service as its client;
 * it signs no token and decides no permission. It knows core and http, and no other plane.
 */
import type { Failure } from '../../base/failure.ts'
import type { Plane, Reply } from '../../http/route.ts'
import { NEWEST_VERSIONS } from './api-versions.ts'
import { appServiceRoutes, refuseAppService } from './app-service.ts'
import { instanceRoutes } from './instance.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { TOO_MANY_REQUESTS, throttled } from './throttle.ts'
import { openTokenCache } from './token-cache.ts'
import { type PostForm, requestToken } from './token-client.ts'

/** Requests here have no body to speak of. */
const LARGEST_BODY_BYTES = 16 * 1024

/**
 * @param post reaches the token service
 * @param limits.throttled keeps Azure's limits on requests for tokens; off unless asked for
 */
export function imdsPlane(post: PostForm, limits: { readonly throttled?: boolean } = {}): Plane {
  const cache = openTokenCache((call, asked) => requestToken(call, post, asked))
  const tokens = limits.throttled ? throttled(cache) : cache
  return {
    name: 'imds',
    reads: 'form',
    bodyLimitBytes: LARGEST_BODY_BYTES,
    requestIdHeader: 'x-ms-client-request-id',
    routes: [...metadataRoutes(tokens), ...instanceRoutes(), ...appServiceRoutes(tokens)],
    audiences: () => [],
    authorize: async () => {},
    // Clients of the newer protocol look for "IMDS" in it.
    headers: () => ({ server: 'IMDS/150.870.65.512' }),
    refuse: (failure, call, arrival) =>
      arrival.path.toLowerCase().startsWith('/msi/')
        ? refuseAppService(failure, call)
        : refuse(failure),
  }
}

/** Clients wait and retry on 404, 410, 429 and 5xx, some for a minute: definite errors are 400. */
function refuse(failure: Failure): Reply {
  const { code, message } = failure
  if (code === 'bad_api_version') {
    return { status: 400, body: { error: message, 'newest-versions': NEWEST_VERSIONS } }
  }
  // What the token service says goes through as it is.
  if (code === 'token_service_refused') return { status: 400, body: JSON.parse(message) }
  switch (failure.fault) {
    case 'missing':
      return { status: 404, body: { error: 'Not found' } }
    case 'unsupported':
      return { status: 405, body: { error: 'Method not allowed' } }
    case 'busy':
      return code === TOO_MANY_REQUESTS
        ? { status: 429, headers: { 'retry-after': '1' }, body: described(code, message) }
        : { status: 500, body: described('unknown', message) }
    case 'forbidden':
      return { status: 403, body: described('access_denied', message) }
    case 'invalid':
    case 'unauthenticated':
    case 'conflict':
    case 'stale':
      return { status: 400, body: described(codeOf(failure), message) }
  }
}

/** The codes of shared steps, in this surface's words. */
function codeOf(failure: Failure): string {
  return /^[a-z_]+$/.test(failure.code) ? failure.code : 'invalid_request'
}

function described(error: string, description: string): object {
  return { error, error_description: description }
}
