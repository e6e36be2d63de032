/**
 * Microsoft.Resources: resource groups and tags. Subscriptions are routes of the plane, since they
 * exist before anything is managed.
 */
import type { Provider } from '../provider.ts'
import { resourceGroups } from './resource-groups.ts'
import { subscriptionType } from './subscriptions.ts'
import { tagsType } from './tags.ts'

export const resourcesProvider: Provider = {
  namespace: 'Microsoft.Resources',
  types: [subscriptionType, resourceGroups, tagsType],
}
