/** Makes, changes and deletes management groups, within what Azure allows of a tree. */
import { newId } from '../../base/ids.ts'
import { type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import { DEPLOYMENT_TYPE, removeDeployment } from '../../core/deployments/deployment.ts'
import { OWNER_ROLE_ID } from '../../core/rbac/built-in-roles.ts'
import { forgetScope, putAssignment } from '../../core/rbac/role-assignments.ts'
import { displaceScope, placeScope } from '../../core/rbac/scope-tree.ts'
import { resourcesBelow } from '../../core/resources/lists.ts'
import { hierarchySettings, putManagementGroup } from '../../core/resources/management-groups.ts'
import { removeResource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { AskedGroup } from './group-body.ts'
import { badRequest } from './group-document.ts'
import { ancestors, levels, type Node, openGroupTree, requireGroup } from './group-tree.ts'

const NAME = /^[-\w().]{1,90}$/
/** Below the root group; subscriptions do not count. */
const MOST_LEVELS = 6
const MOST_GROUPS = 10_000

/** Whether a group may be called so. */
export function isGroupName(name: string): boolean {
  return NAME.test(name) && !name.endsWith('.')
}

/** Makes a group; whoever makes it owns it. */
export async function createGroup(
  tx: Transaction,
  id: ResourceId,
  asked: AskedGroup,
): Promise<void> {
  if (!isGroupName(id.name)) {
    throw badRequest(
      `The management group name '${id.name}' is not valid: it has 1 to 90 letters, digits, ` +
        "'-', '_', '(', ')' and '.', and does not end with a period.",
    )
  }
  const tree = await openGroupTree(tx)
  // The default group of the settings is that of new subscriptions.
  const parent = asked.parent ? requireGroup(tree, asked.parent) : tree.root
  refuseDeep(parent, 1)
  if (tree.all().filter(({ isGroup }) => isGroup).length >= MOST_GROUPS) {
    throw badRequest(`A tenant can have ${MOST_GROUPS} management groups.`)
  }
  await putManagementGroup(tx, id, asked.displayName ?? id.name)
  await placeScope(tx, id.key, parent.resource.id.key)
  if (tx.caller.kind !== 'principal') return
  const { objectId: principalId, type: principalType } = tx.caller
  const owner = { roleId: OWNER_ROLE_ID, principalId, principalType }
  await putAssignment(tx, { name: newId(), scope: id, ...owner })
}

/** Gives a group another name, another parent, or both. */
export async function changeGroup(
  tx: Transaction,
  id: ResourceId,
  asked: AskedGroup,
): Promise<void> {
  const tree = await openGroupTree(tx)
  const node = requireGroup(tree, id)
  const parent = asked.parent && requireGroup(tree, asked.parent)
  if (parent && parent !== node.parent) await moveGroup(tx, node, parent)
  await putManagementGroup(tx, node.resource.id, asked.displayName ?? node.displayName)
}

async function moveGroup(tx: Transaction, node: Node, to: Node): Promise<void> {
  const { id } = node.resource
  if (id.key === rootManagementGroup(tx).key) {
    throw badRequest('The root management group cannot be moved.')
  }
  if (to === node || ancestors(to).includes(node)) {
    throw badRequest(
      `The management group '${id.name}' cannot be moved to '${to.resource.id.name}', which is itself or below it.`,
    )
  }
  refuseDeep(to, levels(node))
  await placeScope(tx, id.key, to.resource.id.key)
}

function refuseDeep(parent: Node, more: number): void {
  // The root group is the ancestor that does not count.
  if (ancestors(parent).length + more <= MOST_LEVELS) return
  throw badRequest(
    `The management groups below the root can be ${MOST_LEVELS} levels deep: no more fit into '${parent.resource.id.name}'.`,
  )
}

/** Deletes a group with the roles given on it and its deployments; false when there is none. */
export async function deleteGroup(tx: Transaction, id: ResourceId): Promise<boolean> {
  const tree = await openGroupTree(tx)
  const node = tree.get(id.key)
  if (!node) return false
  if (node === tree.root) throw badRequest('The root management group cannot be deleted.')
  if (node.children.length > 0) {
    throw badRequest(
      `The management group '${id.name}' cannot be deleted: it contains child management groups or subscriptions. Move or remove them first.`,
    )
  }
  const settings = await hierarchySettings(tx)
  if (settings?.defaultManagementGroup?.toLowerCase() === id.key) {
    throw badRequest(
      `The management group '${id.name}' cannot be deleted: it is the default management group of the tenant.`,
    )
  }
  for (const resource of await resourcesBelow(tx, id)) {
    if (resource.type === DEPLOYMENT_TYPE) await removeDeployment(tx, resource.id)
    else await removeResource(tx, resource.id)
  }
  await forgetScope(tx, id.key)
  await displaceScope(tx, id.key)
  await removeResource(tx, id)
  return true
}
