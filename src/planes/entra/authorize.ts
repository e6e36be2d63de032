/**
 * The sign-in page. A client sends its user's browser here; the user signs in by a form, and the
 * browser goes back to the client with a code. A client whose address is not registered is refused
 * on the page: nothing is ever sent to an address that somebody merely asks for.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import type { User } from '../../core/directory/users.ts'
import { issueAuthorizationCode } from '../../core/signin/authorization-codes.ts'
import { prolongBrowserSession } from '../../core/signin/browser-sessions.ts'
import { transaction } from '../../core/transaction.ts'
import { type Reply, type Route, route } from '../../http/route.ts'
import {
  ASKED,
  type Asked,
  readWantedCode,
  readWayBack,
  type WantedCode,
  type WayBack,
} from './authorize-request.ts'
import {
  isLetIn,
  readPrompts,
  type SignedInBrowser,
  signedInBrowser,
  signInToBrowser,
} from './browser-session.ts'
import { refusal } from './errors.ts'
import { requireUserAssigned } from './granted-to-user.ts'
import { type Html, hiddenFields, html, pageReply, problem } from './page.ts'
import { refusePage } from './refuse-page.ts'
import { browserToken, checkSameBrowser } from './same-browser.ts'
import { readTenant } from './tenant.ts'
import type { EndpointVersion } from './token-request.ts'
import { signInWithPassword } from './users.ts'
import { answerClient, refuseClient } from './way-back.ts'

const BECAUSE = 'people come to sign in; the form asks for their password'

const field = z.string().max(1024).optional()
/** What a person types. */
export const PERSON = { username: field, password: field, new_password: field }

const params = z.object({ tenant: z.string() })
const headers = z.object({ cookie: field, 'sec-fetch-site': field })
const fromClient = z.object({ params, headers, query: z.object(ASKED) })
const fromForm = z.object({
  params,
  headers,
  body: z.object({ ...ASKED, ...PERSON, csrf: field, cancel: field }),
})
type Form = z.infer<typeof fromForm>['body']
type Headers = z.infer<typeof headers>

export function authorizeRoutes(): Route[] {
  return [
    ...routesOf('v1', '/:tenant/oauth2/authorize'),
    ...routesOf('v2', '/:tenant/oauth2/v2.0/authorize'),
  ]
}

function routesOf(version: EndpointVersion, path: string): Route[] {
  const guard = { kind: 'open', because: BECAUSE } as const
  return [
    route({
      method: 'GET',
      path,
      guard,
      input: fromClient,
      answer: (call, input) =>
        refusePage(call, () => {
          readTenant(call, input.params.tenant)
          return show(call, version, { request: input.query, headers: input.headers })
        }),
    }),
    route({
      method: 'POST',
      path,
      guard,
      input: fromForm,
      answer: (call, { params, headers, body }) =>
        refusePage(call, () => {
          readTenant(call, params.tenant)
          return signIn(call, version, { form: body, headers })
        }),
    }),
  ]
}

/** The client's request, where it is a good one: the form. */
async function show(
  call: Call,
  version: EndpointVersion,
  { request, headers }: { readonly request: Asked; readonly headers: Headers },
): Promise<Reply> {
  const back = await readWayBack(call, request)
  return toClientWhenRefused(call, back, async () => {
    const wanted = await readWantedCode(call, version, { request, redirect: back.redirect })
    const browser = await signedInBrowser(call, request, headers.cookie)
    const mayGo = browser !== undefined && back.redirect.platform !== 'publicClient'
    const isKnown = mayGo && (await isLetIn(call, browser, back.client))
    if (isKnown) return giveCodeSilently(call, back, wanted, browser)
    if (readPrompts(request).includes('none')) throw silentRefusal(back, mayGo)
    return form({ request, headers, back, username: request.login_hint, failure: undefined })
  })
}

function silentRefusal({ client }: WayBack, isSignedIn: boolean): Failure {
  if (!isSignedIn) return refusal(50058)
  return refusal(65001, { client: client.clientId, name: client.displayName })
}

