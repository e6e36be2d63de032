/**
 * Microsoft Graph, as much of it as identity needs: service principals, applications, users, groups,
 * and what joins them, at graph.microsoft.com in both `v1.0` and `beta`.
 *
 * It reads requests, applies OData queries and words answers as Graph does; who exists is the
 * directory's business. Who may ask is said on each route by a permission (`permissions.ts`). It
 * knows no other plane.
 */

import { MICROSOFT_GRAPH_CLIENT_ID } from '../../core/directory/microsoft-graph.ts'
import type { Plane, Route } from '../../http/route.ts'
import { authorize } from './permissions.ts'
import { headersOf, refuse } from './refuse.ts'
import { respell } from './respell.ts'
import { appRoleAssignmentRoutes } from './routes/app-role-assignments.ts'
import { applicationRoutes } from './routes/applications.ts'
import { batchRoutes } from './routes/batch.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { deletedItemRoutes } from './routes/deleted-items.ts'
import { directoryObjectRoutes } from './routes/directory-objects.ts'
import { directoryRoleRoutes } from './routes/directory-roles.ts'
import { domainRoutes } from './routes/domains.ts'
import { byAlternateKey, entityRoutes } from './routes/entities.ts'
import { federatedCredentialRoutes } from './routes/federated-credentials.ts'
import { groupRoutes } from './routes/groups.ts'
import { meRoutes } from './routes/me.ts'
import { membershipRoutes } from './routes/memberships.ts'
import { organizationRoutes } from './routes/organization.ts'
import { ownerRoutes } from './routes/owners.ts'
import { permissionGrantRoutes } from './routes/permission-grants.ts'
import { reportingLineRoutes } from './routes/reporting-lines.ts'
import { roleManagementRoutes } from './routes/role-management.ts'
import { servicePrincipalRoutes } from './routes/service-principals.ts'
import { signInSessionRoutes } from './routes/sign-in-sessions.ts'
import { userInfoRoutes } from './routes/user-info.ts'
import { userRoutes } from './routes/users.ts'

const LARGEST_BODY_BYTES = 1024 * 1024

const ROUTES: readonly Route[] = [
  ...batchRoutes(),
  ...entityRoutes(),
  ...applicationRoutes(),
  ...servicePrincipalRoutes(),
  ...userRoutes(),
  ...groupRoutes(),
  ...credentialRoutes(),
  ...federatedCredentialRoutes(),
  ...appRoleAssignmentRoutes(),
  ...permissionGrantRoutes(),
  ...ownerRoutes(),
  ...membershipRoutes(),
  ...directoryObjectRoutes(),
  ...deletedItemRoutes(),
  ...directoryRoleRoutes(),
  ...roleManagementRoutes(),
  ...domainRoutes(),
  ...meRoutes(),
  ...reportingLineRoutes(),
  ...signInSessionRoutes(),
  ...organizationRoutes(),
  ...userInfoRoutes(),
]

export const graphPlane: Plane = {
  name: 'graph',
  respell,
  reads: 'json',
  bodyLimitBytes: LARGEST_BODY_BYTES,
  requestIdHeader: 'client-request-id',
  routes: [...ROUTES, ...byAlternateKey(ROUTES)],
  audiences: ({ names }) => [
    'https://graph.microsoft.com',
    names.origin('graph'),
    MICROSOFT_GRAPH_CLIENT_ID,
  ],
  authorize,
  refuse,
  headers: headersOf,
}
