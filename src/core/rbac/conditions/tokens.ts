/** Cuts the text of a condition into tokens. */
import { Failure } from '../../../base/failure.ts'

export type Token =
  | { readonly kind: 'symbol'; readonly text: '(' | ')' | '{' | '}' | ',' | '!' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'attribute'; readonly source: string; readonly name: string }

export function conditionFailure(why: string): Failure {
  return new Failure(
    'invalid',
    'InvalidCondition',
    `The given role assignment condition is invalid. ${why}`,
  )
}

/** `&&` and `||` are words like AND and OR. */
const SPACE = /\s+/y
const SYMBOL = /[(){},!]/y
const STRING = /'((?:[^'\\]|\\[\s\S])*)'/y
const ATTRIBUTE = /@([A-Za-z]+)\s*\[([^\][']+)\]/y
const WORD = /&&|\|\||[A-Za-z0-9_.:+-]+/y

/** @throws Failure invalid `InvalidCondition` */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return undefined
    at = pattern.lastIndex
    return found
  }
  while (at < text.length) {
    if (take(SPACE)) continue
    const token = nextToken(take)
    if (token === undefined) {
      throw conditionFailure(`Unexpected character '${text[at]}' at position ${at}.`)
    }
    tokens.push(token)
  }
  return tokens
}

type Take = (pattern: RegExp) => RegExpExecArray | undefined

function nextToken(take: Take): Token | undefined {
  const symbol = take(SYMBOL)
  if (symbol) return { kind: 'symbol', text: symbol[0] as '(' }
  const string = take(STRING)
  if (string) return { kind: 'string', text: (string[1] ?? '').replaceAll("\\'", "'") }
  const attribute = take(ATTRIBUTE)
  if (attribute) {
    return { kind: 'attribute', source: attribute[1] ?? '', name: (attribute[2] ?? '').trim() }
  }
  const word = take(WORD)
  return word ? { kind: 'word', text: word[0] } : undefined
}
