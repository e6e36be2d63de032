/**
 * Deny assignments: they win over every role. Azure itself makes them, for stacks and managed
 * applications; there is no public way to write one, so a check is given those that apply.
 */
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type ActionKey, type ActionKind, allows, type Permission } from './permissions.ts'

/** The id that stands for every principal there is. */
export const EVERYONE = '00000000-0000-0000-0000-000000000000'

export interface DenyAssignment {
  readonly name: string
  readonly scopeKey: string
  /** What is denied; `notActions` are exempt. */
  readonly permissions: readonly Permission[]
  readonly principals: readonly string[]
  readonly excludePrincipals: readonly string[]
  readonly doNotApplyToChildScopes: boolean
}

export interface DenyQuestion {
  /** The caller and its groups. */
  readonly principals: readonly ObjectId[]
  readonly action: ActionKey
  readonly kind: ActionKind
  readonly scope: ResourceId
  /** The keys of the scope and of all above it. */
  readonly over: readonly string[]
}

/** The first deny assignment that forbids it. */
export function deniedBy(
  denies: readonly DenyAssignment[],
  question: DenyQuestion,
): DenyAssignment | undefined {
  return denies.find(
    (deny) =>
      (deny.doNotApplyToChildScopes
        ? deny.scopeKey === question.scope.key
        : question.over.includes(deny.scopeKey)) &&
      names(deny.principals, question.principals) &&
      !question.principals.some((one) => deny.excludePrincipals.includes(one)) &&
      deny.permissions.some((block) => allows(block, question.action, question.kind)),
  )
}

function names(principals: readonly string[], callers: readonly ObjectId[]): boolean {
  return principals.includes(EVERYONE) || callers.some((one) => principals.includes(one))
}
