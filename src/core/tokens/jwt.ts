/**
 * The compact form of a JSON Web Token, signed, and taken apart strictly: exactly three parts, each in the one
 * encoding it can have, two JSON objects. Two different strings never stand for the same token.
 * Parsing believes nothing: whoever parses must verify.
 */

import { type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { isJsonObject } from '../../base/json.ts'

/** Longer than any token of ours, in characters; group-heavy tokens of Azure stay below as well. */
const LONGEST_TOKEN_CHARS = 16 * 1024

export interface ParsedJwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  /** The bytes that are signed, as text. */
  readonly signed: string
  readonly signature: Buffer
}

/**
 * Takes a token apart; undefined when it is not one.
 * @param read.padded whether its parts may end in the padding that the compact form leaves out
 */
export function parseJwt(text: string, read = { padded: false }): ParsedJwt | undefined {
  if (text.length > LONGEST_TOKEN_CHARS) return undefined
  const parts = text.split('.')
  const [header, payload, signature, ...rest] = parts.map((part) =>
    decode(read.padded ? part.replace(/={1,2}$/, '') : part),
  )
  if (!header || !payload || !signature || rest.length > 0) return undefined
  const [headerObject, payloadObject] = [readObject(header), readObject(payload)]
  if (!headerObject || !payloadObject) return undefined
  return {
    header: headerObject,
    payload: payloadObject,
    signed: text.slice(0, text.lastIndexOf('.')),
    signature,
  }
}

const signBytes = promisify(
  (data: string, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign('sha256', Buffer.from(data), key, done),
)

/** Writes a token and signs it with RS256; the header says which key that is. */
export async function signJwt(header: object, payload: object, key: KeyObject): Promise<string> {
  const signed = `${encodeJson({ typ: 'JWT', alg: 'RS256', ...header })}.${encodeJson(payload)}`
  const signature = await signBytes(signed, key)
  return `${signed}.${signature.toString('base64url')}`
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}

function readObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
