/**
 * `$filter` of the lists of resources: the part of OData that Resource Manager documents.
 *
 *   resourceType eq 'Microsoft.Compute/virtualMachines' and location ne 'westus'
 *   substringof('kv', name) or startswith(name, 'vm')
 *   tagName eq 'env' and tagValue eq 'test'
 */
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { identitiesOf } from '../../core/identity/attached.ts'
import type { Resource } from '../../core/resources/resource.ts'

export type Filter = (call: Call, resource: Resource) => Promise<boolean>

/** The values a property name stands for; a comparison holds when one of them fits. */
type Values = (call: Call, resource: Resource) => Promise<readonly string[]>

const PROPERTIES: Readonly<Record<string, Values>> = {
  name: async (_call, { id }) => [id.name],
  resourcetype: async (_call, { type }) => [type],
  location: async (_call, { location }) => [location ?? ''],
  resourcegroup: async (_call, { id }) => [id.resourceGroup ?? ''],
  tagname: async (_call, { tags }) => Object.keys(tags ?? {}),
  tagvalue: async (_call, { tags }) => Object.values(tags ?? {}),
  'identity/principalid': async (call, { id }) => [
    (await identitiesOf(call, id.key)).systemAssigned?.objectId ?? '',
  ],
  identity: async (call, { id }) =>
    (await identitiesOf(call, id.key)).userAssigned.map((attachment) => attachment.id.key),
}

const TOKENS = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_$][\w./$-]*)|([(),]))/y

interface Reader {
  readonly tokens: readonly Token[]
  at: number
}

type Token = { readonly kind: 'text' | 'word' | 'mark'; readonly value: string }

/** @throws Failure invalid `InvalidFilterInQueryString` */
export function readFilter(text: string | undefined): Filter {
  if (text === undefined || text.trim() === '') return async () => true
  const reader: Reader = { tokens: tokensOf(text), at: 0 }
  const filter = readOr(reader)
  if (reader.at < reader.tokens.length) throw unreadable(text)
  return filter
}

function readOr(reader: Reader): Filter {
  let left = readAnd(reader)
  while (takeWord(reader, 'or')) {
    const [first, second] = [left, readAnd(reader)]
    left = async (call, resource) => (await first(call, resource)) || (await second(call, resource))
  }
  return left
}

function readAnd(reader: Reader): Filter {
  const tagPair = readTagPair(reader)
  let left = tagPair ?? readTerm(reader)
  while (takeWord(reader, 'and')) {
    const [first, second] = [left, readTerm(reader)]
    left = async (call, resource) => (await first(call, resource)) && (await second(call, resource))
  }
  return left
}

/** `tagName eq 'a' and tagValue eq 'b'` speaks of one tag, not of any name and any value. */
function readTagPair(reader: Reader): Filter | undefined {
  const words = reader.tokens.slice(reader.at, reader.at + 7).map((token) => token.value)
  const [tagName, eq, name, and, tagValue, alsoEq, value] = words
  const shape = [tagName, eq, and, tagValue, alsoEq].map((word) => word?.toLowerCase()).join(' ')
  if (shape !== 'tagname eq and tagvalue eq' || name === undefined) return undefined
  reader.at += 7
  return async (_call, { tags }) =>
    Object.entries(tags ?? {}).some(
      ([key, held]) => key.toLowerCase() === name.toLowerCase() && held === value,
    )
}

function readTerm(reader: Reader): Filter {
  if (takeMark(reader, '(')) {
    const inner = readOr(reader)
    expectMark(reader, ')')
    return inner
  }
  const word = take(reader, 'word').toLowerCase()
  if (word === 'not') {
    const inner = readTerm(reader)
    return async (call, resource) => !(await inner(call, resource))
  }
  if (word === 'substringof' || word === 'startswith') return readFunction(reader, word)
  const values = property(word)
  const operator = take(reader, 'word').toLowerCase()
  if (operator !== 'eq' && operator !== 'ne') throw unreadable(operator)
  const wanted = normal(take(reader, 'text'))
  const equals: Filter = async (call, resource) =>
    (await values(call, resource)).some((value) => normal(value) === wanted)
  return operator === 'eq' ? equals : async (call, resource) => !(await equals(call, resource))
}

/** `substringof('part', name)` has the text first, `startswith(name, 'part')` last. */
function readFunction(reader: Reader, name: 'substringof' | 'startswith'): Filter {
  expectMark(reader, '(')
  const first = take(reader, name === 'substringof' ? 'text' : 'word')
  expectMark(reader, ',')
  const second = take(reader, name === 'substringof' ? 'word' : 'text')
  expectMark(reader, ')')
  const [part, values] =
    name === 'substringof' ? [normal(first), property(second)] : [normal(second), property(first)]
  const fits = (value: string) =>
    name === 'substringof' ? normal(value).includes(part) : normal(value).startsWith(part)
  return async (call, resource) => (await values(call, resource)).some(fits)
}

function property(name: string): Values {
  const values = PROPERTIES[name.toLowerCase()]
  if (values) return values
  throw unreadable(name)
}

function normal(text: string): string {
  return text.toLowerCase()
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKENS.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKENS.lastIndex < end) {
    const match = TOKENS.exec(text)
    if (match === null) throw unreadable(text)
    const [, quoted, word, mark] = match
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'") })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word })
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark })
  }
  return tokens
}

function take(reader: Reader, kind: Token['kind']): string {
  const token = reader.tokens[reader.at]
  if (token?.kind !== kind) throw unreadable(token?.value ?? 'the end')
  reader.at++
  return token.value
}

function takeWord(reader: Reader, word: string): boolean {
  const token = reader.tokens[reader.at]
  if (token?.kind !== 'word' || token.value.toLowerCase() !== word) return false
  reader.at++
  return true
}

function takeMark(reader: Reader, mark: string): boolean {
  const token = reader.tokens[reader.at]
  if (token?.kind !== 'mark' || token.value !== mark) return false
  reader.at++
  return true
}

function expectMark(reader: Reader, mark: string): void {
  if (!takeMark(reader, mark)) throw unreadable(reader.tokens[reader.at]?.value ?? 'the end')
}

function unreadable(near: string): Failure {
  return new Failure(
    'invalid',
    'InvalidFilterInQueryString',
    `Invalid $filter specified in the query string: it cannot be read at '${near}'.`,
    { target: '$filter' },
  )
}
