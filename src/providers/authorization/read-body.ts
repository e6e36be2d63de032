/** Reads the body of a request against a schema, in Resource Manager's words. */
import type { z } from 'zod'
import { Failure } from '../../base/failure.ts'

/** @throws Failure invalid `InvalidRequestContent` */
export function readBody<Body>(schema: z.ZodType<Body>, body: unknown): Body {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Failure(
    'invalid',
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${issue?.message}. Path '${issue?.path.join('.')}'.'.`,
  )
}
