/**
 * Reads the text of a condition into an expression.
 *
 *   expression = term ((AND | &&) term)* | term ((OR | ||) term)*
 *   term       = (NOT | !) term | ( expression ) | predicate
 *   predicate  = ActionMatches{'…'} | SubOperationMatches{'…'} | Exists attribute
 *              | operand [set form :] operator operand
 *
 * AND and OR side by side must be told apart with parentheses, as Azure asks; a row of one of them
 * needs none.
 */
import { actionPattern } from '../permissions.ts'
import { asFamily, OPERATORS, type Operator, SET_FORMS, type SetForm } from './operators.ts'
import {
  type Attribute,
  attributeKey,
  type Expression,
  type Operand,
  type Source,
} from './syntax.ts'
import { conditionFailure, type Token, tokenize } from './tokens.ts'

/** Azure's limit for one condition. */
const LONGEST_CONDITION_CHARS = 8 * 1024
/** Parentheses and negations inside each other; beyond it nobody can read a condition. */
const DEEPEST_NESTING = 100

const SOURCES: ReadonlySet<string> = new Set<Source>([
  'resource',
  'request',
  'principal',
  'environment',
])
const CONNECTIVES: ReadonlyMap<string, 'and' | 'or'> = new Map([
  ['and', 'and'],
  ['&&', 'and'],
  ['or', 'or'],
  ['||', 'or'],
])

/** @throws Failure invalid `InvalidCondition` */
export function parseCondition(text: string): Expression {
  if (text.length > LONGEST_CONDITION_CHARS) {
    throw conditionFailure(`It is longer than ${LONGEST_CONDITION_CHARS} characters.`)
  }
  const reader = new Reader(tokenize(text))
  const expression = readExpression(reader, 0)
  if (reader.peek() !== undefined) throw reader.unexpected('the end')
  return expression
}

/** A place in the tokens. */
class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at]
  }

  next(wanted: string): Token {
    const token = this.peek()
    if (token === undefined) throw this.unexpected(wanted)
    this.#at++
    return token
  }

  /** Steps over the symbol when it is next. */
  skip(symbol: string): boolean {
    const token = this.peek()
    if (token?.kind !== 'symbol' || token.text !== symbol) return false
    this.#at++
    return true
  }

  expect(symbol: string): void {
    if (!this.skip(symbol)) throw this.unexpected(`'${symbol}'`)
  }

  /** The lower-case word that is next, not stepped over. */
  word(): string | undefined {
    const token = this.peek()
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined
  }

  unexpected(wanted: string) {
    const token = this.peek()
    const found = token === undefined ? 'the end' : `'${'text' in token ? token.text : token.name}'`
    return conditionFailure(`Expected ${wanted}, found ${found}.`)
  }
}

function readExpression(reader: Reader, depth: number): Expression {
  const terms = [readTerm(reader, depth)]
  let joined: 'and' | 'or' | undefined
  for (;;) {
    const connective = CONNECTIVES.get(reader.word() ?? '')
    if (connective === undefined) break
    if (joined !== undefined && joined !== connective) {
      throw conditionFailure('AND and OR side by side need parentheses.')
    }
    joined = connective
    reader.next('a connective')
    terms.push(readTerm(reader, depth))
  }
  const [only] = terms
  return joined === undefined && only !== undefined ? only : { kind: joined ?? 'and', terms }
}

function readTerm(reader: Reader, depth: number): Expression {
  if (depth > DEEPEST_NESTING) throw conditionFailure('It is nested too deeply.')
  if (reader.skip('!')) return { kind: 'not', term: readTerm(reader, depth + 1) }
  if (reader.skip('(')) {
    const inner = readExpression(reader, depth + 1)
    reader.expect(')')
    return inner
  }
  switch (reader.word()) {
    case 'not':
      reader.next('NOT')
      return { kind: 'not', term: readTerm(reader, depth + 1) }
    case 'actionmatches':
      reader.next('ActionMatches')
      return { kind: 'actionMatches', patterns: readStrings(reader).map(actionPattern) }
    case 'suboperationmatches':
      reader.next('SubOperationMatches')
      return {
        kind: 'subOperationMatches',
        names: readStrings(reader).map((name) => name.toLowerCase()),
      }
    case 'exists':
      reader.next('Exists')
      return { kind: 'exists', attribute: readAttribute(reader) }
    default:
      return readComparison(reader)
  }
}

