/** The tree a condition is read into. */
import type { Operator, SetForm, Value } from './operators.ts'

/** Where an attribute is taken from. */
export type Source = 'resource' | 'request' | 'principal' | 'environment'

export interface Attribute {
  readonly kind: 'attribute'
  readonly source: Source
  /** As `attributeKey` writes it. */
  readonly key: string
}

export interface Literal {
  readonly kind: 'literal'
  readonly values: readonly Value[]
}

export type Operand = Attribute | Literal

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
  | { readonly kind: 'not'; readonly term: Expression }
  | { readonly kind: 'actionMatches'; readonly patterns: readonly ((action: string) => boolean)[] }
  | { readonly kind: 'subOperationMatches'; readonly names: readonly string[] }
  | { readonly kind: 'exists'; readonly attribute: Attribute }
  | {
      readonly kind: 'comparison'
      readonly operator: Operator
      readonly set: SetForm | undefined
      readonly left: Operand
      readonly right: Operand
    }

const CASE_SENSITIVE_TAG = /^(.*:)(.*)(<\$key_case_sensitive\$>)$/i

/** Attribute names compare without regard to case, tag keys marked case-sensitive excepted. */
export function attributeKey(name: string): string {
  const tag = CASE_SENSITIVE_TAG.exec(name)
  if (tag === null) return name.toLowerCase()
  const [, path = '', key = '', mark = ''] = tag
  return `${path.toLowerCase()}${key}${mark.toLowerCase()}`
}
