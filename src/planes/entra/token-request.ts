/** A token request, read once: nothing behind this looks at the form again. */
import { z } from 'zod'
import { asId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'

/** The two endpoints differ in how they name what a token is for, and in the types of the reply. */
export type EndpointVersion = 'v1' | 'v2'

export interface TokenRequest {
  readonly version: EndpointVersion
  /** The path's first segment, not yet looked at. */
  readonly tenant: string
  readonly grantType: string | undefined
  readonly clientId: string | undefined
  readonly clientSecret: Secret<string> | undefined
  readonly assertion: Secret<string> | undefined
  readonly assertionType: string | undefined
  readonly code: Secret<string> | undefined
  readonly codeVerifier: Secret<string> | undefined
  readonly redirectUri: string | undefined
  readonly deviceCode: Secret<string> | undefined
  readonly refreshToken: Secret<string> | undefined
  readonly username: string | undefined
  readonly password: Secret<string> | undefined
  /** Of on-behalf-of: the token with which the client itself was called. */
  readonly userAssertion: Secret<string> | undefined
  readonly requestedTokenUse: string | undefined
  /** Whether the client wants to be told whom it got, as MSAL does. */
  readonly wantsClientInfo: boolean
  /** Of version 1. */
  readonly resource: string | undefined
  /** Of version 2. */
  readonly scope: string | undefined
  /** How the client names this request, when it does so in the body as MSAL for JavaScript does. */
  readonly requestId: string | undefined
}

const field = z.string().optional()

/** Fields that are not listed are ignored: libraries send a dozen about themselves. */
export const tokenInput = z.object({
  params: z.object({ tenant: z.string() }),
  // MSAL for JavaScript says some things about itself here.
  query: z.object({ client_info: field }).optional(),
  headers: z.object({ authorization: z.string().optional() }),
  body: z
    .object({
      grant_type: field,
      client_id: field,
      client_secret: field,
      client_assertion: field,
      client_assertion_type: field,
      resource: field,
      scope: field,
      code: field,
      code_verifier: field,
      redirect_uri: field,
      device_code: field,
      refresh_token: field,
      username: field,
      password: field,
      assertion: field,
      requested_token_use: field,
      client_info: field,
      'client-request-id': field,
    })
    .optional(),
})

/** Reads the request; a field that is sent empty counts as not sent. */
export function readTokenRequest(
  version: EndpointVersion,
  { params, query, headers, body = {} }: z.infer<typeof tokenInput>,
): TokenRequest {
  const basic = readBasic(headers.authorization)
  return {
    version,
    tenant: params.tenant,
    grantType: body.grant_type || undefined,
    clientId: body.client_id || basic?.clientId,
    clientSecret: hidden(body.client_secret) ?? hidden(basic?.clientSecret),
    assertion: hidden(body.client_assertion),
    assertionType: body.client_assertion_type || undefined,
    code: hidden(body.code),
    codeVerifier: hidden(body.code_verifier),
    redirectUri: body.redirect_uri || undefined,
    deviceCode: hidden(body.device_code),
    refreshToken: hidden(body.refresh_token),
    username: body.username || undefined,
    password: hidden(body.password),
    userAssertion: hidden(body.assertion),
    requestedTokenUse: body.requested_token_use || undefined,
    wantsClientInfo: body.client_info === '1' || query?.client_info === '1',
    resource: body.resource || undefined,
    scope: body.scope || undefined,
    requestId: asId(body['client-request-id'] ?? ''),
  }
}

function hidden(text: string | undefined): Secret<string> | undefined {
  return text === undefined || text === '' ? undefined : new Secret(text)
}

/** `Basic base64(id:secret)`, both encoded as a form would (RFC 6749, 2.3.1). */
function readBasic(
  header: string | undefined,
): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^basic ([a-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon < 0) return undefined
  return {
    clientId: formDecoded(pair.slice(0, colon)),
    clientSecret: formDecoded(pair.slice(colon + 1)),
  }
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not encoded after all: many clients do not.
    return text
  }
}