function readStrings(reader: Reader): string[] {
  return readSet(reader).map((token) => {
    if (token.kind !== 'string') throw conditionFailure('Expected texts in single quotes.')
    return token.text
  })
}

function readAttribute(reader: Reader): Attribute {
  const token = reader.next('an attribute')
  if (token.kind !== 'attribute') throw conditionFailure('Expected an attribute after Exists.')
  return attributeOf(token)
}

function attributeOf(token: Token & { kind: 'attribute' }): Attribute {
  const source = token.source.toLowerCase()
  if (!SOURCES.has(source)) throw conditionFailure(`Unknown attribute source '@${token.source}'.`)
  return { kind: 'attribute', source: source as Source, key: attributeKey(token.name) }
}

function readComparison(reader: Reader): Expression {
  const left = readOperand(reader)
  const { operator, set } = readOperator(reader)
  const right = readOperand(reader)
  return {
    kind: 'comparison',
    operator,
    set,
    left: settleOperand(left, operator, set),
    right: settleOperand(right, operator, set),
  }
}

interface LiteralTokens {
  readonly kind: 'tokens'
  readonly tokens: readonly Token[]
  readonly isSet: boolean
}

function readOperand(reader: Reader): Attribute | LiteralTokens {
  const start = reader.peek()
  if (start?.kind === 'symbol' && start.text === '{') {
    return { kind: 'tokens', tokens: readSet(reader), isSet: true }
  }
  const token = reader.next('an attribute or a value')
  if (token.kind === 'attribute') return attributeOf(token)
  if (token.kind === 'symbol') throw conditionFailure(`Expected a value, found '${token.text}'.`)
  return { kind: 'tokens', tokens: [token], isSet: false }
}

/** Reads `{a, b}`. */
function readSet(reader: Reader): Token[] {
  reader.expect('{')
  const tokens: Token[] = []
  do {
    const token = reader.next('a value')
    if (token.kind !== 'string' && token.kind !== 'word')
      throw conditionFailure('Expected a value.')
    tokens.push(token)
  } while (reader.skip(','))
  reader.expect('}')
  return tokens
}

/** Reads `StringEquals` or `ForAnyOfAnyValues:StringEquals`. */
function readOperator(reader: Reader): { operator: Operator; set: SetForm | undefined } {
  const word = reader.word()
  if (word === undefined) throw reader.unexpected('an operator')
  const [prefix = '', suffix] = word.split(':')
  const set = suffix === undefined ? undefined : SET_FORMS.get(prefix)
  const operator = OPERATORS.get(suffix ?? prefix)
  if (operator === undefined || (suffix !== undefined && set === undefined)) {
    throw conditionFailure(`Unknown operator '${word}'.`)
  }
  reader.next('an operator')
  return { operator, set }
}

/** Reads a literal as its operator compares it: texts are quoted, the rest may stand bare. */
function settleOperand(
  operand: Attribute | LiteralTokens,
  operator: Operator,
  set: SetForm | undefined,
): Operand {
  if (operand.kind === 'attribute') return operand
  if (operand.isSet && set === undefined) {
    throw conditionFailure(`${operator.name} compares single values, not sets.`)
  }
  const values = operand.tokens.map((token) => {
    const text = 'text' in token ? token.text : ''
    const value =
      operator.family === 'string' && token.kind !== 'string'
        ? undefined
        : asFamily(text, operator.family)
    if (value === undefined) throw conditionFailure(`'${text}' is no value for ${operator.name}.`)
    return value
  })
  return { kind: 'literal', values }
}
