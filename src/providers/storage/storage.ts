/**
 * Microsoft.Storage: accounts as resources, their keys, their services and containers. What an
 * account holds is not here: the blob door asks this folder only for an account's settings and keys.
 */
import type { Provider } from '../provider.ts'
import { accountNameAvailability } from './account-names.ts'
import { blobServices, fileServices, queueServices, tableServices } from './account-services.ts'
import { containers } from './containers.ts'
import { queues, shares } from './shares-and-queues.ts'
import { storageAccounts } from './storage-accounts.ts'

export const storageProvider: Provider = {
  namespace: 'Microsoft.Storage',
  types: [
    storageAccounts,
    blobServices,
    containers,
    fileServices,
    shares,
    queueServices,
    queues,
    tableServices,
    accountNameAvailability,
  ],
}
