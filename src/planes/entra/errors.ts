/**
 * The token service's refusals: one row per code, with the OAuth error it goes under, the status and
 * the words. Codes and words are Microsoft's; `{…}` are places for values.
 */
import { isoSpaced } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { newId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import type { Reply } from '../../http/route.ts'

interface Row {
  readonly status: 400 | 401 | 405
  readonly error: string
  readonly text: string
}

const ROWS = {
  50027: { status: 401, error: 'invalid_client', text: 'JWT token is invalid or malformed.' },
  50049: {
    status: 400,
    error: 'invalid_instance',
    text: 'Unknown or invalid instance.',
  },
  50059: {
    status: 400,
    error: 'invalid_request',
    text:
      'No tenant-identifying information found in either the request or implied by any provided ' +
      'credentials.',
  },
  70003: {
    status: 400,
    error: 'unsupported_grant_type',
    text: "The app requested an unsupported grant type '{grant}'.",
  },
  90002: {
    status: 400,
    error: 'invalid_request',
    text:
      "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are " +
      'signing into the correct cloud. Check with your subscription administrator, this may happen ' +
      'if there are no active subscriptions for the tenant.',
  },
  90013: { status: 400, error: 'invalid_request', text: 'Invalid input received from the user.' },
  90100: { status: 400, error: 'invalid_request', text: '{name} parameter is empty or not valid.' },
  500011: {
    status: 400,
    error: 'invalid_resource',
    text:
      'The resource principal named {resource} was not found in the tenant named {tenant}. This can ' +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You might have sent your authentication request to ' +
      'the wrong tenant.',
  },
  700016: {
    status: 400,
    error: 'unauthorized_client',
    text:
      "Application with identifier '{client}' was not found in the directory '{tenant}'. This can " +
      'happen if the application has not been installed by the administrator of the tenant or ' +
      'consented to by any user in the tenant. You may have sent your authentication request to ' +
      'the wrong tenant.',
  },
  700021: {
    status: 401,
    error: 'invalid_client',
    text: "Client assertion application identifier doesn't match 'client_id' parameter.",
  },
  700023: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion audience claim does not match Realm issuer.',
  },
  700024: {
    status: 401,
    error: 'invalid_client',
    text: 'Client assertion is not within its valid time range. Current time: {now}.',
  },
  700027: {
    status: 401,
    error: 'invalid_client',
    text:
      'The certificate with identifier used to sign the client assertion is not registered on ' +
      "application. [Reason - {reason}, Thumbprint of key used by client: '{thumbprint}'].",
  },
  900023: {
    status: 400,
    error: 'invalid_request',
    text:
      "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external " +
      'domain.',
  },
  900144: {
    status: 400,
    error: 'invalid_request',
    text: "The request body must contain the following parameter: '{name}'.",
  },
  900561: {
    status: 405,
    error: 'invalid_request',
    text: 'The endpoint only accepts {accepted} requests. Received a {received} request.',
  },
  901002: {
    status: 400,
    error: 'invalid_request',
    text: "The 'resource' request parameter is not supported.",
  },
  1002012: {
    status: 400,
    error: 'invalid_scope',
    text:
      'The provided value for scope {scope} is not valid. Client credential flows must have a scope ' +
      'value with /.default suffixed to the resource identifier (application ID URI).',
  },
  7000112: {
    status: 400,
    error: 'unauthorized_client',
    text: "Application '{client}'({name}) is disabled.",
  },
  7000215: {
    status: 401,
    error: 'invalid_client',
    text:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client ' +
      "secret value, not the client secret ID, for a secret added to app '{client}'.",
  },
  7000216: {
    status: 401,
    error: 'invalid_client',
    text:
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' " +
      'grant type.',
  },
  7000222: {
    status: 401,
    error: 'invalid_client',
    text:
      "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to " +
      'create new keys for your app, or consider using certificate credentials for added security.',
  },
  9000411: {
    status: 400,
    error: 'invalid_request',
    text: "The request is not properly formatted. The parameter '{name}' is duplicated.",
  },
} satisfies Readonly<Record<number, Row>>

/** What a client sent is repeated to it, but not at any length. */
const LONGEST_ECHO_CHARS = 256

export type AadstsNumber = keyof typeof ROWS

/** A refusal with this code, its words filled in. */
export function refusal(
  number: AadstsNumber,
  values: Readonly<Record<string, string>> = {},
): Failure {
  const row: Row = ROWS[number]
  const text = row.text.replace(/\{(\w+)\}/g, (_place, name: string) =>
    (values[name] ?? '').slice(0, LONGEST_ECHO_CHARS),
  )
  const fault = row.status === 401 ? 'unauthenticated' : 'invalid'
  return new Failure(fault, `AADSTS${number}`, text)
}

/** What was asked, as far as a refusal speaks of it. */
interface Asked {
  readonly path: string
  readonly method: string
}

/** The reply that every client of the token service knows how to read. */
export function refuse(failure: Failure, call: Call, asked: Asked): Reply {
  switch (failure.fault) {
    case 'busy':
      return reply(call, 503, 'temporarily_unavailable', 90033, failure.message)
    case 'missing':
      return reply(call, 404, 'invalid_request', 90013, 'There is no such endpoint.')
    default: {
      const known = numbered(failure, asked)
      const number = Number(known.code.slice('AADSTS'.length)) as AadstsNumber
      const { error, ...row } = ROWS[number]
      const status = failure.code === 'RequestTooLarge' ? 413 : row.status
      return reply(call, status, error, number, known.message)
    }
  }
}

/** Refusals of the steps that all planes share, in this surface's numbers. */
function numbered(failure: Failure, { path, method }: Asked): Failure {
  if (failure.code.startsWith('AADSTS')) return failure
  if (failure.fault === 'unsupported') {
    const accepted = /\/token\/?$/i.test(path) ? 'POST' : 'GET'
    return refusal(900561, { accepted, received: method })
  }
  return failure.code === 'DuplicateParameter'
    ? refusal(9000411, { name: failure.target ?? '' })
    : refusal(90013)
}

function reply(call: Call, status: number, error: string, number: number, text: string): Reply {
  const trace = newId()
  const timestamp = isoSpaced(call.now)
  return {
    status,
    headers: {
      'client-request-id': call.id,
      'x-ms-request-id': trace,
      'cache-control': 'no-store, no-cache',
      ...(status === 503 && { 'retry-after': '1' }),
    },
    body: {
      error,
      // One line: there is a client that cannot read the line ends Microsoft once wrote here.
      error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${call.id} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: trace,
      correlation_id: call.id,
      error_uri: `${call.names.origin('login')}/error?code=${number}`,
    },
  }
}
