/** The organization: the tenant itself. */
import type { Call } from '../../../core/call.ts'
import { TENANT_DOMAIN } from '../../../core/directory/users.ts'
import type { Route } from '../../../http/route.ts'
import { notFound } from '../entities/objects.ts'
import { answerMany, answerOne, graphRoute, select } from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import { readQuery } from '../odata/query.ts'

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
  return [
    graphRoute({
      method: 'GET',
      path: '/organization',
      permission: 'Organization.Read.All',
      answer: (call, asked) =>
        answerMany(call, asked, [organization(call)], {
          context: 'organization',
          filtered: FILTERED,
        }),
    }),
    graphRoute({
      method: 'GET',
      path: '/organization/:id',
      permission: 'Organization.Read.All',
      async answer(call, asked) {
        const { id = '' } = asked.params
        if (id.toLowerCase() !== call.tenantId) throw notFound(id)
        const { select: names } = readQuery(asked.arrival, FILTERED)
        return answerOne(call, asked, select(organization(call), names), {
          context: 'organization/$entity',
        })
      },
    }),
  ]
}

function organization({ tenantId }: Pick<Call, 'tenantId'>): Document {
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
