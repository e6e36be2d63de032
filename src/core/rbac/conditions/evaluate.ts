/** Evaluates a condition against one request. */
import type { Instant } from '../../../base/clock.ts'
import { asFamily, type Family, type Operator, type SetForm, type Value } from './operators.ts'
import {
  type Attribute,
  attributeKey,
  type Expression,
  type Operand,
  type Source,
} from './syntax.ts'

export type AttributeValue = Value | readonly Value[]

/** What the caller of a check knows about the request; names as conditions write them. */
export interface Attributes {
  readonly resource?: Readonly<Record<string, AttributeValue>>
  readonly request?: Readonly<Record<string, AttributeValue>>
  readonly principal?: Readonly<Record<string, AttributeValue>>
  readonly environment?: Readonly<Record<string, AttributeValue>>
  /** The variant of the action: `Blob.List` of a blobs/read. */
  readonly subOperation?: string
}

interface Request {
  readonly action: string
  readonly now: Instant
  readonly attributes?: Attributes
}

export function evaluate(expression: Expression, request: Request): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.terms.every((term) => evaluate(term, request))
    case 'or':
      return expression.terms.some((term) => evaluate(term, request))
    case 'not':
      return !evaluate(expression.term, request)
    case 'actionMatches':
      return expression.patterns.some((matches) => matches(request.action))
    case 'subOperationMatches': {
      const subOperation = request.attributes?.subOperation?.toLowerCase()
      return subOperation !== undefined && expression.names.includes(subOperation)
    }
    case 'exists':
      return attributeValues(expression.attribute, request) !== undefined
    case 'comparison': {
      const { operator, set } = expression
      const left = operandValues(expression.left, operator.family, request)
      const right = operandValues(expression.right, operator.family, request)
      if (left === undefined || right === undefined) return false
      return compare(left, operator, set, right)
    }
  }
}

function compare(
  left: readonly Value[],
  operator: Operator,
  set: SetForm | undefined,
  right: readonly Value[],
): boolean {
  if (set === undefined) {
    const [one] = left
    const [other] = right
    if (left.length !== 1 || right.length !== 1) return false
    return one !== undefined && other !== undefined && operator.test(one, other)
  }
  const against = (one: Value): boolean =>
    set.right === 'any'
      ? right.some((other) => operator.test(one, other))
      : right.every((other) => operator.test(one, other))
  return set.left === 'any' ? left.some(against) : left.every(against)
}

/** The values as the family compares them; undefined when missing, empty or of another type. */
function operandValues(
  operand: Operand,
  family: Family,
  request: Request,
): readonly Value[] | undefined {
  if (operand.kind === 'literal') return operand.values
  const values = attributeValues(operand, request)?.map((value) => asFamily(value, family))
  if (values === undefined || values.length === 0 || values.includes(undefined)) return undefined
  return values as Value[]
}

function attributeValues(attribute: Attribute, request: Request): readonly Value[] | undefined {
  const { source, key } = attribute
  if (source === 'environment' && key === 'utcnow') return [request.now]
  const given = request.attributes?.[source]
  const value = given === undefined ? undefined : keyed(given).get(key)
  if (value === undefined) return undefined
  return typeof value === 'object' ? value : [value]
}

const keyedRecords = new WeakMap<object, ReadonlyMap<string, AttributeValue>>()

/** The attributes of one source by key; made once per record, and only when a condition asks. */
function keyed(given: NonNullable<Attributes[Source]>): ReadonlyMap<string, AttributeValue> {
  const known = keyedRecords.get(given)
  if (known !== undefined) return known
  const made = new Map(Object.entries(given).map(([name, value]) => [attributeKey(name), value]))
  keyedRecords.set(given, made)
  return made
}
