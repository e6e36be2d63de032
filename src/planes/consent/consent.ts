/**
 * The one call that az makes to a private interface of Azure's portal, main.iam.ad.ext.azure.com: an
 * administrator's consent to all that an application requires (`az ad app permission admin-consent`).
 * It is not Graph, and tokens for it open nothing else. What is granted is the directory's business.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { asId, type ClientId } from '../../base/ids.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call } from '../../core/call.ts'
import { findApplicationByClientId } from '../../core/directory/applications.ts'
import { consent, type Required, requiredBy } from '../../core/directory/consent.ts'
import {
  GLOBAL_ADMINISTRATOR,
  PRIVILEGED_ROLE_ADMINISTRATOR,
} from '../../core/directory/directory-role-templates.ts'
import { mayByRole, rolesHeldBy } from '../../core/directory/rights.ts'
import { transaction } from '../../core/transaction.ts'
import { type Plane, route } from '../../http/route.ts'
import { statusOf } from '../../http/status.ts'

/** The portal's client id: what az asks a token for. */
const AUDIENCE = '74658136-14ec-4630-ad9b-26e160ff0fc6'
const LARGEST_BODY_BYTES = 64 * 1024
const ACTION = 'microsoft.directory/servicePrincipals/managePermissionGrantsForAll'

export const consentPlane: Plane = {
  name: 'consent',
  reads: 'json',
  bodyLimitBytes: LARGEST_BODY_BYTES,
  requestIdHeader: 'x-ms-client-request-id',
  routes: [
    route({
      method: 'POST',
      path: '/api/RegisteredApplications/:appId/Consent',
      guard: { kind: 'principal' },
      input: z.object({
        params: z.object({ appId: z.string() }),
        query: z.object({ onbehalfofall: z.literal('true') }),
      }),
      async answer(call, { params }) {
        await authorize(call, [])
        const clientId = asId<ClientId>(params.appId)
        const application = clientId && (await findApplicationByClientId(call, clientId))
        if (!application) {
          throw new Failure(
            'missing',
            'ApplicationNotFound',
            `The application '${params.appId.slice(0, 100)}' was not found.`,
          )
        }
        const required = await requiredBy(call, application)
        await authorize(call, required)
        await transaction(call, async (tx) => {
          await consent(tx, { application, required })
          const scope = `/applications/${application.objectId}`
          await record(tx, { action: ACTION, scope, outcome: 'done' })
        })
        return { status: 204 }
      },
    }),
  ],
  audiences: () => [AUDIENCE],
  authorize: async () => {},
  refuse(failure, call) {
    return {
      status: statusOf(failure),
      ...(failure.fault === 'unauthenticated' && {
        headers: {
          'www-authenticate': `Bearer authorization_uri="${call.names.origin('login')}/${call.tenantId}"`,
        },
      }),
      body: { error: { code: failure.code, message: failure.message } },
    }
  },
}

/**
 * Administrators of applications consent to all but permissions on Graph itself: those lead to
 * everything in the directory.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
async function authorize(call: Call, required: readonly Required[]): Promise<void> {
  const { caller } = call
  const opensGraph = required.some(({ isGraph, appRoleIds }) => isGraph && appRoleIds.length > 0)
  if (caller.kind === 'principal') {
    const held = await rolesHeldBy(call, caller.objectId)
    if (held.has(GLOBAL_ADMINISTRATOR) || held.has(PRIVILEGED_ROLE_ADMINISTRATOR)) return
    const right = 'AppRoleAssignment.ReadWrite.All'
    if (!opensGraph && (await mayByRole(call, caller.objectId, [right]))) return
  }
  await transaction(call, (tx) => record(tx, { action: ACTION, scope: '/', outcome: 'denied' }))
  throw new Failure(
    'forbidden',
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )
}
