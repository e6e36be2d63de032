/** How Microsoft Graph says no, and the headers that each of its answers carries. */
import { isoSeconds } from '../../base/clock.ts'
import type { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { MICROSOFT_GRAPH_CLIENT_ID } from '../../core/directory/microsoft-graph.ts'
import type { Arrival, Reply } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'

interface Wording {
  readonly code: string
  readonly status?: number
  /** The message, where it is not the failure's own. */
  readonly message?: string
}

const TOKEN = 'InvalidAuthenticationToken'

/** What the shared steps and the directory call these, in Graph's words. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  MissingToken: { code: TOKEN, message: 'Access token is empty.' },
  UnsupportedScheme: { code: TOKEN, message: 'Access token is empty.' },
  TokenMalformed: { code: TOKEN, message: 'IDX14100: JWT is not well formed.' },
  TokenAudience: { code: TOKEN, message: 'Access token validation failure. Invalid audience.' },
  TokenExpired: { code: TOKEN, message: 'Lifetime validation failed, the token is expired.' },
  PrincipalGone: {
    code: 'Authorization_IdentityNotFound',
    message: 'The identity of the calling application could not be established.',
  },
  InvalidJson: {
    code: 'BadRequest',
    message:
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
  },
  DuplicateParameter: { code: 'BadRequest' },
  InvalidSkipToken: { code: 'Directory_ExpiredPageToken' },
  RequestTooLarge: { code: 'Request_BadRequest' },
  MethodNotAllowed: {
    code: 'Request_BadRequest',
    message: 'Specified HTTP method is not allowed for the request target.',
  },
  NotFound: { code: 'BadRequest', status: 400 },
  UserExists: { code: 'Request_BadRequest', status: 400 },
  PrincipalNameTaken: { code: 'Request_MultipleObjectsWithSameKeyValue' },
  ApplicationDeleted: { code: 'Request_BadRequest' },
  LastAdministrator: { code: 'Request_BadRequest' },
  InvalidUserPrincipalName: { code: 'Request_BadRequest' },
  InvalidDisplayName: { code: 'Request_BadRequest' },
  PasswordTooWeak: { code: 'Request_BadRequest' },
  InvalidCertificate: {
    code: 'KeyCredentialsInvalidValue',
    message:
      'Key credential is invalid. The value of the key is not a certificate with an RSA key.',
  },
  KeyIdTaken: { code: 'Request_BadRequest' },
  AppRoleAssignmentExists: { code: 'Request_BadRequest' },
  FederatedNameTaken: { code: 'Request_MultipleObjectsWithSameKeyValue' },
  FederatedSubjectTaken: { code: 'Request_MultipleObjectsWithSameKeyValue' },
  FederatedLimit: { code: 'Directory_QuotaExceeded', status: 403 },
}

export function refuse(failure: Failure, call: Call, arrival: Arrival): Reply {
  const wording = WORDINGS[failure.code]
  const code = wording?.code ?? (failure.fault === 'unauthenticated' ? TOKEN : failure.code)
  return {
    status: wording?.status ?? statusOf(failure),
    headers: headersFor(failure, call),
    body: {
      error: {
        code: code === 'InvalidInput' ? 'Request_BadRequest' : code,
        message: wording?.message ?? messageOf(failure),
        innerError: {
          date: isoSeconds(call.now).slice(0, -1),
          'request-id': call.id,
          'client-request-id': clientRequestId(call, arrival),
        },
      },
    },
  }
}

/** What every answer carries, refusals too. */
export function headersOf(call: Call, arrival: Arrival): Record<string, string> {
  return {
    'cache-control': 'no-cache',
    'request-id': call.id,
    'client-request-id': clientRequestId(call, arrival),
    'odata-version': '4.0',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
  }
}

/** The client's own name for the request, where it is a plain one. */
function clientRequestId(call: Call, { headers }: Arrival): string {
  const asked = headers['client-request-id']
  return typeof asked === 'string' && /^[\w.-]{1,100}$/.test(asked) ? asked : call.id
}

function headersFor(failure: Failure, call: Call): Record<string, string> {
  if (failure.fault === 'unauthenticated') return { 'www-authenticate': challenge(call) }
  if (failure.fault === 'busy') return { 'retry-after': String(failure.retryAfterSeconds ?? 1) }
  return {}
}

function challenge({ names }: Call): string {
  const uri = `${names.origin('login')}/common/oauth2/authorize`
  return `Bearer realm="", authorization_uri="${uri}", client_id="${MICROSOFT_GRAPH_CLIENT_ID}"`
}

/** A member that is unknown or wrong is named, never shown. */
function messageOf(failure: Failure): string {
  if (failure.code !== 'InvalidInput') return failure.message
  if (!failure.target) return 'The request body is not an object of the expected type.'
  const name = failure.target.slice(0, 100)
  return /unrecognized key/i.test(failure.message)
    ? `Invalid property '${name}'.`
    : `Invalid value specified for property '${name}'.`
}
