/**
 * What each surface looks like from outside: the host it answers to, and how it says no.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Answered } from '../../src/http/test-door.ts'

export interface Surface {
  readonly host: string
  /** The header that goes with a 401; undefined where no token is asked for. */
  readonly challenge?: RegExp
  /** The routes that do without an api-version; undefined where none asks for one. */
  readonly unversioned?: readonly string[]
  /** What is wrong with the body of a refusal in this surface's dialect. */
  readonly faultOf: (answered: Answered) => string | undefined
  /** What is wrong with a refusal that people read; undefined where none do. */
  readonly pageFaultOf?: (answered: Answered) => string | undefined
}

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const TENANT_URL = `https://login\\.microsoftonline\\.com/${GUID}`

/** By the name of the plane; a plane that is not here cannot be walked. */
export const SURFACES: Readonly<Record<string, Surface>> = {
  arm: {
    host: 'management.azure.com',
    challenge: new RegExp(
      `^Bearer authorization_uri="${TENANT_URL}", error="invalid_token", error_description="[^"]+"$`,
    ),
    unversioned: ['arm GET /metadata/endpoints', 'arm GET /metadata/vmImageAliases.json'],
    faultOf: errorObject,
  },
  vault: {
    host: 'walked-vault.vault.azure.net',
    challenge: new RegExp(
      `^Bearer authorization="${TENANT_URL}", resource="https://vault\\.azure\\.net"$`,
    ),
    unversioned: [],
    faultOf: errorObject,
  },
  graph: {
    host: 'graph.microsoft.com',
    challenge:
      /^Bearer realm="", authorization_uri="https:\/\/login\.microsoftonline\.com\/common\/oauth2\/authorize", client_id="00000003-0000-0000-c000-000000000000"$/,
    faultOf: graphError,
  },
  consent: {
    host: 'main.iam.ad.ext.azure.com',
    challenge: new RegExp(`^Bearer authorization_uri="${TENANT_URL}"$`),
    faultOf: errorObject,
  },
  images: { host: 'azcliprod.blob.core.windows.net', faultOf: errorObject },
  entra: { host: 'login.microsoftonline.com', faultOf: aadstsError, pageFaultOf: aadstsPage },
  imds: {
    host: '169.254.169.254',
    unversioned: ['imds GET /metadata/versions'],
    faultOf: metadataError,
  },
  control: { host: 'localhost', faultOf: errorObject },
}

/** `{ error: { code, message, … } }`: Resource Manager's, and Key Vault's. */
function errorObject({ body }: Answered): string | undefined {
  const { error, ...others } = body ?? {}
  if (Object.keys(others).length > 0) return `members beside error: ${Object.keys(others)}`
  return isText(error?.code) && isText(error?.message) ? undefined : 'no code and message'
}

/** Graph's: the same, with the request's names inside. */
function graphError(answered: Answered): string | undefined {
  const { innerError } = answered.body?.error ?? {}
  const told = isText(innerError?.date) && isText(innerError?.['request-id'])
  return errorObject(answered) ?? (told ? undefined : 'no innerError')
}

/** The token service's: every member that its clients read. */
function aadstsError({ body }: Answered): string | undefined {
  const { error, error_description: text, error_codes: codes, timestamp, trace_id, ...rest } = body
  const told =
    isText(error) &&
    new RegExp(`^AADSTS${codes?.[0]}: .+ Timestamp: ${timestamp}$`, 's').test(text) &&
    isDeepStrictEqual(Object.keys(rest), ['correlation_id', 'error_uri']) &&
    [trace_id, rest.correlation_id].every((id) => new RegExp(`^${GUID}$`).test(id))
  return told ? undefined : 'not an AADSTS error'
}

/** Its pages: the code and the time, for whoever is asked about it, and nothing that runs. */
function aadstsPage({ body, headers }: Answered): string | undefined {
  const told =
    /<p class="problem" role="alert">AADSTS\d+: .+ Timestamp: .+<\/p>/s.test(body) &&
    !body.includes('<script') &&
    headers['content-security-policy']?.toString().startsWith("default-src 'none'; ")
  return told ? undefined : 'not an AADSTS page'
}

/** The metadata service's; App Service's, on its path; and the one of a bad api-version. */
function metadataError({ body }: Answered): string | undefined {
  if (isText(body?.error)) return undefined
  const appService = isText(body?.message) && isText(body?.correlationId)
  return appService && typeof body.statusCode === 'number' ? undefined : 'no error'
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
