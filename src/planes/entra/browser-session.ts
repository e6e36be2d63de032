/**
 * Single sign-on: a browser in which a user has signed in gets codes without the user being asked
 * again, where the client's request allows that. Only for clients on the web: a program on a device
 * could be any program, and its user is always asked. And only for clients that the user has signed
 * in to in this browser, or has consent for: anybody may register one and lead people to it.
 */
import { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import { listPermissionGrants } from '../../core/directory/permission-grants.ts'
import { findUser, type User } from '../../core/directory/users.ts'
import {
  type BrowserSession,
  beginBrowserSession,
  endBrowserSession,
  findBrowserSession,
} from '../../core/signin/browser-sessions.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Asked } from './authorize-request.ts'
import type { Client } from './client.ts'
import { refusal } from './errors.ts'

/** `__Host-`: of this host alone, over TLS alone. Other sites can lead here, and send nothing. */
const NAME = '__Host-locum-session'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const VALUE = /^1\.[\w-]{64}$/
const LONGEST_MAX_AGE_SECONDS = 2 ** 31

/** The Set-Cookie header that ends it in the browser. */
export const NO_SESSION = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`

export interface SignedInBrowser {
  readonly cookie: Secret<string>
  readonly session: BrowserSession
  readonly user: User
}

/** The user who is signed in to this browser, if the request takes that for an answer. */
export async function signedInBrowser(
  call: Call,
  request: Asked,
  cookies: string | undefined,
): Promise<SignedInBrowser | undefined> {
  const prompts = readPrompts(request)
  const maxAgeSeconds = readMaxAge(request)
  if (prompts.some((one) => ASKING.has(one))) return undefined
  const cookie = sessionCookie(cookies)
  const session = cookie && (await findBrowserSession(call, cookie))
  if (cookie === undefined || session === undefined) return undefined
  const user = await findUser(call, session.userId)
  if (!user?.accountEnabled || session.authenticatedAt < user.sessionsValidFrom) return undefined
  if (call.now - session.authenticatedAt > maxAgeSeconds * 1000) return undefined
  const { login_hint: hint } = request
  if (hint && hint.toLowerCase() !== user.userPrincipalName.toLowerCase()) return undefined
  return { cookie, session, user }
}

/** Whether the user has let the client act: by signing in to it in this browser, or by consent. */
export async function isLetIn(
  call: Call,
  { session, user }: SignedInBrowser,
  { clientId, principal }: Client,
): Promise<boolean> {
  if (session.clients.includes(clientId)) return true
  return (await listPermissionGrants(call)).some(
    (grant) =>
      grant.clientId === principal?.objectId &&
      (grant.consentType === 'AllPrincipals' || grant.principalId === user.objectId),
  )
}

/** The Set-Cookie header for a user who has just signed in; whoever was in the browser is out. */
export async function signInToBrowser(
  tx: Transaction,
  {
    user,
    client,
    cookies,
  }: { readonly user: User; readonly client: Client; readonly cookies: string | undefined },
): Promise<string> {
  const { objectId: userId } = user
  const had = sessionCookie(cookies)
  const before = had && (await findBrowserSession(tx, had))
  const known = before?.userId === userId ? before.clients : []
  await signOutOfBrowser(tx, cookies)
  const clients = [...known, client.clientId]
  const cookie = await beginBrowserSession(tx, { userId, clients })
  return `${NAME}=${cookie.reveal()}; ${ATTRIBUTES}`
}

export async function signOutOfBrowser(
  tx: Transaction,
  cookies: string | undefined,
): Promise<void> {
  const cookie = sessionCookie(cookies)
  if (cookie) await endBrowserSession(tx, cookie)
}

/** @throws Failure invalid `AADSTS90100` */
export function readPrompts({ prompt }: Asked): readonly string[] {
  const prompts = (prompt ?? '').split(/\s+/).filter((one) => one !== '')
  const isOdd = prompts.some((one) => !PROMPTS.has(one))
  if (isOdd || (prompts.includes('none') && prompts.length > 1)) {
    throw refusal(90100, { name: 'prompt' })
  }
  return prompts
}

/** Prompts for which the person is asked, whoever is signed in. */
const ASKING: ReadonlySet<string> = new Set(['login', 'consent', 'select_account', 'admin_consent'])

const PROMPTS: ReadonlySet<string> = new Set([
  'none',
  'login',
  'consent',
  'select_account',
  'create',
  // Of version 1.
  'admin_consent',
])

function readMaxAge({ max_age: asked }: Asked): number {
  if (!asked) return Number.POSITIVE_INFINITY
  const seconds = /^\d{1,10}$/.test(asked) ? Number(asked) : Number.NaN
  if (!(seconds <= LONGEST_MAX_AGE_SECONDS)) throw refusal(90100, { name: 'max_age' })
  return seconds
}

function sessionCookie(cookies: string | undefined): Secret<string> | undefined {
  const found = (cookies ?? '')
    .split(/;\s*/)
    .find((cookie) => cookie.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1)
  return found !== undefined && VALUE.test(found) ? new Secret(found) : undefined
}