/** The person's answer. */
async function signIn(
  call: Call,
  version: EndpointVersion,
  { form: answered, headers }: { readonly form: Form; readonly headers: Headers },
): Promise<Reply> {
  const { csrf, username = '', password, new_password, cancel, ...request } = answered
  const back = await readWayBack(call, request)
  checkSameBrowser(headers, csrf)
  return toClientWhenRefused(call, back, async () => {
    const wanted = await readWantedCode(call, version, { request, redirect: back.redirect })
    if (cancel !== undefined) throw refusal(65004)
    try {
      const user = await signInWithPassword(call, typed({ username, password, new_password }))
      return await giveCode(call, back, wanted, { user, cookies: headers.cookie })
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason
      return form({ request, headers, back, username, failure: reason })
    }
  })
}

/** The person has just signed in, and stays so in this browser. */
async function giveCode(
  call: Call,
  back: WayBack,
  wanted: WantedCode,
  { user, cookies }: { readonly user: User; readonly cookies: string | undefined },
): Promise<Reply> {
  await requireUserAssigned(call, { user, client: back.client, target: wanted.target })
  const { code, cookie } = await transaction(call, async (tx) => ({
    code: await issueAuthorizationCode(tx, codeFor(back, wanted, user)),
    cookie: await signInToBrowser(tx, { user, client: back.client, cookies }),
  }))
  const { clientId } = back.client
  call.log.info('user signed in', { call: call.id, user: user.objectId, clientId })
  const reply = answerClient(back, { code: code.reveal() })
  return { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } }
}

/** The person signed in before, in this browser. */
async function giveCodeSilently(
  call: Call,
  back: WayBack,
  wanted: WantedCode,
  { user, session, cookie }: SignedInBrowser,
): Promise<Reply> {
  await requireUserAssigned(call, { user, client: back.client, target: wanted.target })
  const { authenticatedAt } = session
  const code = await transaction(call, async (tx) => {
    await prolongBrowserSession(tx, cookie)
    return issueAuthorizationCode(tx, { ...codeFor(back, wanted, user), authenticatedAt })
  })
  const { clientId } = back.client
  call.log.info('user was signed in', { call: call.id, user: user.objectId, clientId })
  return answerClient(back, { code: code.reveal() })
}

function codeFor({ client, redirectUri }: WayBack, wanted: WantedCode, user: User) {
  const { scope, nonce, challenge } = wanted
  const { clientId } = client
  return { scope, nonce, challenge, userId: user.objectId, clientId, redirectUri }
}

function form(shown: {
  readonly request: Asked
  readonly headers: Headers
  readonly back: WayBack
  readonly username: string | undefined
  readonly failure: Failure | undefined
}): Reply {
  const { request, back, username, failure } = shown
  const { token, cookie } = browserToken(shown.headers.cookie)
  return pageReply({
    title: 'Sign in',
    cookie,
    leadsTo: back.redirectUri,
    body: html`<p>to continue to <strong>${back.client.displayName}</strong></p>
${problem(failure && worded(failure))}
<form method="post">
${hiddenFields({ ...request, csrf: token })}
${personFields(username, failure)}
<button>Sign in</button>
<button class="second" name="cancel" value="1" formnovalidate>Cancel</button>
</form>`,
  })
}

/** The fields that every form asks a person for. */
export function personFields(username: string | undefined, failure: Failure | undefined): Html {
  const isToChange = failure !== undefined && TO_CHANGE.has(failure.code)
  return html`<label for="username">User name</label>
<input id="username" name="username" type="email" value="${username ?? ''}" autocomplete="username" autocapitalize="none" spellcheck="false" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>${isToChange ? NEW_PASSWORD : html``}`
}

/** Somebody else has set the password, or the new one will not do. */
const TO_CHANGE: ReadonlySet<string> = new Set(['AADSTS50055', 'PasswordTooWeak'])
const NEW_PASSWORD = html`
<label for="new_password">New password</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required>`

/** Reads what a person typed. */
export function typed({
  username = '',
  password = '',
  new_password: chosen,
}: {
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly new_password?: string | undefined
}) {
  const newPassword = chosen ? new Secret(chosen) : undefined
  return { username, password: new Secret(password), newPassword }
}

/** A refusal as a person reads it, with the code for whoever is asked about it. */
export function worded({ code, message }: Failure): string {
  return `${message} (${code})`
}

async function toClientWhenRefused(
  call: Call,
  back: WayBack,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work()
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason
    return refuseClient(call, back, reason)
  }
}
