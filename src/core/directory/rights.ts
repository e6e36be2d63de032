/**
 * What directory roles let a principal do: those it holds itself, and those of the groups that hold
 * one and that it is directly in. Groups inside such groups hold nothing.
 */
import type { ObjectId } from '../../base/ids.ts'
import type { Call } from '../call.ts'
import { findRoleTemplate } from './directory-role-templates.ts'
import { rolesAssignedTo } from './directory-roles.ts'
import { directGroupIds } from './groups.ts'
import type { GraphPermission } from './microsoft-graph.ts'

/** Template ids of every role the principal holds. */
export async function rolesHeldBy(call: Call, objectId: ObjectId): Promise<ReadonlySet<string>> {
  const holders = [objectId, ...(await directGroupIds(call, objectId))]
  const held = await Promise.all(holders.map((holder) => rolesAssignedTo(call, holder)))
  return new Set(held.flat())
}

/** Whether a role lets the principal do what one of the permissions is for. */
export async function mayByRole(
  call: Call,
  objectId: ObjectId,
  permissions: readonly GraphPermission[],
): Promise<boolean> {
  for (const roleId of await rolesHeldBy(call, objectId)) {
    const rights = findRoleTemplate(roleId)?.permissions ?? []
    if (rights === 'every' || permissions.some((one) => rights.includes(one))) return true
  }
  return false
}

/** Whether the principal holds a role that lesser administrators must not reach through it. */
export async function isAdministrator(call: Call, objectId: ObjectId): Promise<boolean> {
  const held = await rolesHeldBy(call, objectId)
  return [...held].some((roleId) => findRoleTemplate(roleId)?.isLesser !== true)
}
