/**
 * Requests inside a request: a part of a batch goes through the same router as a request that came
 * by itself, with the same caller's token, so that there is no second way past a guard.
 */
import type { FastifyInstance } from 'fastify'
import type { InsideAnswer, InsideRequest } from './route.ts'

export async function askInside(
  app: FastifyInstance,
  { method, url, headers, body }: InsideRequest,
): Promise<InsideAnswer> {
  const answered = await app.inject({
    method,
    url,
    headers,
    ...(body !== undefined && { payload: body }),
  })
  const given = Object.entries(answered.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  )
  return {
    status: answered.statusCode,
    headers: Object.fromEntries(given),
    body: answered.payload,
  }
}
