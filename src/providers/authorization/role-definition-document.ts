/** Role definitions as documents of Resource Manager. */
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Permission } from '../../core/rbac/permissions.ts'
import type { Role } from '../../core/rbac/role.ts'

const TYPE = 'Microsoft.Authorization/roleDefinitions'

/**
 * The id of a role as seen from a scope: roles have the subscription of whoever looks in front,
 * and clients compare these ids as texts.
 */
export function roleDefinitionId(roleId: string, seenFrom: ResourceId): string {
  const { subscriptionId } = seenFrom
  const prefix = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`
  return `${prefix}/providers/${TYPE}/${roleId}`
}

export function roleDefinitionDocument(role: Role, seenFrom: ResourceId): object {
  return {
    properties: {
      roleName: role.name,
      type: role.type,
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: role.permissions.map(permissionDocument),
      createdOn: isoSevenDigits(role.createdAt as Instant),
      updatedOn: isoSevenDigits(role.updatedAt as Instant),
      createdBy: role.createdBy,
      updatedBy: role.updatedBy,
    },
    id: roleDefinitionId(role.id, seenFrom),
    type: TYPE,
    name: role.id,
  }
}

function permissionDocument(block: Permission): object {
  const { actions, notActions, dataActions, notDataActions, condition, conditionVersion } = block
  const parts = { actions, notActions, dataActions, notDataActions }
  return condition === undefined ? parts : { ...parts, condition, conditionVersion }
}
