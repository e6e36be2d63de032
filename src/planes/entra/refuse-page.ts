/** Refusals for people: a page that says what is wrong, and to whom to say which code. */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Reply } from '../../http/route.ts'
import { refuse } from './errors.ts'
import { html, pageReply, problem } from './page.ts'

/** The answer, or the page that says why there is none. */
export async function refusePage(call: Call, answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer()
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason
    call.log.info('sign-in refused', { call: call.id, code: reason.code })
    const { status, body } = refuse(reason, call, { path: '/authorize', method: 'GET' })
    const { error_description: text } = body as Record<string, string>
    return pageReply({
      title: 'Sorry, but we are having trouble signing you in',
      status,
      body: html`${problem(text)}`,
    })
  }
}
