/** The organization: the tenant itself. */
import type { Call } from '../../../core/call.ts'
import { TENANT_DOMAIN } from '../../../core/directory/users.ts'
import type { Route } from '../../../http/route.ts'
import { type SoleObject, soleObjectRoutes } from './sole-object.ts'

const DOMAIN = {
  capabilities: 'Email, OfficeCommunicationsOnline',
  isDefault: true,
  isInitial: true,
  name: TENANT_DOMAIN,
  type: 'Managed',
}

const FILTERED = {
  typeName: 'organization',
  title: 'Organization',
  properties: { ...organization({ tenantId: '' as Call['tenantId'] }) },
}

export function organizationRoutes(): Route[] {
  return soleObjectRoutes({
    set: 'organization',
    permission: 'Organization.Read.All',
    filtered: FILTERED,
    document: organization,
  })
}

function organization({ tenantId }: Pick<Call, 'tenantId'>): ReturnType<SoleObject['document']> {
  return {
    id: tenantId,
    deletedDateTime: null,
    assignedPlans: [],
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: null,
    createdDateTime: null,
    displayName: 'Locum',
    marketingNotificationEmails: [],
    onPremisesSyncEnabled: null,
    postalCode: null,
    preferredLanguage: null,
    provisionedPlans: [],
    securityComplianceNotificationMails: [],
    state: null,
    street: null,
    technicalNotificationMails: [],
    tenantType: 'AAD',
    verifiedDomains: [DOMAIN],
  }
}
