/** The way back to the client, in the response mode it asked for. */
import type { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Reply } from '../../http/route.ts'
import type { WayBack } from './authorize-request.ts'
import { refuse } from './errors.ts'
import { hiddenFields, html, pageReply } from './page.ts'

type Fields = Readonly<Record<string, string | undefined>>

/** Sends the browser back with these fields and the client's own state. */
export function answerClient({ redirectUri, mode, state }: WayBack, fields: Fields): Reply {
  const all = { ...fields, state }
  if (mode === 'form_post') return formPost(redirectUri, all)
  const url = new URL(redirectUri)
  const given = Object.entries(all).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  if (mode === 'query') for (const [name, value] of given) url.searchParams.set(name, value)
  else url.hash = new URLSearchParams(given).toString()
  return {
    status: 302,
    headers: {
      location: url.href,
      'cache-control': 'no-store, no-cache',
      'referrer-policy': 'no-referrer',
    },
  }
}

/** Tells the client why there is no code. */
export function refuseClient(call: Call, back: WayBack, failure: Failure): Reply {
  call.log.info('sign-in refused', {
    call: call.id,
    code: failure.code,
    clientId: back.client.clientId,
  })
  const { body } = refuse(failure, call, { path: '/authorize', method: 'GET' })
  const { error: named, error_description } = body as Record<string, string>
  // There is no grant here that could be invalid.
  const error = named === 'invalid_grant' ? 'access_denied' : named
  return answerClient(back, { error, error_description })
}

function formPost(redirectUri: string, fields: Fields): Reply {
  const body = html`<form method="post" action="${redirectUri}">
${hiddenFields(fields)}
<p>You are on your way back.</p>
<button>Continue</button>
</form>`
  return pageReply({ title: 'Signing you in', leadsTo: redirectUri, submitsItself: true, body })
}
