/** Role assignments as documents of Resource Manager. */
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { RoleAssignment } from '../../core/rbac/assignment.ts'
import type { Query } from '../provider.ts'
import { isSince } from './api-versions.ts'
import { roleDefinitionId } from './role-definition-document.ts'

/** The first version whose documents have conditions and descriptions. */
const CONDITIONS_SINCE = '2020-03-01-preview'

export function roleAssignmentDocument(
  assignment: RoleAssignment,
  seenFrom: ResourceId,
  query: Query,
): object {
  const { name, scope } = assignment
  const prefix = scope === '/' ? '' : scope
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(assignment.roleId, seenFrom),
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope,
      ...(isSince(CONDITIONS_SINCE, query) && {
        condition: assignment.condition,
        conditionVersion: assignment.conditionVersion,
      }),
      createdOn: isoSevenDigits(assignment.createdAt as Instant),
      updatedOn: isoSevenDigits(assignment.updatedAt as Instant),
      createdBy: assignment.createdBy,
      updatedBy: assignment.updatedBy,
      ...(isSince(CONDITIONS_SINCE, query) && {
        delegatedManagedIdentityResourceId: assignment.delegatedIdentityId,
        description: assignment.description,
      }),
    },
    id: `${prefix}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name,
  }
}
