/**
 * Consent of an administrator for the whole tenant: everything that an application says it requires
 * is granted to its service principal, application permissions and delegated ones.
 */
import { Failure } from '../../base/failure.ts'
import { asId, type ClientId, type ObjectId } from '../../base/ids.ts'
import { isJsonObject } from '../../base/json.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { appRoleAssignmentsOf, assignAppRole } from './app-role-assignments.ts'
import { type Application, findApplicationByClientId } from './applications.ts'
import {
  GRAPH_APP_ROLES,
  MICROSOFT_GRAPH_CLIENT_ID,
  microsoftGraphPrincipal,
} from './microsoft-graph.ts'
import { GRAPH_SCOPES } from './microsoft-graph-scopes.ts'
import {
  createPermissionGrant,
  listPermissionGrants,
  setGrantedScope,
} from './permission-grants.ts'
import { profileOf } from './profiles.ts'
import { createServicePrincipal, findServicePrincipalByClientId } from './service-principals.ts'

/** What an application requires of one resource. */
export interface Required {
  readonly resourceId: ObjectId
  readonly isGraph: boolean
  readonly appRoleIds: readonly string[]
  /** Names of delegated permissions. */
  readonly scopes: readonly string[]
}

/**
 * What the application says it requires, each by what its resource offers.
 * @throws Failure invalid `UnknownPermission`
 */
export async function requiredBy(call: Call, application: Application): Promise<Required[]> {
  const { requiredResourceAccess } = await profileOf(call, application.objectId)
  const asked = Array.isArray(requiredResourceAccess) ? requiredResourceAccess : []
  return Promise.all(asked.filter(isJsonObject).map((one) => readRequired(call, one)))
}

/** Grants what is required, as far as it was not granted before. */
export async function consent(
  tx: Transaction,
  { application, required }: { application: Application; required: readonly Required[] },
): Promise<void> {
  const { clientId, displayName } = application
  const principal =
    (await findServicePrincipalByClientId(tx, clientId)) ??
    (await createServicePrincipal(tx, { type: 'Application', displayName, clientId }))
  const principalId = principal.objectId
  for (const { resourceId, appRoleIds, scopes } of required) {
    const held = await appRoleAssignmentsOf(tx, principalId)
    for (const appRoleId of appRoleIds) {
      const isHeld = held.some(
        (one) => one.resourceId === resourceId && one.appRoleId === appRoleId,
      )
      if (!isHeld) await assignAppRole(tx, { principalId, resourceId, appRoleId })
    }
    if (scopes.length > 0) await grantScopes(tx, { clientId: principalId, resourceId, scopes })
  }
}

async function grantScopes(
  tx: Transaction,
  asked: { clientId: ObjectId; resourceId: ObjectId; scopes: readonly string[] },
): Promise<void> {
  const { clientId, resourceId, scopes } = asked
  const before = (await listPermissionGrants(tx)).find(
    (one) =>
      one.consentType === 'AllPrincipals' &&
      one.clientId === clientId &&
      one.resourceId === resourceId,
  )
  const granted = before?.scope.split(' ').filter((name) => name !== '') ?? []
  const scope = [...new Set([...granted, ...scopes])].join(' ')
  if (before) await setGrantedScope(tx, { id: before.id, scope })
  else {
    const everybody = { consentType: 'AllPrincipals', principalId: null } as const
    await createPermissionGrant(tx, { clientId, resourceId, scope, ...everybody })
  }
}

async function readRequired(
  call: Call,
  { resourceAppId, resourceAccess }: Readonly<Record<string, unknown>>,
): Promise<Required> {
  const offered = await offeredBy(call, asId<ClientId>(String(resourceAppId)))
  if (offered === undefined) throw unknown(`the resource '${String(resourceAppId)}'`)
  const appRoleIds: string[] = []
  const scopes: string[] = []
  for (const { id, type } of Array.isArray(resourceAccess) ? resourceAccess : []) {
    const wanted = String(id).toLowerCase()
    const name = (type === 'Role' ? offered.roles : offered.scopes).get(wanted)
    if (name === undefined) throw unknown(`the permission '${wanted}'`)
    if (type === 'Role') appRoleIds.push(wanted)
    else scopes.push(name)
  }
  return { resourceId: offered.resourceId, isGraph: offered.isGraph, appRoleIds, scopes }
}

interface Offered {
  readonly resourceId: ObjectId
  readonly isGraph: boolean
  /** Names by id. */
  readonly roles: ReadonlyMap<string, string>
  readonly scopes: ReadonlyMap<string, string>
}

async function offeredBy(call: Call, clientId: ClientId | undefined): Promise<Offered | undefined> {
  if (clientId === MICROSOFT_GRAPH_CLIENT_ID) {
    const { objectId: resourceId } = microsoftGraphPrincipal(call)
    const byId = (named: object) => new Map(Object.entries(named).map(([name, id]) => [id, name]))
    const [roles, scopes] = [byId(GRAPH_APP_ROLES), byId(GRAPH_SCOPES)]
    return { resourceId, isGraph: true, roles, scopes }
  }
  const application = clientId && (await findApplicationByClientId(call, clientId))
  const principal = clientId && (await findServicePrincipalByClientId(call, clientId))
  if (!application || !principal) return undefined
  const { appRoles, api } = await profileOf(call, application.objectId)
  const scopes = isJsonObject(api) ? api.oauth2PermissionScopes : []
  return {
    resourceId: principal.objectId,
    isGraph: false,
    roles: namesById(appRoles),
    scopes: namesById(scopes),
  }
}

function namesById(offered: unknown): ReadonlyMap<string, string> {
  const all = Array.isArray(offered) ? offered.filter(isJsonObject) : []
  return new Map(all.map(({ id, value }) => [String(id).toLowerCase(), String(value)]))
}

function unknown(what: string): Failure {
  return new Failure(
    'invalid',
    'UnknownPermission',
    `The application requires ${what}, which nobody here offers.`,
  )
}
