/**
 * `$batch`: up to twenty requests in one. Each goes by the door that it would have come by alone,
 * with the token of the batch, and nothing that it says of itself can change who asks.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { isJsonObject } from '../../../base/json.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { type Asked, graphRoute, json } from '../graph-route.ts'

const MOST_PARTS = 20
const LONGEST_URL_CHARS = 8192
const LONGEST_NAME_CHARS = 100

const part = z.strictObject({
  id: z.string().min(1).max(LONGEST_NAME_CHARS),
  method: z.preprocess(
    (method) => String(method).toUpperCase(),
    z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  ),
  /** After the version: `/users?$top=1`. */
  url: z.string().min(1).max(LONGEST_URL_CHARS),
  headers: z
    .record(z.string().max(LONGEST_NAME_CHARS), z.string().max(LONGEST_URL_CHARS))
    .nullish(),
  body: z.unknown().optional(),
  dependsOn: z.array(z.string().max(LONGEST_NAME_CHARS)).max(MOST_PARTS).nullish(),
})
const batch = z.strictObject({ requests: z.array(part).max(1000) })
type Part = z.infer<typeof part>

/** What parts may say of themselves; who asks, and by which name, is the batch's. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  ...['accept', 'accept-language', 'client-request-id', 'consistencylevel', 'content-type'],
  ...['if-match', 'if-none-match', 'prefer'],
])

interface Answer {
  readonly id: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export function batchRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/$batch',
      permission: 'by what it is about',
      body: batch,
      async answer(_call, asked) {
        const { requests } = asked.body
        refuseBadBatch(requests)
        const answers = new Map<string, Promise<Answer>>()
        for (const one of requests) answers.set(one.id, inTurn(asked, one, answers))
        return json(200, { responses: await Promise.all(answers.values()) })
      },
    }),
  ]
}

/** A part that waits for others is asked when all of them have succeeded. */
async function inTurn(
  asked: Asked<unknown>,
  part: Part,
  answers: ReadonlyMap<string, Promise<Answer>>,
): Promise<Answer> {
  const before = await Promise.all((part.dependsOn ?? []).map((id) => answers.get(id)))
  if (before.some((answer) => answer === undefined || answer.status >= 400)) {
    return failedDependency(part)
  }
  const answered = await asked.ask({
    method: part.method,
    url: `/${asked.version}/${part.url.replace(/^\/+/, '')}`,
    headers: headersOf(part),
    ...(part.body !== undefined && { body: part.body }),
  })
  return { id: part.id, ...shown(answered) }
}

function headersOf(part: Part): Record<string, string> {
  const own = Object.entries(part.headers ?? {})
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => OWN_HEADERS.has(name))
  return Object.fromEntries(own)
}

function shown({ status, headers = {}, body }: Reply): Omit<Answer, 'id'> {
  const kept = Object.entries(headers).filter(([name]) => SHOWN_HEADERS.has(name))
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [SHOWN_NAMES[name] ?? name, value])),
    ...(body !== undefined && { body }),
  }
}

const SHOWN_NAMES: Readonly<Record<string, string>> = {
  'cache-control': 'Cache-Control',
  'content-type': 'Content-Type',
  location: 'Location',
  'odata-version': 'OData-Version',
  'retry-after': 'Retry-After',
}
const SHOWN_HEADERS: ReadonlySet<string> = new Set(Object.keys(SHOWN_NAMES))

function failedDependency({ id }: Part): Answer {
  return {
    id,
    status: 424,
    headers: { 'Content-Type': 'application/json' },
    body: {
      error: {
        code: 'FailedDependency',
        message: 'The request failed because a request that it depends on failed.',
      },
    },
  }
}

/** @throws Failure invalid `BadRequest` */
function refuseBadBatch(requests: readonly Part[]): void {
  if (requests.length === 0) throw bad('Invalid batch payload format.')
  if (requests.length > MOST_PARTS) {
    throw bad(`Number of batch request steps exceeds the maximum value of ${MOST_PARTS}.`)
  }
  const before = new Set<string>()
  for (const { id, url, body, headers, dependsOn } of requests) {
    if (before.has(id)) throw bad(`Request Id '${id}' is not unique in the batch.`)
    const unknown = dependsOn?.find((other) => !before.has(other))
    if (unknown !== undefined) {
      throw bad(`Request '${id}' depends on '${unknown}', which is no request before it.`)
    }
    // A batch in a batch would ask twenty times twenty things.
    if (/\$batch/i.test(pathOf(url))) throw bad('A batch cannot contain another batch.')
    if (body !== undefined && !isTyped(headers)) {
      throw bad(`Request '${id}' has a body and no header Content-Type that says it is JSON.`)
    }
    if (body !== undefined && !isJsonObject(body)) throw bad('Invalid batch payload format.')
    before.add(id)
  }
}

/** As the router reads it. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '')
  } catch {
    throw bad('Invalid batch payload format.')
  }
}

function isTyped(headers: Part['headers']): boolean {
  return Object.entries(headers ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'content-type' && /json/i.test(value),
  )
}

function bad(message: string): Failure {
  return new Failure('invalid', 'BadRequest', message)
}
