/** What no answer may be, whatever was asked: a crash, a leak, or another surface's dialect. */
import { join } from 'node:path'
import type { Answered } from '../../src/http/test-door.ts'
import type { Surface } from './surfaces.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** What only the inside of the program says. */
const INSIDE: readonly RegExp[] = [
  /^\s+at .+:\d+/m,
  /\bnode:internal\b|\bnode_modules\b|\.ts:\d+|\.js:\d+/,
  /\b(Type|Reference|Range|Syntax)Error\b|Cannot read propert|is not a function/,
  /\bSQLITE|\bsqlite\b|\bselect .+ from\b|\binsert into\b|\bno such (table|column)\b|constraint failed/i,
  /FST_|ZodError|kysely/i,
  /PRIVATE KEY/,
]

/** Where things are on this computer. */
const PLACES: readonly string[] = [ROOT, '/locum-test-', '/proc/', '/etc/']

/**
 * What is wrong with an answer that ought to be a refusal; undefined when nothing is.
 * @param secrets texts that must not be in it
 */
export function faultOfRefusal(
  surface: Surface,
  answered: Answered,
  secrets: readonly string[],
): string | undefined {
  const { status, headers, body } = answered
  if (status < 400 || status > 499) return `answered ${status}`
  const leak = leakIn(answered, secrets)
  if (leak) return leak
  if (body === undefined) return undefined
  const type = headers['content-type'] ?? ''
  const isPage = type.startsWith('text/html') && surface.pageFaultOf !== undefined
  if (!isPage && !type.startsWith('application/json')) return 'not JSON'
  const wrong = isPage ? surface.pageFaultOf(answered) : surface.faultOf(answered)
  return wrong && `${wrong}: ${JSON.stringify(body)}`
}

export function leakIn(
  { body, headers }: Answered,
  secrets: readonly string[],
): string | undefined {
  const text = `${typeof body === 'string' ? body : JSON.stringify(body)} ${JSON.stringify(headers)}`
  const inside = INSIDE.find((pattern) => pattern.test(text))
  if (inside) return `tells of the inside (${inside}): ${text}`
  const place = PLACES.find((one) => text.includes(one))
  if (place) return `tells of the place ${place}: ${text}`
  const secret = secrets.find((one) => text.includes(one))
  return secret && `tells a secret (${secret.slice(0, 8)}…): ${text}`
}

/** What is not offered says so, in one word, to whoever may ask for it. */
export function isNotOffered({ status, body }: Pick<Answered, 'status' | 'body'>): boolean {
  return status === 400 && body?.error?.code === 'NotSupported'
}
