/** Domains: the one with which the tenant came, and in which its users have their names. */
import { TENANT_DOMAIN } from '../../../core/directory/users.ts'
import type { Route } from '../../../http/route.ts'
import { notFound } from '../entities/objects.ts'
import { answerMany, answerOne, graphRoute, select } from '../graph-route.ts'
import { readQuery } from '../odata/query.ts'

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
  return [
    graphRoute({
      method: 'GET',
      path: '/domains',
      permission: 'Domain.Read.All',
      answer: (call, asked) =>
        answerMany(call, asked, [DOMAIN], { context: 'domains', filtered: FILTERED }),
    }),
    graphRoute({
      method: 'GET',
      path: '/domains/:id',
      permission: 'Domain.Read.All',
      async answer(call, asked) {
        const { id = '' } = asked.params
        if (id.toLowerCase() !== DOMAIN.id) throw notFound(id)
        const { select: names } = readQuery(asked.arrival, FILTERED)
        return answerOne(call, asked, select(DOMAIN, names), { context: 'domains/$entity' })
      },
    }),
  ]
}
