/** The words of OData expressions: texts in quotes, names and numbers, marks. */
import { Failure } from '../../../base/failure.ts'

export interface Token {
  readonly kind: 'text' | 'word' | 'mark' | 'end'
  readonly value: string
  /** Where it begins, in characters. */
  readonly at: number
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(\d{4}-\d\d-\d\dT[\d:.]+Z)|([\w$@.-][\w$@./+-]*)|([(),:]))/y

/** @throws Failure invalid `BadRequest` */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw syntaxError(text, at)
    const [, quoted, date, word, mark] = match
    if (quoted !== undefined) {
      tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'"), at })
    } else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark, at })
    else tokens.push({ kind: 'word', value: date ?? word ?? '', at })
  }
  return [...tokens, { kind: 'end', value: '', at: end }]
}

export function syntaxError(text: string, at: number): Failure {
  return new Failure(
    'invalid',
    'BadRequest',
    `Invalid filter clause: Syntax error at position ${at} in '${text.slice(0, 200)}'.`,
  )
}
