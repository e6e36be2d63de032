/**
 * Sending an answer: status, headers and body, in one write.
 *
 * It goes past the router's own reply, which would look for hooks, serializers and content types at
 * each answer; no plane has any, and the answer is already what goes out.
 */
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Reply } from './route.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const TEXT_TYPE = 'text/plain; charset=utf-8'
const BYTES_TYPE = 'application/octet-stream'

/** Statuses whose answers have no body, and so no length either. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304])

/** @param common headers that every answer of the plane carries; the answer's own win over them */
export function send(
  reply: FastifyReply,
  common: Readonly<Record<string, string>> | undefined,
  answer: Reply,
): void {
  const headers: OutgoingHttpHeaders = { ...common, ...answer.headers }
  // The router closes a connection whose request it did not read to the end.
  if (reply.hasHeader('connection')) headers.connection = String(reply.getHeader('connection'))
  const [body, type] = written(answer.body)
  if (body !== undefined) headers['content-type'] ??= type
  if (!WITHOUT_BODY.has(answer.status)) {
    headers['content-length'] = body === undefined ? 0 : Buffer.byteLength(body)
  }
  reply.hijack()
  reply.raw.writeHead(answer.status, headers).end(body)
}

/** The body as it goes out, and its type unless the answer names one. */
function written(body: unknown): readonly [string | Buffer | undefined, string] {
  if (body === undefined) return [undefined, '']
  if (typeof body === 'string') return [body, TEXT_TYPE]
  if (Buffer.isBuffer(body)) return [body, BYTES_TYPE]
  return [JSON.stringify(body), JSON_TYPE]
}
