/**
 * The grammar of expressions: `[concat('a', parameters('b')[0].c)]`.
 *
 * A string is an expression when it stands in brackets; `[[` begins a string that only looks like
 * one. Inside there are calls, literals, and access by name and by index.
 */
import { ExpressionError } from './invalid.ts'

export type Node =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'access'; readonly of: Node; readonly key: Node }

/** The longest expression, in characters. */
const LONGEST_EXPRESSION = 24_576

/** How deep calls may nest. */
const DEEPEST_LEVELS = 128

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w$]*)|([()[\].,]))/y

interface Token {
  readonly kind: 'text' | 'number' | 'word' | 'mark' | 'end'
  readonly value: string
}

interface Reader {
  readonly text: string
  readonly tokens: readonly Token[]
  at: number
  depth: number
}

export function isExpression(text: string): boolean {
  return text.length > 1 && text.startsWith('[') && !text.startsWith('[[') && text.endsWith(']')
}

/** The string that `[[…]` stands for; any other string stands for itself. */
export function unescaped(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text
}

/** Writes a string so that it is read as itself. */
export function escaped(text: string): string {
  return text.length > 1 && text.startsWith('[') && text.endsWith(']') ? `[${text}` : text
}

const parsed = new Map<string, Node>()
const MOST_KEPT = 5000

/** @throws ExpressionError */
export function parseExpression(text: string): Node {
  const known = parsed.get(text)
  if (known) return known
  if (text.length > LONGEST_EXPRESSION) {
    throw new ExpressionError(
      `The language expression length limit exceeded. Limit: '${LONGEST_EXPRESSION}' and actual: '${text.length}'.`,
    )
  }
  const inner = text.slice(1, -1)
  const reader: Reader = { text: inner, tokens: tokensOf(inner), at: 0, depth: 0 }
  const node = readValue(reader)
  expect(reader, 'end', '')
  if (parsed.size >= MOST_KEPT) parsed.clear()
  parsed.set(text, node)
  return node
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw unreadable(text, `unexpected '${text.slice(at).trim().slice(0, 1)}'`)
    const [, quoted, number, word, mark] = match
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', value: number })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word })
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark })
  }
  return tokens
}

function readValue(reader: Reader): Node {
  if (++reader.depth > DEEPEST_LEVELS) throw unreadable(reader.text, 'it nests too deeply')
  let node = readStart(reader)
  for (;;) {
    if (take(reader, '.')) {
      node = { kind: 'access', of: node, key: { kind: 'literal', value: word(reader) } }
    } else if (take(reader, '[')) {
      node = { kind: 'access', of: node, key: readValue(reader) }
      expect(reader, 'mark', ']')
    } else break
  }
  reader.depth--
  return node
}

function readStart(reader: Reader): Node {
  const token = next(reader)
  if (token.kind === 'text' || token.kind === 'number') {
    reader.at++
    return { kind: 'literal', value: token.kind === 'text' ? token.value : Number(token.value) }
  }
  let name = word(reader)
  // A function of the template's own has its namespace in front.
  if (take(reader, '.')) name = `${name}.${word(reader)}`
  expect(reader, 'mark', '(')
  const args: Node[] = []
  if (take(reader, ')')) return { kind: 'call', name, args }
  do args.push(readValue(reader))
  while (take(reader, ','))
  expect(reader, 'mark', ')')
  return { kind: 'call', name, args }
}

function next(reader: Reader): Token {
  return reader.tokens[reader.at] ?? { kind: 'end', value: 'EndOfData' }
}

function take(reader: Reader, mark: string): boolean {
  const { kind, value } = next(reader)
  if (kind !== 'mark' || value !== mark) return false
  reader.at++
  return true
}

function word(reader: Reader): string {
  const { kind, value } = next(reader)
  if (kind !== 'word') throw expected(reader, 'Identifier')
  reader.at++
  return value
}

const TOKEN_NAMES: Readonly<Record<string, string>> = {
  '(': 'LeftParenthesis',
  ')': 'RightParenthesis',
  '[': 'LeftSquareBracket',
  ']': 'RightSquareBracket',
  '.': 'Dot',
  ',': 'Comma',
  '': 'EndOfData',
}

function expect(reader: Reader, kind: Token['kind'], value: string): void {
  const token = next(reader)
  if (token.kind === kind && (kind === 'end' || token.value === value)) {
    reader.at++
    return
  }
  throw expected(reader, TOKEN_NAMES[value] ?? value)
}

function expected(reader: Reader, wanted: string): ExpressionError {
  const { value } = next(reader)
  const actual = TOKEN_NAMES[value] ?? value
  return unreadable(reader.text, `expected token '${wanted}' and actual '${actual}'`)
}

function unreadable(text: string, detail: string): ExpressionError {
  return new ExpressionError(
    `Unable to parse language expression '${text}': ${detail}. Please see https://aka.ms/arm-template-expressions for usage details.`,
  )
}
