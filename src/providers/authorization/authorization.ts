/**
 * Microsoft.Authorization: role definitions and assignments on any scope, what a caller may do
 * there, and locks. It translates between Resource Manager's documents and core/rbac, which has the
 * rules; it decides nothing itself.
 */
import type { Provider } from '../provider.ts'
import { denyAssignments } from './deny-assignments.ts'
import { locks } from './locks.ts'
import { permissions } from './permissions.ts'
import { roleAssignments } from './role-assignments.ts'
import { roleDefinitions } from './role-definitions.ts'

export const authorizationProvider: Provider = {
  namespace: 'Microsoft.Authorization',
  types: [roleDefinitions, roleAssignments, permissions, denyAssignments, locks],
}
