/**
 * Signing out. Nobody stays signed in here, so there is nothing to end; clients send browsers by all
 * the same, and want them back.
 */
import { z } from 'zod'
import { asId, type ClientId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { type Route, route } from '../../http/route.ts'
import { html, pageReply } from './page.ts'
import { refusePage } from './refuse-page.ts'
import { findRedirectUri, registrationOf } from './registration.ts'
import { readTenant } from './tenant.ts'

const BECAUSE = 'it only says goodbye, and leads nowhere but to registered addresses'

const field = z.string().max(4096).optional()
const input = z.object({
  params: z.object({ tenant: z.string() }),
  query: z.object({ post_logout_redirect_uri: field, client_id: field, state: field }),
})
type Query = z.infer<typeof input>['query']

export function logoutRoutes(): Route[] {
  return ['/:tenant/oauth2/logout', '/:tenant/oauth2/v2.0/logout'].map((path) =>
    route({
      method: 'GET',
      path,
      guard: { kind: 'open', because: BECAUSE },
      input,
      answer: (call, { params, query }) =>
        refusePage(call, async () => {
          readTenant(call, params.tenant)
          const location = await wayOn(call, query)
          if (location !== undefined) return { status: 302, headers: { location } }
          return pageReply({
            title: 'You signed out of your account',
            body: html`<p>It is a good idea to close all browser windows.</p>`,
          })
        }),
    }),
  )
}

/** Where the client wants its user next, if it registered that. */
async function wayOn(call: Call, query: Query): Promise<string | undefined> {
  const { post_logout_redirect_uri: asked, state } = query
  const clientId = asId<ClientId>(query.client_id ?? '')
  const registration = clientId && (await registrationOf(call, clientId))
  if (!asked || !registration || !URL.canParse(asked)) return undefined
  if (!findRedirectUri(registration, asked)) return undefined
  const url = new URL(asked)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}
