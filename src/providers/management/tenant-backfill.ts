/** Taking a tenant's old subscriptions into its tree: here none was ever outside. */
import type { DerivedType } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'

export const startTenantBackfill = backfill('Microsoft.Management/startTenantBackfill')
export const tenantBackfillStatus = backfill('Microsoft.Management/tenantBackfillStatus')

function backfill(name: string): DerivedType {
  return {
    kind: 'derived',
    name,
    apiVersions: MANAGEMENT_API_VERSIONS,
    place: 'tenant',
    freely: (verb) => verb === 'act',
    actions: {
      async ''({ tenantId }) {
        return { status: 200, body: { tenantId, status: 'Completed' } }
      },
    },
  }
}
