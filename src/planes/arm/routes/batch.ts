/**
 * Many requests in one. Azure does not document it, yet its portal and Ansible's inventory live by
 * it. Each part is asked as if it came by itself, by whoever sent the batch.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { type Part, type Reply, type Route, route } from '../../../http/route.ts'
import { readOwnApiVersion } from '../registry.ts'

const MOST_PARTS = 500
const MOST_PARTS_WITH_BODIES = 20

const part = z.looseObject({
  httpMethod: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'])),
  /** Comes back beside the answer. */
  name: z.string().max(256).optional(),
  url: z.string().optional(),
  relativeUrl: z.string().optional(),
  content: z.unknown().optional(),
  requestHeaderDetails: z.record(z.string(), z.string()).nullish(),
})
type AskedPart = z.infer<typeof part>

const input = z.object({
  query: z.record(z.string(), z.string()),
  body: z.strictObject({ requests: z.array(part).min(1).max(MOST_PARTS) }),
})

export function batchRoutes(): Route[] {
  return [
    route<z.infer<typeof input>>({
      method: 'POST',
      path: '/batch',
      // Each part meets its own guard.
      guard: { kind: 'principal' },
      input,
      async answer(_call, { query, body: { requests } }, arrival, ask) {
        readOwnApiVersion(query)
        if (requests.filter(hasBody).length > MOST_PARTS_WITH_BODIES) throw tooMany()
        const parts = requests.map((asked) => readPart(asked, arrival.headers.host))
        const responses = []
        for (const [at, one] of parts.entries()) {
          responses.push(shown(requests[at]?.name, await ask(one)))
        }
        return { status: 200, body: { responses } }
      },
    }),
  ]
}

function hasBody({ content }: AskedPart): boolean {
  return content !== undefined && content !== null
}

/** Its address is a path, or one of the host that the batch itself was sent to. */
function readPart(asked: AskedPart, host: string | undefined): Part {
  const { httpMethod: method, requestHeaderDetails: headers } = asked
  return {
    method,
    url: readAddress(asked.url || asked.relativeUrl || '', host),
    ...(headers && { headers }),
    ...(hasBody(asked) && { body: asked.content }),
  }
}

function readAddress(address: string, host: string | undefined): string {
  const base = `https://${host}`
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined
  if (address !== '' && url?.host === new URL(base).host) return url.pathname + url.search
  throw new Failure(
    'invalid',
    'InvalidRequestUri',
    `The address '${address.slice(0, 200)}' of a request of the batch is not one of Resource Manager.`,
    { target: 'requests' },
  )
}

function shown(name: string | undefined, { status, headers, body }: Reply): object {
  return {
    ...(name !== undefined && { name }),
    httpStatusCode: status,
    headers,
    ...(body !== undefined && { content: body }),
    contentLength: Number(headers?.['content-length'] ?? 0),
  }
}

function tooMany(): Failure {
  return new Failure(
    'invalid',
    'InvalidRequestContent',
    `A batch has at most ${MOST_PARTS_WITH_BODIES} requests with a body.`,
    { target: 'requests' },
  )
}
