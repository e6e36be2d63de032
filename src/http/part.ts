/**
 * Requests inside a request: what batches are made of. Each goes through the plane's own router as
 * if it had arrived by itself, with the token and the host name of the request it came in: nothing
 * here says who asks, so there is no way past a guard. No socket brought it, so it comes from no
 * machine.
 */
import { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { Failure } from '../base/failure.ts'
import type { Part, Reply } from './route.ts'

/** Said by the request that brought the part, or true of the wire alone. */
const NOT_THE_PARTS_TO_SAY: ReadonlySet<string> = new Set([
  ...['authorization', 'host', 'cookie', 'connection', 'expect', 'upgrade'],
  ...['content-length', 'transfer-encoding', 'content-encoding'],
])

/**
 * Asks, and gives what would have gone out: its body parsed where it is JSON.
 * @throws Failure invalid `BadRequest` when what asks is a part itself
 */
export async function askPart(within: FastifyRequest, part: Part): Promise<Reply> {
  if (!(within.raw.socket instanceof Socket)) {
    throw new Failure('invalid', 'BadRequest', 'A batch cannot be part of a batch.')
  }
  const { host, authorization } = within.headers
  const said = Object.entries(part.headers ?? {}).filter(
    ([name]) => !NOT_THE_PARTS_TO_SAY.has(name.toLowerCase()),
  )
  const answered = await within.server.inject({
    method: part.method,
    url: part.url,
    headers: {
      ...(part.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(said),
      ...(host === undefined ? {} : { host }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(part.body === undefined ? {} : { payload: JSON.stringify(part.body) }),
  })
  const headers = Object.fromEntries(
    Object.entries(answered.headers).map(([name, value]) => [name, String(value)]),
  )
  const isJson = headers['content-type']?.includes('json') === true && answered.payload !== ''
  const body = isJson ? JSON.parse(answered.payload) : answered.payload || undefined
  return { status: answered.statusCode, headers, body }
}
