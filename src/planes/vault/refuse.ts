/** How Key Vault says no, and the headers that each of its answers carries. */
import type { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { issuerV1 } from '../../core/tokens/issuers.ts'
import type { Arrival, Reply } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'
import { peekVault } from '../../providers/keyvault/vault-settings.ts'

/** What the shared steps call these, Key Vault calls a bad parameter. */
const BAD_PARAMETERS: ReadonlySet<string> = new Set([
  'BadRequest',
  'DuplicateParameter',
  'InvalidInput',
  'InvalidJson',
  'InvalidSkipToken',
  'MethodNotAllowed',
  'RequestTooLarge',
])

export function refuse(failure: Failure, call: Call, arrival: Arrival): Reply {
  // A method that an object does not have is a bad parameter here, too.
  const status = statusOf(failure, { unsupported: 400 })
  const { code, message } = worded(failure, call, arrival)
  return {
    status,
    headers: headersFor(failure, call),
    body: {
      error: { code, message, ...(failure.inner && { innererror: { code: failure.inner } }) },
    },
  }
}

/** What every answer carries, refusals too. */
export function headersOf(call: Call, arrival: Arrival): Record<string, string> {
  const asked = arrival.headers['x-ms-client-request-id']
  const vault = arrival.host?.account && peekVault(call, arrival.host.account)
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    ...(vault && { 'x-ms-keyvault-region': vault.location }),
    ...(typeof asked === 'string' && { 'x-ms-client-request-id': asked }),
    'x-ms-request-id': call.id,
    'x-ms-keyvault-service-version': '1.9.0.0',
    'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
    'strict-transport-security': 'max-age=31536000;includeSubDomains',
    'x-content-type-options': 'nosniff',
  }
}

function headersFor(failure: Failure, call: Call): Record<string, string> {
  if (failure.fault === 'unauthenticated') return { 'www-authenticate': challenge(call) }
  if (failure.fault === 'busy') return { 'retry-after': String(failure.retryAfterSeconds ?? 1) }
  return {}
}

/**
 * The clients split this at commas, blanks and equals signs, each in its own way: quoted, one comma
 * and one blank between the two, no slash at the ends.
 */
function challenge({ names, tenantId }: Call): string {
  const authority = `${names.origin('login')}/${tenantId}`
  return `Bearer authorization="${authority}", resource="${names.resource('vault')}"`
}

function worded(
  failure: Failure,
  call: Call,
  arrival: Arrival,
): { readonly code: string; readonly message: string } {
  if (failure.fault === 'unauthenticated') {
    return { code: 'Unauthorized', message: tokenRefusal(failure, call, arrival) }
  }
  if (!BAD_PARAMETERS.has(failure.code)) return failure
  return { code: 'BadParameter', message: badParameter(failure, arrival) }
}

function badParameter(failure: Failure, arrival: Arrival): string {
  switch (failure.code) {
    case 'InvalidInput':
      // Azure leaves the name of a secret's value out, blank and all.
      return `Property ${failure.target === 'value' ? '' : failure.target} has invalid value\r\n`
    case 'MethodNotAllowed': {
      const operation = arrival.path.split('/').findLast((segment) => segment !== '')
      return `Method ${arrival.method} does not allow operation '${operation}'`
    }
    default:
      return failure.message
  }
}

function tokenRefusal(failure: Failure, call: Call, arrival: Arrival): string {
  switch (failure.code) {
    case 'MissingToken':
    case 'UnsupportedScheme':
      return 'AKV10000: Request is missing a Bearer or PoP token.'
    case 'TokenAudience':
      return `AKV10022: Invalid audience. Expected https://vault.azure.net, found: ${claim(arrival, 'aud')}.`
    case 'TokenIssuer': {
      const expected = issuerV1(call.tenantId)
      return `AKV10032: Invalid issuer. Expected one of ${expected}, found ${claim(arrival, 'iss')}.`
    }
    case 'TokenKeyUnknown':
      return `AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: '${part(arrival, 0)}'.`
    case 'TokenExpired':
      return "[TokenExpired] Error validating token: 'S2S12086'."
    default:
      return `[TokenInvalid] Error validating token: '${failure.message}'`
  }
}

/** A claim of the refused token, as it claims it; nothing here trusts it. */
function claim(arrival: Arrival, name: 'aud' | 'iss'): string {
  try {
    const claims = JSON.parse(Buffer.from(part(arrival, 1), 'base64url').toString('utf8'))
    const value: unknown = claims[name]
    return typeof value === 'string' ? value : ''
  } catch {
    return ''
  }
}

/** One of the two readable parts of the refused token: its header or its claims. */
function part(arrival: Arrival, at: 0 | 1): string {
  const token = (arrival.headers.authorization ?? '').replace(/^bearer\s+/i, '')
  return token.split('.')[at] ?? ''
}
