/** Domains: the one with which the tenant came, and in which its users have their names. */
import { TENANT_DOMAIN } from '../../../core/directory/users.ts'
import type { Route } from '../../../http/route.ts'
import { soleObjectRoutes } from './sole-object.ts'

const DOMAIN = {
  id: TENANT_DOMAIN,
  authenticationType: 'Managed',
  availabilityStatus: null,
  isAdminManaged: true,
  isDefault: true,
  isInitial: true,
  isRoot: true,
  isVerified: true,
  manufacturer: null,
  model: null,
  passwordNotificationWindowInDays: 14,
  passwordValidityPeriodInDays: 2_147_483_647,
  state: null,
  supportedServices: [] as readonly string[],
}
const FILTERED = { typeName: 'domain', title: 'Domain', properties: DOMAIN }

export function domainRoutes(): Route[] {
  return soleObjectRoutes({
    set: 'domains',
    permission: 'Domain.Read.All',
    filtered: FILTERED,
    document: () => DOMAIN,
  })
}
