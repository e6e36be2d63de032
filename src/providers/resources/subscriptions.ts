import type { DerivedType } from '../provider.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'

/** Subscriptions as a scope for tags and extensions; their own documents are routes of the plane. */
export const subscriptionType: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Resources/subscriptions',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'subscription',
}
