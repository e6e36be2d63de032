/** Where a user's password is checked: clients ask before they send one. Here, it is always here. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import {
  findUserByPrincipalName,
  isUserPrincipalName,
  TENANT_DOMAIN,
} from '../../core/directory/users.ts'
import { type Route, route } from '../../http/route.ts'
import { readTenant } from './tenant.ts'

const BECAUSE = 'clients ask it before they send a password; it tells no more than the sign-in page'

const input = z.object({ params: z.object({ tenant: z.string(), user: z.string() }) })

export function userRealmRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/:tenant/userrealm/:user',
      guard: { kind: 'open', because: BECAUSE },
      input,
      async answer(call, { params }) {
        readTenant(call, params.tenant)
        const { user } = params
        // Clients take 404 for an answer, and go on to the password, which is refused in better words.
        if (!isUserPrincipalName(user)) {
          throw new Failure('missing', 'NoUserName', 'That is no name of a user.')
        }
        const domain = user.slice(user.indexOf('@') + 1).toLowerCase()
        const managed = await isManaged(call, user, domain)
        return {
          status: 200,
          body: {
            ver: '1.0',
            account_type: managed ? 'Managed' : 'Unknown',
            ...(managed && { domain_name: domain }),
            cloud_instance_name: 'microsoftonline.com',
            cloud_audience_urn: 'urn:federation:MicrosoftOnline',
          },
        }
      },
    }),
  ]
}

async function isManaged(call: Call, user: string, domain: string): Promise<boolean> {
  return domain === TENANT_DOMAIN || (await findUserByPrincipalName(call, user)) !== undefined
}
