/**
 * Microsoft.Management: management groups, which subscriptions are in them, and the settings of the
 * tree they make. What is inherited down the tree is core/rbac's; here it is shown and changed.
 */
import type { Provider } from '../provider.ts'
import { checkNameAvailability } from './check-name-availability.ts'
import { descendants } from './descendants.ts'
import { getEntities } from './entities.ts'
import { groupSubscriptions } from './group-subscriptions.ts'
import { hierarchySettingsType } from './hierarchy-settings.ts'
import { managementGroups } from './management-groups.ts'
import { operationResults } from './operation-results.ts'
import { startTenantBackfill, tenantBackfillStatus } from './tenant-backfill.ts'

export const managementProvider: Provider = {
  namespace: 'Microsoft.Management',
  types: [
    managementGroups,
    groupSubscriptions,
    descendants,
    hierarchySettingsType,
    operationResults,
    checkNameAvailability,
    getEntities,
    startTenantBackfill,
    tenantBackfillStatus,
  ],
}
