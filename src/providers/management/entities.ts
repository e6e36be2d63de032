/**
 * `POST /providers/Microsoft.Management/getEntities`: every management group and subscription in
 * which the caller has a role, or above which, with what it may do there.
 */
import { MANAGEMENT_GROUP, type ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { hasAccessWithin, isAllowed } from '../../core/rbac/check.ts'
import type { DerivedType } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { head, SUBSCRIPTION } from './group-document.ts'
import { ancestors, below, type Node, openGroupTree } from './group-tree.ts'

export const getEntities: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Management/getEntities',
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  freely: (verb) => verb === 'act',
  actions: {
    async ''(tx) {
      const value: object[] = []
      for (const node of (await openGroupTree(tx)).all()) {
        if (await hasAccessWithin(tx, node.resource.id)) value.push(await shown(tx, node))
      }
      return { status: 200, body: { value, count: value.length } }
    },
  },
}

async function shown(call: Call, node: Node): Promise<object> {
  const { resource, displayName, isGroup, parent } = node
  const { text, name } = resource.id
  const above = ancestors(node).toReversed()
  return {
    id: isGroup ? head(name).id : text,
    type: isGroup ? MANAGEMENT_GROUP : SUBSCRIPTION,
    name,
    properties: {
      tenantId: call.tenantId,
      displayName,
      parent: parent ? { id: head(parent.resource.id.name).id } : {},
      permissions: await permissionOn(call, resource.id),
      inheritedPermissions: parent ? await permissionOn(call, parent.resource.id) : 'noaccess',
      parentDisplayNameChain: above.map((one) => one.displayName),
      parentNameChain: above.map((one) => one.resource.id.name),
      numberOfDescendants: below(node).length,
      numberOfChildren: node.children.length,
      numberOfChildGroups: node.children.filter((child) => child.isGroup).length,
    },
  }
}

/** From most to least; what it takes is asked of management groups, on subscriptions too. */
const PERMISSIONS = ['delete', 'write', 'read'] as const
const SHOWN = { delete: 'delete', write: 'edit', read: 'view' } as const

async function permissionOn(call: Call, scope: ResourceId): Promise<string> {
  const principalId = callerObjectId(call)
  for (const verb of PERMISSIONS) {
    if (principalId === undefined) break
    const action = `${MANAGEMENT_GROUP}/${verb}`
    if ((await isAllowed(call, { principalId, action, kind: 'action', scope })).allowed) {
      return SHOWN[verb]
    }
  }
  return 'noaccess'
}
