/** Examples for Microsoft.Management. */
import type { Facts, Place, TypeExample } from './type-example.ts'
import { WALKED } from './world.ts'

const ofRoot =
  (name: string) =>
  (_place: Place, { tenantId }: Facts) => [tenantId, name]

export const MANAGEMENT_TYPES: Readonly<Record<string, TypeExample>> = {
  'Microsoft.Management/managementGroups': {
    put: () => ({ properties: { displayName: 'Made by the walk' } }),
    patch: { displayName: 'Changed by the walk' },
  },
  // Where it is already: to move it needs more than one right.
  'Microsoft.Management/managementGroups/subscriptions': {
    names: (_place, { tenantId, subscriptionId }) => [tenantId, subscriptionId],
    put: () => ({}),
  },
  'Microsoft.Management/managementGroups/descendants': { names: ofRoot(WALKED) },
  'Microsoft.Management/managementGroups/settings': {
    names: ofRoot('default'),
    put: () => ({ properties: { requireAuthorizationForGroupCreation: true } }),
    patch: { properties: { requireAuthorizationForGroupCreation: true } },
  },
  'Microsoft.Management/operationResults/asyncOperation/managementGroups': {
    names: () => ['create', 'status', WALKED],
  },
  'Microsoft.Management/checkNameAvailability': { actions: { '': { name: 'walked-free' } } },
  'Microsoft.Management/getEntities': { actions: { '': undefined } },
  'Microsoft.Management/startTenantBackfill': { actions: { '': undefined } },
  'Microsoft.Management/tenantBackfillStatus': { actions: { '': undefined } },
}
