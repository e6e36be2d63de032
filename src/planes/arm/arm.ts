/**
 * Azure Resource Manager: the door to everything that is managed.
 *
 * The engine here owns what no type may forget: ids of any depth, api-versions, authentication,
 * permission, locks, tags, etags, the identity envelope, long-running operations, paging. It knows
 * types only by the shapes of providers/provider.ts; it knows no other plane.
 */
import { z } from 'zod'
import type { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Plane, RawInput, Reply } from '../../http/route.ts'
import { route } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'
import type { Provider } from '../../providers/provider.ts'
import { answerResource } from './engine.ts'
import { readBytes } from './read-bytes.ts'
import { openRegistry } from './registry.ts'
import { batchRoutes } from './routes/batch.ts'
import { cloudMetadataRoutes } from './routes/cloud-metadata.ts'
import { exportRoutes } from './routes/export-template.ts'
import { moveRoutes } from './routes/move-resources.ts'
import { operationRoutes } from './routes/operations.ts'
import { providerRoutes } from './routes/provider-documents.ts'
import { resourceListRoutes } from './routes/resource-lists.ts'
import { subscriptionRoutes } from './routes/subscriptions.ts'
import { tagNameRoutes } from './routes/tag-names.ts'

/** Resource Manager takes requests of up to 4 MB. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'] as const

export function armPlane(providers: readonly Provider[]): Plane {
  const registry = openRegistry(providers)
  return {
    name: 'arm',
    reads: 'json',
    readBody: (bytes, arrival) => readBytes(registry, bytes, arrival),
    bodyLimitBytes: LARGEST_BODY_BYTES,
    requestIdHeader: 'x-ms-correlation-request-id',
    routes: [
      ...cloudMetadataRoutes(),
      ...subscriptionRoutes(),
      ...tagNameRoutes(),
      ...providerRoutes(registry),
      ...resourceListRoutes(registry),
      ...moveRoutes(registry),
      ...exportRoutes(registry),
      ...operationRoutes(registry),
      ...batchRoutes(),
      ...METHODS.map((method) =>
        route<RawInput>({
          method,
          path: '/*',
          guard: { kind: 'principal' },
          input: z.custom<RawInput>(),
          answer: (call, input, arrival) => answerResource(registry, call, input, arrival),
        }),
      ),
    ],
    audiences: ({ names }) => [
      'https://management.azure.com',
      'https://management.core.windows.net',
      names.origin('management'),
    ],
    // Every route authorizes in its own steps: what an action is depends on the type.
    authorize: async () => {},
    headers: headersOf,
    refuse,
  }
}

function headersOf(call: Call): Record<string, string> {
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-ms-request-id': call.id,
    'x-ms-correlation-request-id': call.id,
    'x-ms-routing-request-id': `LOCUM:${call.id}`,
  }
}

/** How what every plane shares is called here. */
const CODES: Readonly<Record<string, string>> = {
  MissingToken: 'AuthenticationFailed',
  UnsupportedScheme: 'AuthenticationFailedInvalidHeader',
  TokenExpired: 'ExpiredAuthenticationToken',
  TokenAudience: 'InvalidAuthenticationTokenAudience',
  TokenIssuer: 'InvalidAuthenticationTokenTenant',
  InvalidJson: 'InvalidRequestContent',
  InvalidInput: 'InvalidRequestContent',
  DuplicateParameter: 'InvalidRequestUri',
  RequestTooLarge: 'RequestContentTooLarge',
  MethodNotAllowed: 'HttpMethodNotSupported',
}

function refuse(failure: Failure, call: Call): Reply {
  const status = statusOf(failure)
  const headers: Record<string, string> = { 'x-ms-failure-cause': 'gateway' }
  if (failure.fault === 'unauthenticated') headers['www-authenticate'] = challenge(failure, call)
  if (failure.fault === 'busy') headers['retry-after'] = String(failure.retryAfterSeconds ?? 1)
  return { status, headers, body: { error: errorOf(failure) } }
}

function errorOf(failure: Failure): Record<string, unknown> {
  const message =
    failure.code === 'MissingToken'
      ? "Authentication failed. The 'Authorization' header is missing."
      : failure.message
  return {
    code: codeOf(failure),
    message,
    ...(failure.target && { target: failure.target }),
    ...(failure.details.length > 0 && { details: failure.details.map(errorOf) }),
  }
}

function codeOf(failure: Failure): string {
  // A conflict is a provider's own to name.
  const known = failure.fault === 'conflict' ? undefined : CODES[failure.code]
  if (known) return known
  return failure.fault === 'unauthenticated' ? 'InvalidAuthenticationToken' : failure.code
}

/** JavaScript clients want the scheme exactly `Bearer` and every parameter quoted. */
function challenge(failure: Failure, call: Call): string {
  const uri = `${call.names.origin('login')}/${call.tenantId}`
  const said = failure.message.replaceAll(/["\\\r\n]/g, ' ')
  return `Bearer authorization_uri="${uri}", error="invalid_token", error_description="${said}"`
}
