/**
 * Numbers and truth written as text: Resource Manager's providers read `"80"` where a number stands
 * and `"true"` where a truth does, and templates are full of them.
 */
import type { z } from 'zod'
import { isJsonObject } from '../base/json.ts'

const NUMBER = /^-?\d{1,15}$/
const TRUTH = /^(?:true|false)$/i

/** Reads the value; where only such texts stand in the way, with what they say in their places. */
export function parseLeniently<Value>(
  type: z.ZodType<Value>,
  value: unknown,
): z.ZodSafeParseResult<Value> {
  const read = type.safeParse(value)
  if (read.success) return read
  let said = value
  for (const { code, path, ...issue } of read.error.issues) {
    if (code !== 'invalid_type') return read
    const wanted = (issue as { expected?: unknown }).expected
    said = replaced(said, path, (text) => meaning(text, wanted))
  }
  const again = type.safeParse(said)
  return again.success ? again : read
}

function meaning(text: unknown, wanted: unknown): unknown {
  if (typeof text !== 'string') return text
  if (wanted === 'boolean' && TRUTH.test(text)) return text.toLowerCase() === 'true'
  return (wanted === 'number' || wanted === 'int') && NUMBER.test(text) ? Number(text) : text
}

/** A copy with another value at one place. */
function replaced(
  value: unknown,
  [head, ...rest]: readonly PropertyKey[],
  change: (value: unknown) => unknown,
): unknown {
  if (head === undefined) return change(value)
  if (Array.isArray(value)) {
    return value.map((one, at) => (at === head ? replaced(one, rest, change) : one))
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, head)) return value
  const name = String(head)
  return { ...value, [name]: replaced(value[name], rest, change) }
}
