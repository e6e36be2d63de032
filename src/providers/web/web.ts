/**
 * Microsoft.Web: sites and functions as hosts of identities, their plans and their settings. No code
 * is deployed here: `locum exec` runs a program with a site's identity where it lies.
 */
import type { Provider } from '../provider.ts'
import { geoRegions } from './geo-regions.ts'
import { sitePublishingPolicies, slotPublishingPolicies } from './publishing.ts'
import { serverFarms } from './server-farms.ts'
import {
  siteConfigurationLists,
  siteConfigurations,
  slotConfigurationLists,
  slotConfigurations,
} from './site-configurations.ts'
import { siteNameAvailability } from './site-names.ts'
import { sites, slots } from './sites.ts'
import { functionAppStacks, functionAppStacksOfLocation, webAppStacks } from './stacks.ts'

export const webProvider: Provider = {
  namespace: 'Microsoft.Web',
  types: [
    serverFarms,
    sites,
    slots,
    siteConfigurations,
    slotConfigurations,
    siteConfigurationLists,
    slotConfigurationLists,
    sitePublishingPolicies,
    slotPublishingPolicies,
    siteNameAvailability,
    geoRegions,
    webAppStacks,
    functionAppStacks,
    functionAppStacksOfLocation,
  ],
}
