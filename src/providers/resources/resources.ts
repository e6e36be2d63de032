/**
 * Microsoft.Resources: resource groups, tags, deployments and template specs. Subscriptions are routes of the plane, since they
 * exist before anything is managed.
 */
import type { Provider } from '../provider.ts'
import { deploymentOperations, deploymentStatuses } from './deployment-operations.ts'
import { deploymentType } from './deployments.ts'
import { resourceGroups } from './resource-groups.ts'
import { subscriptionType } from './subscriptions.ts'
import { tagsType } from './tags.ts'
import { templateSpecs, templateSpecVersions } from './template-specs.ts'

export const resourcesProvider: Provider = {
  namespace: 'Microsoft.Resources',
  types: [
    subscriptionType,
    resourceGroups,
    tagsType,
    deploymentType,
    deploymentOperations,
    deploymentStatuses,
    templateSpecs,
    templateSpecVersions,
  ],
}
