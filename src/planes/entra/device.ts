/**
 * Signing in for a device: the endpoint that gives it its two codes, and the page on which its
 * user types the short one. The page says which client waits before it asks for a password, so
 * that nobody signs somebody else's device in unawares.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ClientId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import {
  approveDevice,
  clientBehindUserCode,
  DEVICE_CODE_LIFE_MS,
  declineDevice,
  issueDeviceCode,
} from '../../core/signin/device-codes.ts'
import { transaction } from '../../core/transaction.ts'
import { type Reply, type Route, route } from '../../http/route.ts'
import { PERSON, personFields, typed, worded } from './authorize.ts'
import { findClient } from './client.ts'
import { refusal } from './errors.ts'
import { hiddenFields, html, pageReply, problem } from './page.ts'
import { refusePage } from './refuse-page.ts'
import { registrationOf } from './registration.ts'
import { browserToken, checkSameBrowser } from './same-browser.ts'
import { readScopes, scopeOfResource } from './scopes.ts'
import { readTenant } from './tenant.ts'
import type { EndpointVersion } from './token-request.ts'
import { signInWithPassword } from './users.ts'

const INTERVAL_SECONDS = 5
const PAGE = '/common/oauth2/deviceauth'
const FOR_DEVICES = 'devices ask for codes that open nothing until a person signs in'
const FOR_PEOPLE = 'people come to sign a device in; the form asks for their password'

const field = z.string().max(4096).optional()
const params = z.object({ tenant: z.string() })
const fromDevice = z.object({
  params,
  body: z.object({ client_id: field, scope: field, resource: field }).optional(),
})
const headers = z.object({ cookie: field, 'sec-fetch-site': field })
const toPage = z.object({ params, headers, query: z.object({ otc: field }) })
const fromPage = z.object({
  params,
  headers,
  body: z.object({ ...PERSON, csrf: field, otc: field, cancel: field }),
})
type Form = z.infer<typeof fromPage>['body']
type Headers = z.infer<typeof headers>

export function deviceRoutes(): Route[] {
  return [
    codeRoute('v1', '/:tenant/oauth2/devicecode'),
    codeRoute('v2', '/:tenant/oauth2/v2.0/devicecode'),
    route({
      method: 'GET',
      path: '/:tenant/oauth2/deviceauth',
      guard: { kind: 'open', because: FOR_PEOPLE },
      input: toPage,
      answer: (call, { params, headers, query }) =>
        refusePage(call, async () => {
          readTenant(call, params.tenant)
          return codeForm({ headers, userCode: query.otc, failure: undefined })
        }),
    }),
    route({
      method: 'POST',
      path: '/:tenant/oauth2/deviceauth',
      guard: { kind: 'open', because: FOR_PEOPLE },
      input: fromPage,
      answer: (call, { params, headers, body }) =>
        refusePage(call, () => {
          readTenant(call, params.tenant)
          return decide(call, body, headers)
        }),
    }),
  ]
}

function codeRoute(version: EndpointVersion, path: string): Route {
  return route({
    method: 'POST',
    path,
    guard: { kind: 'open', because: FOR_DEVICES },
    input: fromDevice,
    async answer(call, { params, body = {} }) {
      readTenant(call, params.tenant)
      const { clientId } = await findClient(call, body.client_id || undefined)
      const registration = await registrationOf(call, clientId)
      if (registration === undefined) throw refusal(7000218)
      const scope =
        version === 'v1' && body.resource ? scopeOfResource(body.resource) : body.scope || undefined
      await readScopes(call, scope)
      const codes = await transaction(call, (tx) =>
        issueDeviceCode(tx, { clientId, scope: scope ?? '' }),
      )
      return codesReply(call, version, codes)
    },
  })
}

function codesReply(
  call: Call,
  version: EndpointVersion,
  codes: Awaited<ReturnType<typeof issueDeviceCode>>,
): Reply {
  const url = `${call.names.origin('login')}${PAGE}`
  const userCode = codes.userCode.reveal()
  const seconds = DEVICE_CODE_LIFE_MS / 1000
  const message = `To sign in, use a web browser to open the page ${url} and enter the code ${userCode} to authenticate.`
  const both = { user_code: userCode, device_code: codes.deviceCode.reveal(), message }
  // Version 1 writes every number as text.
  const body =
    version === 'v1'
      ? {
          ...both,
          verification_url: url,
          expires_in: String(seconds),
          interval: String(INTERVAL_SECONDS),
        }
      : { ...both, verification_uri: url, expires_in: seconds, interval: INTERVAL_SECONDS }
  return { status: 200, headers: { 'cache-control': 'no-store, no-cache' }, body }
}

/** One form after the other: the code, then the person, then the decision. */
async function decide(call: Call, form: Form, headers: Headers): Promise<Reply> {
  const { csrf, otc: userCode = '', username, cancel } = form
  checkSameBrowser(headers, csrf)
  const clientId = await clientBehindUserCode(call, userCode)
  if (clientId === undefined) return codeForm({ headers, userCode, failure: refusal(70018) })
  if (cancel !== undefined) {
    await transaction(call, (tx) => declineDevice(tx, userCode))
    return done('The device was not signed in', 'You can close this window.')
  }
  const shown = { call, headers, userCode, clientId }
  if (username === undefined) return personForm({ ...shown, username, failure: undefined })
  try {
    const user = await signInWithPassword(call, typed(form))
    const approved = await transaction(call, (tx) =>
      approveDevice(tx, { userCode, userId: user.objectId }),
    )
    if (!approved) return codeForm({ headers, userCode, failure: refusal(70018) })
    call.log.info('device signed in', { call: call.id, user: user.objectId, clientId })
    return done('The device is signed in', 'You can close this window and go back to it.')
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason
    return personForm({ ...shown, username, failure: reason })
  }
}

function codeForm(shown: {
  readonly headers: Headers
  readonly userCode: string | undefined
  readonly failure: Failure | undefined
}): Reply {
  const { token, cookie } = browserToken(shown.headers.cookie)
  return pageReply({
    title: 'Enter code',
    cookie,
    body: html`<p>The device or program that you want to sign in shows a code.</p>
${problem(shown.failure && worded(shown.failure))}
<form method="post">
${hiddenFields({ csrf: token })}
<label for="otc">Code</label>
<input id="otc" name="otc" value="${shown.userCode ?? ''}" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" required>
<button>Next</button>
</form>`,
  })
}

async function personForm(shown: {
  readonly call: Call
  readonly headers: Headers
  readonly userCode: string
  readonly clientId: ClientId
  readonly username: string | undefined
  readonly failure: Failure | undefined
}): Promise<Reply> {
  const { token, cookie } = browserToken(shown.headers.cookie)
  const { displayName } = await findClient(shown.call, shown.clientId)
  return pageReply({
    title: 'Sign in',
    cookie,
    body: html`<p>You are about to sign in to <strong>${displayName}</strong> on another device or in
another program. Go on only if it is you who started it.</p>
${problem(shown.failure && worded(shown.failure))}
<form method="post">
${hiddenFields({ csrf: token, otc: shown.userCode })}
${personFields(shown.username, shown.failure)}
<button>Sign in</button>
<button class="second" name="cancel" value="1" formnovalidate>Cancel</button>
</form>`,
  })
}

function done(title: string, text: string): Reply {
  return pageReply({ title, body: html`<p>${text}</p>` })
}
