/**
 * JSON as templates are written: with comments, strings over several lines, trailing commas, and a
 * bare word for a name, because clients splice a template's text into their request as it stands.
 * Only bodies that carry templates are read so; all else is strict JSON.
 */
import { Failure } from '../../base/failure.ts'

/** How deep objects and arrays may nest. */
const DEEPEST_LEVELS = 100

interface Reader {
  readonly text: string
  at: number
  depth: number
}

/** Reads a body; undefined when it is empty. @throws Failure invalid `InvalidJson` */
export function readLenientJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const strict = readStrict(text)
  if (strict) return strict.value
  const reader: Reader = { text, at: 0, depth: 0 }
  const value = readValue(reader)
  skip(reader)
  if (reader.at < text.length) throw broken(reader)
  return value
}

/** Most bodies are strict: those are read by the parser that is fast. */
function readStrict(text: string): { readonly value: unknown } | undefined {
  if (text.includes('__proto__')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return nestsTooDeep(value, 0) ? undefined : { value }
  } catch {
    return undefined
  }
}

function nestsTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth >= DEEPEST_LEVELS) return true
  return Object.values(value).some((one) => nestsTooDeep(one, depth + 1))
}

function readValue(reader: Reader): unknown {
  skip(reader)
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader)
    case '[':
      return readArray(reader)
    case '"':
    case "'":
      return readString(reader)
    default:
      return readLiteral(reader)
  }
}

function readObject(reader: Reader): object {
  enter(reader)
  const entries = new Map<string, unknown>()
  while (!takes(reader, '}')) {
    const name = readName(reader)
    if (name === '__proto__') throw broken(reader)
    if (!takes(reader, ':')) throw broken(reader)
    entries.set(name, readValue(reader))
    if (!takes(reader, ',') && peek(reader) !== '}') throw broken(reader)
  }
  reader.depth--
  return Object.fromEntries(entries)
}

function readArray(reader: Reader): unknown[] {
  enter(reader)
  const items: unknown[] = []
  while (!takes(reader, ']')) {
    items.push(readValue(reader))
    if (!takes(reader, ',') && peek(reader) !== ']') throw broken(reader)
  }
  reader.depth--
  return items
}

function enter(reader: Reader): void {
  reader.at++
  if (++reader.depth > DEEPEST_LEVELS) {
    throw new Failure('invalid', 'InvalidJson', 'The request body nests too deeply.')
  }
}

function readName(reader: Reader): string {
  const mark = peek(reader)
  if (mark === '"' || mark === "'") return readString(reader)
  const [word] = matched(reader, /[A-Za-z_$][\w$]*/y)
  return word
}

/** A line break stands in a string as it is. */
function readString(reader: Reader): string {
  const mark = reader.text[reader.at]
  const pattern = mark === '"' ? /"((?:[^"\\]|\\.)*)"/suy : /'((?:[^'\\]|\\.)*)'/suy
  const [, inner = ''] = matched(reader, pattern)
  if (!/["\\\p{Cc}]/u.test(inner)) return inner
  const strict = inner
    .replaceAll("\\'", "'")
    .replaceAll(/\\\r?\n/g, '')
    .replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
  try {
    return JSON.parse(`"${mark === "'" ? strict.replaceAll(/(?<!\\)"/g, '\\"') : strict}"`)
  } catch {
    throw broken(reader)
  }
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function readLiteral(reader: Reader): unknown {
  return JSON.parse(matched(reader, LITERAL)[0])
}

function matched(reader: Reader, pattern: RegExp): RegExpExecArray {
  pattern.lastIndex = reader.at
  const match = pattern.exec(reader.text)
  if (!match) throw broken(reader)
  reader.at = pattern.lastIndex
  return match
}

function takes(reader: Reader, mark: string): boolean {
  if (peek(reader) !== mark) return false
  reader.at++
  return true
}

function peek(reader: Reader): string | undefined {
  skip(reader)
  return reader.text[reader.at]
}

const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y

function skip(reader: Reader): void {
  BLANK.lastIndex = reader.at
  BLANK.exec(reader.text)
  reader.at = Math.max(reader.at, BLANK.lastIndex)
}

function broken({ text, at }: Reader): Failure {
  const before = text.slice(0, at).split('\n')
  const where = `line ${before.length}, position ${before.at(-1)?.length ?? 0}`
  return new Failure(
    'invalid',
    'InvalidJson',
    `The request content was invalid and could not be deserialized: it is not valid JSON at ${where}.`,
  )
}
