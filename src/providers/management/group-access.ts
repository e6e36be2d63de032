/**
 * What it takes to make, change and move what is in the tree.
 *
 * Below the root group anybody may make groups, unless the tenant's settings ask for the right to;
 * below another group it takes the right to write that one. A move takes the right to write what is
 * moved and to give roles on it, and the right to write the group that it leaves and the one that it
 * comes into, of which the root group is neither guarded so. Nobody who owns what is moved by a role
 * above it alone may move it to where that role no longer reaches.
 */
import { type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { listAssignments } from '../../core/rbac/assignment-list.ts'
import { roleAllows } from '../../core/rbac/role.ts'
import { openRoles } from '../../core/rbac/role-definitions.ts'
import { hierarchySettings } from '../../core/resources/management-groups.ts'
import type { NeededAccess } from '../provider.ts'

export const WRITE_GROUP = 'Microsoft.Management/managementGroups/write'
const GIVE_ROLES = 'Microsoft.Authorization/roleAssignments/write'
const TAKE_ROLES = 'Microsoft.Authorization/roleAssignments/delete'

const GROUP_REFUSAL =
  "Permission to write on resources of type 'Microsoft.Management/managementGroups' is required " +
  'on the management group or its ancestors.'

/** @param parent the group that the new one shall be in; the root group when not given */
export async function accessToCreate(
  call: Call,
  parent: ResourceId | undefined,
): Promise<NeededAccess[]> {
  const root = rootManagementGroup(call)
  if (parent !== undefined && parent.key !== root.key) {
    const message =
      "Permission to Microsoft.Management/managementGroups on resources of type 'Write' is " +
      'required on the management group or its ancestors.'
    return [{ action: WRITE_GROUP, scope: parent, message }]
  }
  const settings = await hierarchySettings(call)
  const isGuarded = settings?.requireAuthorizationForGroupCreation === true
  return isGuarded ? [{ action: WRITE_GROUP, scope: root }] : []
}

export interface Move {
  /** A management group or a subscription. */
  readonly child: ResourceId
  readonly from: ResourceId
  readonly to: ResourceId
}

/** What a move needs beside the action that it is asked for by. */
export async function accessToMove(call: Call, { child, from, to }: Move): Promise<NeededAccess[]> {
  const root = rootManagementGroup(call)
  const kind = child.subscriptionId === undefined ? 'management group' : 'subscription'
  const message =
    "Permission to write and delete on resources of type 'Microsoft.Authorization/roleAssignments' " +
    `is required on the ${kind} or its ancestors.`
  const ofParents = [from, to].filter(({ key }) => key !== root.key)
  const keeps = to.key === root.key || (await hasRoleOn(call, child, GIVE_ROLES))
  return [
    { action: GIVE_ROLES, scope: child, message },
    { action: TAKE_ROLES, scope: child, message },
    { action: WRITE_GROUP, scope: child, message: GROUP_REFUSAL },
    ...ofParents.map((scope) => ({ action: WRITE_GROUP, scope, message: GROUP_REFUSAL })),
    ...(keeps ? [] : [{ action: GIVE_ROLES, scope: to, message }]),
  ]
}

/** Whether a role on the scope itself, by the caller or a group of its, allows the action. */
async function hasRoleOn(call: Call, scope: ResourceId, action: string): Promise<boolean> {
  const caller = callerObjectId(call)
  if (caller === undefined) return false
  const roles = await openRoles(call)
  const held = await listAssignments(call, { scope, atScope: true, assignedTo: caller })
  return held.some(({ scopeKey, roleId }) => {
    const role = roles.get(roleId)
    return scopeKey === scope.key && role !== undefined && roleAllows(role, action, 'action')
  })
}
