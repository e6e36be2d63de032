/** How the token service says no: failures with AADSTS codes, and the reply that clients read. */
import { isoSpaced } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { newId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import type { Reply } from '../../http/route.ts'
import type { Refusal } from './aadsts/refusal.ts'
import { REFUSALS } from './aadsts.ts'

/** What a client sent is repeated to it, but not at any length. */
const LONGEST_ECHO_CHARS = 256

export type AadstsNumber = keyof typeof REFUSALS

/** A refusal with this code, its words filled in. */
export function refusal(
  number: AadstsNumber,
  values: Readonly<Record<string, string>> = {},
): Failure {
  const row: Refusal = REFUSALS[number]
  const text = row.text.replace(/\{(\w+)\}/g, (_place, name: string) =>
    (values[name] ?? '').slice(0, LONGEST_ECHO_CHARS),
  )
  const fault = row.status === 401 ? 'unauthenticated' : 'invalid'
  return new Failure(fault, `AADSTS${number}`, text)
}

/** What was asked, as far as a refusal speaks of it. */
interface Asked {
  readonly path: string
  readonly method: string
}

/** The reply that every client of the token service knows how to read. */
export function refuse(failure: Failure, call: Call, asked: Asked): Reply {
  switch (failure.fault) {
    case 'busy':
      return reply(call, 503, 'temporarily_unavailable', 90033, failure.message)
    case 'missing':
      return reply(call, 404, 'invalid_request', 90013, 'There is no such endpoint.')
    default: {
      const known = numbered(failure, asked)
      const number = Number(known.code.slice('AADSTS'.length)) as AadstsNumber
      const { error, ...row } = REFUSALS[number]
      const status = failure.code === 'RequestTooLarge' ? 413 : row.status
      return reply(call, status, error, number, known.message)
    }
  }
}

/** Refusals of the steps that all planes share, in this surface's numbers. */
function numbered(failure: Failure, { path, method }: Asked): Failure {
  if (failure.code.startsWith('AADSTS')) return failure
  if (failure.fault === 'unsupported') {
    const accepted = /\/(token|devicecode)\/?$/i.test(path) ? 'POST' : 'GET'
    return refusal(900561, { accepted, received: method })
  }
  return failure.code === 'DuplicateParameter'
    ? refusal(9000411, { name: failure.target ?? '' })
    : refusal(90013)
}

function reply(call: Call, status: number, error: string, number: number, text: string): Reply {
  const trace = newId()
  const timestamp = isoSpaced(call.now)
  return {
    status,
    headers: {
      'client-request-id': call.id,
      'x-ms-request-id': trace,
      'cache-control': 'no-store, no-cache',
      ...(status === 503 && { 'retry-after': '1' }),
    },
    body: {
      error,
      // One line: there is a client that cannot read the line ends Microsoft once wrote here.
      error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${call.id} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: trace,
      correlation_id: call.id,
      error_uri: `${call.names.origin('login')}/error?code=${number}`,
    },
  }
}
