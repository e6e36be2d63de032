/**
 * PUT `{vault}/accessPolicies/{add|replace|remove}`: changes some of a vault's access policies and
 * leaves the others alone. A policy is known by its tenant, object and application.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { callerObjectId } from '../../core/call.ts'
import { findResource, putResource } from '../../core/resources/resource.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import {
  type AskedPolicy,
  accessPolicy,
  badRequest,
  checkAccessPolicies,
} from './vault-properties.ts'

type Change = (before: AskedPolicy | undefined, asked: AskedPolicy) => AskedPolicy | undefined
type Permissions = AskedPolicy['permissions']

const COLLECTIONS = ['keys', 'secrets', 'certificates', 'storage'] as const

/** What each operation makes of the policy that was there and the one it names. */
const CHANGES: Readonly<Record<string, Change>> = {
  add: (before, asked) =>
    before === undefined
      ? asked
      : { ...before, permissions: joined(before.permissions, asked.permissions) },
  replace: (_before, asked) => asked,
  remove: (before, asked) => {
    const left = before && without(before.permissions, asked.permissions)
    return left && { ...before, permissions: left }
  },
}

/** With the members of answers, which clients send back; they change nothing. */
const changeBody = z.strictObject({
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
  location: z.unknown().optional(),
  properties: z.strictObject({ accessPolicies: z.array(accessPolicy) }),
})

export const accessPolicyChanges: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/accessPolicies',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async put(tx, id, body) {
    const change = readChange(id)
    const read = changeBody.safeParse(body)
    if (!read.success) throw badRequest("An invalid value was provided for 'accessPolicies'.")
    const asked = read.data.properties.accessPolicies
    checkAccessPolicies(tx, asked)
    const vault = id.parent && (await findResource(tx, id.parent))
    if (vault === undefined)
      throw new Error('the engine lets nobody below a vault that is not there')
    const before = (vault.properties.accessPolicies ?? []) as readonly AskedPolicy[]
    const accessPolicies = changed(before, asked, change)
    checkAccessPolicies(tx, accessPolicies)
    await putResource(tx, {
      ...vault,
      properties: { ...vault.properties, accessPolicies },
      version: vault.version + 1,
      changedAt: tx.now,
      changedBy: callerObjectId(tx),
    })
    return {
      status: 200,
      body: {
        id: `${vault.id.text}/accessPolicies/`,
        type: 'Microsoft.KeyVault/vaults/accessPolicies',
        properties: { accessPolicies },
      },
    }
  },
}

function readChange(id: ResourceId): Change {
  const name = id.name.toLowerCase()
  const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined
  if (change) return change
  throw new Failure(
    'invalid',
    'BadRequest',
    `The operation '${id.name}' on access policies is none of add, replace and remove.`,
  )
}

function changed(
  before: readonly AskedPolicy[],
  asked: readonly AskedPolicy[],
  change: Change,
): AskedPolicy[] {
  const policies = new Map(before.map((policy) => [keyOf(policy), policy]))
  for (const policy of asked) {
    const next = change(policies.get(keyOf(policy)), policy)
    if (next) policies.set(keyOf(policy), next)
    else policies.delete(keyOf(policy))
  }
  return [...policies.values()]
}

function keyOf({ tenantId, objectId, applicationId }: AskedPolicy): string {
  return `${tenantId}/${objectId}/${applicationId ?? ''}`.toLowerCase()
}

function joined(before: Permissions, more: Permissions): Permissions {
  const permissions: Permissions = {}
  for (const collection of COLLECTIONS) {
    const had = before[collection] ?? []
    const added = (more[collection] ?? []).filter((word) => !includes(had, word))
    if (before[collection] || more[collection]) permissions[collection] = [...had, ...added]
  }
  return permissions
}

/** What is left; undefined when it is nothing. */
function without(before: Permissions, less: Permissions): Permissions | undefined {
  const permissions: Permissions = {}
  for (const collection of COLLECTIONS) {
    const gone = less[collection] ?? []
    if (!before[collection]) continue
    permissions[collection] = before[collection].filter((word) => !includes(gone, word))
  }
  return Object.values(permissions).some((words) => words?.length) ? permissions : undefined
}

function includes(words: readonly string[], word: string): boolean {
  return words.some((one) => one.toLowerCase() === word.toLowerCase())
}
