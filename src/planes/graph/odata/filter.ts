/**
 * `$filter`, as much of OData as directory objects support:
 *
 *   displayName eq 'VM1' and not (appId in ('…', '…'))
 *   startswith(displayName, 'VM') or endsWith(mail, '@a.example')
 *   servicePrincipalNames/any(c:c eq '…')
 *
 * Texts compare without case, as in the directory. It leaves out arithmetic, dates' parts, `all`
 * and `has`; what is left out is refused, never ignored.
 */
import { Failure } from '../../../base/failure.ts'
import { syntaxError, type Token, tokensOf } from './tokens.ts'
import { listOf, memberOf, normal, signOf } from './values.ts'

/** What is filtered: its properties are what a filter may name. */
export interface Filtered {
  /** `ServicePrincipal`: what messages call it. */
  readonly title: string
  readonly typeName: string
  readonly properties: Readonly<Record<string, unknown>>
}

export interface Filter {
  matches(document: Readonly<Record<string, unknown>>): boolean
  /** The property that only an advanced query may ask so; undefined when any query may. */
  readonly advanced: string | undefined
}

/** The document under the name '', and the variables of lambdas under theirs. */
type Scope = Readonly<Record<string, unknown>>
type Value = (scope: Scope) => unknown
type Test = (scope: Scope) => boolean

interface Operand {
  readonly name: string
  readonly value: Value
}

interface Reader {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly filtered: Filtered
  readonly variables: Set<string>
  at: number
  depth: number
  advanced: string | undefined
}

const DEEPEST_LEVELS = 32
const LONGEST_CHARS = 16 * 1024

const FUNCTIONS: Readonly<Record<string, (value: string, part: string) => boolean>> = {
  startswith: (value, part) => value.startsWith(part),
  endswith: (value, part) => value.endsWith(part),
  contains: (value, part) => value.includes(part),
}
const ORDERS: Readonly<Record<string, (sign: number) => boolean>> = {
  gt: (sign) => sign > 0,
  ge: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  le: (sign) => sign <= 0,
}

/** @throws Failure invalid `BadRequest`, `Request_UnsupportedQuery` */
export function readFilter(text: string, filtered: Filtered): Filter {
  if (text.length > LONGEST_CHARS) throw syntaxError(text, LONGEST_CHARS)
  const reader: Reader = {
    text,
    tokens: tokensOf(text),
    filtered,
    variables: new Set(),
    at: 0,
    depth: 0,
    advanced: undefined,
  }
  const test = readOr(reader)
  if (peek(reader).kind !== 'end') throw unexpected(reader)
  return { matches: (document) => test({ '': document }), advanced: reader.advanced }
}

function readOr(reader: Reader): Test {
  const tests = [readAnd(reader)]
  while (takeWord(reader, 'or')) tests.push(readAnd(reader))
  return (scope) => tests.some((test) => test(scope))
}

function readAnd(reader: Reader): Test {
  const tests = [readTerm(reader)]
  while (takeWord(reader, 'and')) tests.push(readTerm(reader))
  return (scope) => tests.every((test) => test(scope))
}

function readTerm(reader: Reader): Test {
  if (++reader.depth > DEEPEST_LEVELS) throw unexpected(reader)
  const test = takeWord(reader, 'not') ? readNot(reader) : readPrimary(reader)
  reader.depth--
  return test
}

function readNot(reader: Reader): Test {
  const from = reader.at
  const inner = readTerm(reader)
  const named = reader.tokens.slice(from, reader.at).find(({ value }) => isProperty(reader, value))
  reader.advanced ??= named?.value ?? 'not'
  return (scope) => !inner(scope)
}

function readPrimary(reader: Reader): Test {
  if (takeMark(reader, '(')) {
    const inner = readOr(reader)
    expectMark(reader, ')')
    return inner
  }
  const word = peek(reader)
  if (word.kind !== 'word') throw unexpected(reader)
  const called = FUNCTIONS[word.value.toLowerCase()]
  if (called && reader.tokens[reader.at + 1]?.value === '(') return readFunction(reader, called)
  if (word.value.toLowerCase().endsWith('/any')) return readAny(reader)
  return readComparison(reader)
}

function readFunction(reader: Reader, called: (value: string, part: string) => boolean): Test {
  const name = take(reader).value.toLowerCase()
  expectMark(reader, '(')
  const operand = readOperand(reader)
  expectMark(reader, ',')
  const part = readText(reader)
  expectMark(reader, ')')
  if (name === 'contains') throw unsupported(reader, operand.name)
  if (name === 'endswith') reader.advanced ??= operand.name
  const wanted = takeWord(reader, 'eq') ? readLiteral(reader) : true
  return (scope) => {
    const value = operand.value(scope)
    return (typeof value === 'string' && called(value.toLowerCase(), part)) === wanted
  }
}

