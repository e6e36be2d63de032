/**
 * Microsoft.Web: sites and functions as hosts of identities, their plans and their settings. No code
 * is deployed here: `locum exec` runs a program with a site's identity where it lies.
 */
import type { Provider } from '../provider.ts'
import { serverFarms } from './server-farms.ts'
import { siteConfigurations } from './site-configurations.ts'
import { siteNameAvailability } from './site-names.ts'
import { sites } from './sites.ts'

export const webProvider: Provider = {
  namespace: 'Microsoft.Web',
  types: [serverFarms, sites, siteConfigurations, siteNameAvailability],
}
