/**
 * Signing out of a browser: its session ends, here and not only in its cookie. Refresh tokens that
 * clients hold are another matter, as in Azure. Clients send browsers by, and want them back.
 */
import { z } from 'zod'
import { asId, type ClientId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { parseJwt } from '../../core/tokens/jwt.ts'
import { transaction } from '../../core/transaction.ts'
import { type Route, route } from '../../http/route.ts'
import { NO_SESSION, signOutOfBrowser } from './browser-session.ts'
import { html, pageReply } from './page.ts'
import { refusePage } from './refuse-page.ts'
import { findRedirectUri, registrationOf } from './registration.ts'
import { readTenant } from './tenant.ts'

const BECAUSE = 'it ends the session of the browser that asks, and leads to registered addresses'

const LONGEST_TOKEN_CHARS = 16_384
const field = z.string().max(4096).optional()
const input = z.object({
  params: z.object({ tenant: z.string() }),
  headers: z.object({ cookie: field }),
  query: z.object({
    post_logout_redirect_uri: field,
    client_id: field,
    id_token_hint: z.string().max(LONGEST_TOKEN_CHARS).optional(),
    state: field,
  }),
})
type Query = z.infer<typeof input>['query']

export function logoutRoutes(): Route[] {
  return ['/:tenant/oauth2/logout', '/:tenant/oauth2/v2.0/logout'].map((path) =>
    route({
      method: 'GET',
      path,
      guard: { kind: 'open', because: BECAUSE },
      input,
      answer: (call, { params, headers, query }) =>
        refusePage(call, async () => {
          readTenant(call, params.tenant)
          await transaction(call, (tx) => signOutOfBrowser(tx, headers.cookie))
          const location = await wayOn(call, query)
          if (location !== undefined) {
            return { status: 302, headers: { location, 'set-cookie': NO_SESSION } }
          }
          return pageReply({
            title: 'You signed out of your account',
            cookie: NO_SESSION,
            body: html`<p>It is a good idea to close all browser windows.</p>`,
          })
        }),
    }),
  )
}

/** Where the client wants its user next, if it registered that; its id token may name the client. */
async function wayOn(call: Call, query: Query): Promise<string | undefined> {
  const { post_logout_redirect_uri: asked, state } = query
  const hinted = query.id_token_hint && parseJwt(query.id_token_hint)?.payload.aud
  const clientId = asId<ClientId>(query.client_id ?? String(hinted))
  const registration = clientId && (await registrationOf(call, clientId))
  if (!asked || !registration || !URL.canParse(asked)) return undefined
  if (!findRedirectUri(registration, asked)) return undefined
  const url = new URL(asked)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}