function readAny(reader: Reader): Test {
  const { value: path, at } = take(reader)
  const operand = operandNamed(reader, path.slice(0, -'/any'.length), at)
  expectMark(reader, '(')
  if (takeMark(reader, ')')) return (scope) => listOf(operand.value(scope)).length > 0
  const variable = take(reader)
  if (variable.kind !== 'word' || /\W/.test(variable.value)) throw unexpected(reader)
  expectMark(reader, ':')
  reader.variables.add(variable.value)
  const inner = readOr(reader)
  reader.variables.delete(variable.value)
  expectMark(reader, ')')
  return (scope) =>
    listOf(operand.value(scope)).some((item) => inner({ ...scope, [variable.value]: item }))
}

function readComparison(reader: Reader): Test {
  const operand = readOperand(reader)
  const operator = take(reader)
  const name = operator.kind === 'word' ? operator.value.toLowerCase() : ''
  if (name === 'in') {
    const wanted = readList(reader).map(normal)
    return (scope) => wanted.includes(normal(operand.value(scope)))
  }
  if (name === 'eq' || name === 'ne') {
    const wanted = normal(readLiteral(reader))
    if (name === 'ne') reader.advanced ??= operand.name
    return (scope) => (normal(operand.value(scope)) === wanted) === (name === 'eq')
  }
  const order = ORDERS[name]
  if (order === undefined) throw syntaxError(reader.text, operator.at)
  const wanted = readLiteral(reader)
  return (scope) => {
    const sign = signOf(operand.value(scope), wanted)
    return sign !== undefined && order(sign)
  }
}

function readList(reader: Reader): unknown[] {
  expectMark(reader, '(')
  const values = [readLiteral(reader)]
  while (takeMark(reader, ',')) values.push(readLiteral(reader))
  expectMark(reader, ')')
  return values
}

function readOperand(reader: Reader): Operand {
  const { kind, value, at } = take(reader)
  if (kind !== 'word') throw syntaxError(reader.text, at)
  return operandNamed(reader, value, at)
}

/** A property, a member of one, or a lambda's variable: `web/homePageUrl`, `c`, `c/keyId`. */
function operandNamed({ filtered, variables, text }: Reader, path: string, at: number): Operand {
  const [first = '', ...members] = path.split('/')
  if (members.some((member) => !/^\w+$/.test(member))) throw syntaxError(text, at)
  const follow = (value: unknown) => members.reduce<unknown>(memberOf, value)
  if (variables.has(first)) return { name: first, value: (scope) => follow(scope[first]) }
  const property = propertyNamed(filtered, first)
  return { name: property, value: (scope) => follow(memberOf(scope[''], property)) }
}

/** The property as it is written; its name is asked in any case. @throws Failure `BadRequest` */
export function propertyNamed(
  { properties, typeName }: Pick<Filtered, 'properties' | 'typeName'>,
  asked: string,
): string {
  const lower = asked.toLowerCase()
  const found = Object.keys(properties).find((name) => name.toLowerCase() === lower)
  if (found !== undefined) return found
  throw new Failure(
    'invalid',
    'BadRequest',
    `Could not find a property named '${asked.slice(0, 100)}' on type 'microsoft.graph.${typeName}'.`,
  )
}

function isProperty({ filtered }: Reader, word: string): boolean {
  const first = word.split('/')[0]?.toLowerCase()
  return Object.keys(filtered.properties).some((name) => name.toLowerCase() === first)
}

function readText(reader: Reader): string {
  const { kind, value, at } = take(reader)
  if (kind !== 'text') throw syntaxError(reader.text, at)
  return value.toLowerCase()
}

function readLiteral(reader: Reader): unknown {
  const { kind, value, at } = take(reader)
  if (kind === 'text') return value
  if (kind !== 'word') throw syntaxError(reader.text, at)
  switch (value.toLowerCase()) {
    case 'null':
      return null
    case 'true':
      return true
    case 'false':
      return false
    default:
      return value
  }
}

function peek(reader: Reader): Token {
  const token = reader.tokens[reader.at]
  if (token === undefined) throw syntaxError(reader.text, reader.text.length)
  return token
}

function take(reader: Reader): Token {
  const token = peek(reader)
  reader.at++
  return token
}

function takeWord(reader: Reader, word: string): boolean {
  const { kind, value } = peek(reader)
  if (kind !== 'word' || value.toLowerCase() !== word) return false
  reader.at++
  return true
}

function takeMark(reader: Reader, mark: string): boolean {
  const { kind, value } = peek(reader)
  if (kind !== 'mark' || value !== mark) return false
  reader.at++
  return true
}

function expectMark(reader: Reader, mark: string): void {
  if (!takeMark(reader, mark)) throw unexpected(reader)
}

function unexpected(reader: Reader): Failure {
  return syntaxError(reader.text, peek(reader).at)
}

function unsupported({ filtered }: Reader, property: string): Failure {
  return unsupportedClause(property, filtered.title)
}

export function unsupportedClause(property: string, title: string): Failure {
  return new Failure(
    'invalid',
    'Request_UnsupportedQuery',
    `Unsupported or invalid query filter clause specified for property '${property}' of resource '${title}'.`,
  )
}
