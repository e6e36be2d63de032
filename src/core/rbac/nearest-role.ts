/**
 * The smallest built-in role that would allow an action: the answer to "Why 403?".
 *
 * Small is judged by the patterns of a role: a star grants more the further left it stands, and a
 * write more than a read. Roles with a condition are no general answer and are left out.
 */
import { BUILT_IN_ROLES } from './built-in-roles.ts'
import type { ActionKind } from './permissions.ts'
import { type Role, roleAllows } from './role.ts'

/** What the breadth of a pattern is multiplied with for each segment it leaves open to the right. */
const STAR_BREADTH = 10
const DEEPEST_PATTERN = 6
/** How many answers are kept; past it they are found anew. */
const MOST_KEPT_ANSWERS = 1000

const bySize: readonly Role[] = BUILT_IN_ROLES.filter((role) =>
  role.permissions.every(({ condition }) => condition === undefined),
)
  .map((role) => ({ role, size: sizeOf(role) }))
  .sort((one, other) => one.size - other.size)
  .map(({ role }) => role)

const answers = new Map<string, Role | undefined>()

export function nearestRole(action: string, kind: ActionKind): Role | undefined {
  const question = `${kind} ${action.toLowerCase()}`
  if (answers.has(question)) return answers.get(question)
  const answer = bySize.find((role) => roleAllows(role, action, kind))
  if (answers.size < MOST_KEPT_ANSWERS) answers.set(question, answer)
  return answer
}

function sizeOf(role: Role): number {
  const patterns = role.permissions.flatMap((block) => [...block.actions, ...block.dataActions])
  return patterns.reduce((size, pattern) => size + breadthOf(pattern), 0)
}

function breadthOf(pattern: string): number {
  const before = pattern.split('/').findIndex((segment) => segment.includes('*'))
  const reads = /\/read\s*$/i.test(pattern)
  if (before === -1) return reads ? 1 : 3
  return STAR_BREADTH ** (DEEPEST_PATTERN - Math.min(before, DEEPEST_PATTERN - 1)) / (reads ? 4 : 1)
}
