/**
 * Access policies: the older way to say who may use a vault, read only where role assignments do
 * not decide. A policy names one directory object and, per collection, the permissions it has.
 */

export type PolicyCollection = 'keys' | 'secrets' | 'certificates' | 'storage'

export interface AccessPolicy {
  readonly tenantId: string
  /** A user, group or service principal. */
  readonly objectId: string
  /** If given, the policy holds only when the object acts through this application. */
  readonly applicationId?: string | null | undefined
  readonly permissions: Readonly<
    Partial<Record<PolicyCollection, readonly string[] | null | undefined>>
  >
}

const COMMON = ['all', 'get', 'list', 'delete', 'backup', 'restore', 'recover', 'purge']
const ISSUERS = ['getissuers', 'listissuers', 'setissuers', 'deleteissuers', 'manageissuers']
const KEY_USES = ['encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify', 'release']
const SAS = ['getsas', 'listsas', 'setsas', 'deletesas']

/** The permissions that exist per collection, lower case: they compare case-insensitively. */
export const POLICY_PERMISSIONS: Readonly<Record<PolicyCollection, ReadonlySet<string>>> = {
  keys: new Set([
    ...COMMON,
    ...KEY_USES,
    ...['create', 'import', 'update', 'rotate', 'getrotationpolicy', 'setrotationpolicy'],
  ]),
  secrets: new Set([...COMMON, 'set']),
  certificates: new Set([...COMMON, ...ISSUERS, 'create', 'import', 'update', 'managecontacts']),
  storage: new Set([...COMMON, ...SAS, 'set', 'update', 'regeneratekey']),
}

export interface PolicySubject {
  readonly tenantId: string
  /** The caller's object id and those of the groups it is in. */
  readonly objectIds: readonly string[]
  readonly applicationId: string
}

/** Whether any policy gives the subject the permission; `all` gives each of its collection. */
export function policiesAllow(
  policies: readonly AccessPolicy[],
  subject: PolicySubject,
  collection: PolicyCollection,
  permission: string,
): boolean {
  const word = permission.toLowerCase()
  return policies.some(
    (policy) =>
      appliesTo(policy, subject) &&
      (policy.permissions[collection] ?? []).some((granted) => {
        const lower = granted.toLowerCase()
        return lower === word || lower === 'all'
      }),
  )
}

function appliesTo(policy: AccessPolicy, subject: PolicySubject): boolean {
  return (
    same(policy.tenantId, subject.tenantId) &&
    subject.objectIds.some((id) => same(id, policy.objectId)) &&
    (!policy.applicationId || same(policy.applicationId, subject.applicationId))
  )
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
