/**
 * The nearest built-in role that would allow an action: the answer to "Why 403?".
 *
 * First the roles that people give by hand, from small to large, so that the answer is one they
 * would choose; then the rest of the table by size. Small is judged by patterns: a star grants more
 * the further left it stands, and a write more than a read. Roles with a condition are no general
 * answer and are left out.
 */
import { BUILT_IN_ROLES } from './built-in-roles.ts'
import type { ActionKind } from './permissions.ts'
import { type Role, roleAllows } from './role.ts'

/** In the order in which they are offered. */
const USUAL = [
  'Reader',
  'Managed Identity Operator',
  'Managed Identity Federated Identity Credential Contributor',
  'Managed Identity Contributor',
  'Key Vault Secrets User',
  'Key Vault Crypto User',
  'Key Vault Certificate User',
  'Key Vault Secrets Officer',
  'Key Vault Crypto Officer',
  'Key Vault Certificates Officer',
  'Key Vault Administrator',
  'Key Vault Contributor',
  'Storage Blob Data Reader',
  'Storage Blob Delegator',
  'Storage Blob Data Contributor',
  'Storage Blob Data Owner',
  'Storage Queue Data Reader',
  'Storage Queue Data Message Sender',
  'Storage Queue Data Message Processor',
  'Storage Queue Data Contributor',
  'Storage Table Data Reader',
  'Storage Table Data Contributor',
  'Storage Account Contributor',
  'Virtual Machine Contributor',
  'Network Contributor',
  'Website Contributor',
  'Web Plan Contributor',
  'Logic App Contributor',
  'Monitoring Contributor',
  'Tag Contributor',
  'Locks Contributor',
  'Role Based Access Control Administrator',
  'User Access Administrator',
]

/** Many roles may also touch groups and deployments; only these are about them. */
const USUAL_FOR_GROUPS = ['Reader', 'Tag Contributor', 'Contributor']

/** What the breadth of a pattern is multiplied with for each segment it leaves open to the right. */
const STAR_BREADTH = 10
const DEEPEST_PATTERN = 6
/** How many answers are kept; past it they are found anew. */
const MOST_KEPT_ANSWERS = 1000

interface Offered {
  readonly forGroups: readonly Role[]
  readonly forTheRest: readonly Role[]
}
/** Put in order when somebody is first refused: a start does without. */
let inOrder: Offered | undefined

const answers = new Map<string, Role | undefined>()

export function nearestRole(action: string, kind: ActionKind): Role | undefined {
  const question = `${kind} ${action.toLowerCase()}`
  if (answers.has(question)) return answers.get(question)
  inOrder ??= offeredRoles()
  const isOfGroups = /^microsoft\.resources\//i.test(action)
  const offered = isOfGroups ? inOrder.forGroups : inOrder.forTheRest
  const answer = offered.find((role) => roleAllows(role, action, kind))
  if (answers.size < MOST_KEPT_ANSWERS) answers.set(question, answer)
  return answer
}

function offeredRoles(): Offered {
  const unconditional = BUILT_IN_ROLES.filter((role) =>
    role.permissions.every(({ condition }) => condition === undefined),
  )
  const bySize = unconditional
    .map((role) => ({ role, size: sizeOf(role) }))
    .sort((one, other) => one.size - other.size)
    .map(({ role }) => role)
  const named = (names: readonly string[]): Role[] =>
    names.flatMap((name) => bySize.find((role) => role.name === name) ?? [])
  return { forGroups: named(USUAL_FOR_GROUPS), forTheRest: [...named(USUAL), ...bySize] }
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
