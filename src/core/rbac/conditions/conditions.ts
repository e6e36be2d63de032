/**
 * Conditions on role assignments: attribute-based access control, language version 2.0.
 *
 *   ((!(ActionMatches{'…/blobs/read'})) OR (@Resource[…/containers:name] StringEquals 'c1'))
 *
 * A condition is text from outside: it is read once (`tokens.ts`, `parse.ts`), kept, and evaluated
 * against one request (`evaluate.ts`, with the table of `operators.ts`). It grants nothing: it only
 * narrows the role it is attached to. This folder knows base and nothing of rooms or tables.
 */
import type { Instant } from '../../../base/clock.ts'
import type { ActionKey } from '../permissions.ts'
import { type Attributes, evaluate } from './evaluate.ts'
import { parseCondition } from './parse.ts'
import type { Expression } from './syntax.ts'

/** The version an assignment's condition must be of; roles of Azure's own also have 1.0. */
export const CONDITION_VERSION = '2.0'

/** What a condition may look at. Attribute names as in the condition: `Namespace/type:name`. */
export interface ConditionRequest {
  readonly action: ActionKey
  readonly now: Instant
  readonly attributes?: Attributes
}

/** How many read conditions are kept; past it the oldest goes. */
const MOST_KEPT_CONDITIONS = 1000
const kept = new Map<string, Expression>()

/**
 * Checks the text of a condition without evaluating it.
 * @throws Failure invalid `InvalidCondition`
 */
export function checkCondition(text: string): void {
  read(text)
}

/**
 * Whether the condition holds for the request. A comparison with an attribute that the request
 * does not have is false; so is one whose value has another type.
 * @throws Failure invalid `InvalidCondition` when the text cannot be read
 */
export function conditionHolds(text: string, request: ConditionRequest): boolean {
  return evaluate(read(text), request)
}

function read(text: string): Expression {
  const known = kept.get(text)
  if (known !== undefined) return known
  const expression = parseCondition(text)
  if (kept.size >= MOST_KEPT_CONDITIONS) {
    const oldest = kept.keys().next()
    if (!oldest.done) kept.delete(oldest.value)
  }
  kept.set(text, expression)
  return expression
}
