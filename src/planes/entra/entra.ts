/**
 * Microsoft Entra ID as clients see it at login.microsoftonline.com: the token endpoint and the
 * documents that lead to it.
 *
 * It reads requests, lets clients prove themselves and words refusals in AADSTS codes. Who exists is
 * the directory's business and what a token says is core's; it knows no other plane.
 */
import type { Plane } from '../../http/route.ts'
import { authorizeRoutes } from './authorize.ts'
import { deviceRoutes } from './device.ts'
import { discoveryRoutes } from './discovery.ts'
import { refuse } from './errors.ts'
import { type FetchDocument, openIssuerKeys } from './issuer-keys.ts'
import { logoutRoutes } from './logout.ts'
import { tokenRoutes } from './token.ts'
import { userRealmRoutes } from './user-realm.ts'

/** Room for an assertion with a chain of certificates, and for claims requests. */
const LARGEST_BODY_BYTES = 128 * 1024

/** @param fetchDocument reads the documents of foreign issuers */
export function openEntraPlane(fetchDocument: FetchDocument): Plane {
  return {
    name: 'entra',
    reads: 'form',
    bodyLimitBytes: LARGEST_BODY_BYTES,
    requestIdHeader: 'client-request-id',
    routes: [
      ...discoveryRoutes(),
      ...userRealmRoutes(),
      ...authorizeRoutes(),
      ...deviceRoutes(),
      ...tokenRoutes(openIssuerKeys(fetchDocument)),
      ...logoutRoutes(),
    ],
    // Nothing here opens with a token: clients come for their first one.
    audiences: () => [],
    authorize: async () => {},
    headers: (call) => ({
      'client-request-id': call.id,
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
    refuse: (failure, call, arrival) => refuse(failure, call, arrival),
  }
}

/** For callers with no network: every foreign issuer is out of reach. */
export const entraPlane = openEntraPlane(() => Promise.reject(new Error('there is no network')))
