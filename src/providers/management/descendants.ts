import { MANAGEMENT_GROUP } from '../../base/resource-id.ts'
import type { DerivedType } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { head } from './group-document.ts'
import { below, type Node, openGroupTree, requireGroup } from './group-tree.ts'

/** `GET {group}/descendants`: all groups and subscriptions below it, in one flat list. */
export const descendants: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Management/managementGroups/descendants',
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  async list(call, scope) {
    const group = requireGroup(await openGroupTree(call), scope)
    return { status: 200, body: { value: below(group).map(shown) } }
  },
}

function shown({ resource, displayName, isGroup, parent }: Node): object {
  const { text, name } = resource.id
  return {
    id: isGroup ? head(name).id : text,
    type: isGroup ? MANAGEMENT_GROUP : `${MANAGEMENT_GROUP}/subscriptions`,
    name,
    properties: {
      displayName,
      ...(parent && { parent: { id: head(parent.resource.id.name).id } }),
    },
  }
}
