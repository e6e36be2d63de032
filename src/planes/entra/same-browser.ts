/**
 * That a form comes from the browser we gave it to: a random cookie, which no other site can set or
 * send along, must be repeated in the form.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { refusal } from './errors.ts'

/** `__Host-`: of this host alone, over TLS alone. */
const NAME = '__Host-locum-sign-in'
const TOKEN = /^[\w-]{43}$/
const TOKEN_BYTES = 32

export interface BrowserToken {
  readonly token: string
  /** The Set-Cookie header. */
  readonly cookie: string
}

/** The browser's token: the one it has, so that two of its windows do not disturb each other. */
export function browserToken(cookies: string | undefined): BrowserToken {
  const token = tokenIn(cookies) ?? randomBytes(TOKEN_BYTES).toString('base64url')
  return { token, cookie: `${NAME}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict` }
}

/** @throws Failure invalid `AADSTS9002313` when the form is not from this browser */
export function checkSameBrowser(
  headers: { readonly cookie?: string | undefined; readonly 'sec-fetch-site'?: string | undefined },
  presented: string | undefined,
): void {
  const token = tokenIn(headers.cookie)
  const same =
    token !== undefined &&
    presented !== undefined &&
    presented.length === token.length &&
    timingSafeEqual(Buffer.from(presented), Buffer.from(token))
  const site = headers['sec-fetch-site']
  if (!same || site === 'cross-site') throw refusal(9002313)
}

function tokenIn(cookies: string | undefined): string | undefined {
  const found = (cookies ?? '')
    .split(/;\s*/)
    .find((cookie) => cookie.startsWith(`${NAME}=`))
    ?.slice(NAME.length + 1)
  return found !== undefined && TOKEN.test(found) ? found : undefined
}
