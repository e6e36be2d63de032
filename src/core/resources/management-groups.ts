/**
 * Management groups are rows of `resources` too: what each is called, and who changed it when. Where
 * they stand in the tree is kept by core/rbac, which asks it at every check.
 */
import { type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { resourcesOfType } from './lists.ts'
import { findResource, putResource, type Resource } from './resource.ts'

export const MANAGEMENT_GROUP_TYPE = 'microsoft.management/managementgroups'

/** What people call the root group until they change it. */
const ROOT_NAME = 'Tenant Root Group'

/** The management group, or undefined; the root group is always there. */
export async function findManagementGroup(
  call: Call,
  id: ResourceId,
): Promise<Resource | undefined> {
  const stored = await findResource(call, id)
  if (stored || id.key !== rootManagementGroup(call).key) return stored
  return rootAsMade(call)
}

/** All of them, the root group too. */
export async function everyManagementGroup(call: Call): Promise<Resource[]> {
  const stored = await resourcesOfType(call, MANAGEMENT_GROUP_TYPE)
  const root = rootManagementGroup(call)
  return stored.some(({ id }) => id.key === root.key) ? stored : [await rootAsMade(call), ...stored]
}

/** Every subscription of the tenant. */
export function everySubscription(call: Call): Promise<Resource[]> {
  return resourcesOfType(call, 'microsoft.resources/subscriptions')
}

/** Nobody makes the root group, so it has no row before it is changed: it is as old as what is in it. */
async function rootAsMade(call: Call): Promise<Resource> {
  const times = (await everySubscription(call)).map(({ createdAt }) => createdAt)
  const since = times.reduce((one, other) => (other < one ? other : one), call.now)
  return {
    ...BLANK,
    id: rootManagementGroup(call),
    properties: { displayName: ROOT_NAME },
    version: 1,
    createdAt: since,
    createdBy: undefined,
    changedAt: since,
    changedBy: undefined,
  }
}

const BLANK = {
  type: MANAGEMENT_GROUP_TYPE,
  location: undefined,
  kind: undefined,
  tags: undefined,
  sku: undefined,
  envelope: {},
  state: {},
  provisioningState: undefined,
} as const

/** Makes a management group, or gives it another name. */
export async function putManagementGroup(
  tx: Transaction,
  id: ResourceId,
  displayName: string,
): Promise<Resource> {
  const before = await findManagementGroup(tx, id)
  const group: Resource = {
    ...BLANK,
    state: before?.state ?? BLANK.state,
    id: before?.id ?? id,
    properties: { displayName },
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? tx.now,
    createdBy: before ? before.createdBy : callerObjectId(tx),
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
  await putResource(tx, group)
  return group
}

/** Settings of the whole tree, which are kept on the root group; undefined when none are set. */
export interface HierarchySettings {
  /** Without it every principal of the tenant may make groups below the root. */
  readonly requireAuthorizationForGroupCreation?: boolean
  /** The id of the group in which new ones are, when they name no parent. */
  readonly defaultManagementGroup?: string
}

export async function hierarchySettings(call: Call): Promise<HierarchySettings | undefined> {
  const root = await findManagementGroup(call, rootManagementGroup(call))
  return root?.state.settings as HierarchySettings | undefined
}

/** @param settings undefined takes them away */
export async function putHierarchySettings(
  tx: Transaction,
  settings: HierarchySettings | undefined,
): Promise<void> {
  const root = (await findManagementGroup(tx, rootManagementGroup(tx))) ?? (await rootAsMade(tx))
  await putResource(tx, { ...root, state: settings ? { settings } : {} })
}
