/**
 * Who may do what in Graph. A route names the least permission that opens it; this table says which
 * others open it too, as Graph's reference lists them for each operation.
 *
 * Applications and managed identities hold permissions as app roles of Microsoft Graph. Users read
 * the directory by being in it, and their clients as far as the scopes of the token go. Whoever is
 * a Global Administrator may do everything.
 */
import { Failure } from '../../base/failure.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call, PrincipalCaller } from '../../core/call.ts'
import { isGlobalAdministrator } from '../../core/directory/directory-roles.ts'
import { type GraphPermission, graphPermissionsOf } from '../../core/directory/microsoft-graph.ts'
import { transaction } from '../../core/transaction.ts'
import type { PermissionGuard } from '../../http/route.ts'

/** By the least permission: every other that is as good. */
export const ALSO_OPENS: Readonly<Record<GraphPermission, readonly GraphPermission[]>> = {
  'Application.Read.All': [
    'Application.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'Application.ReadWrite.All': ['Directory.ReadWrite.All'],
  'AppRoleAssignment.ReadWrite.All': [],
  'DelegatedPermissionGrant.ReadWrite.All': ['Directory.ReadWrite.All'],
  'Directory.Read.All': ['Directory.ReadWrite.All'],
  'Directory.ReadWrite.All': [],
  'Group.Read.All': ['Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'Group.ReadWrite.All': ['Directory.ReadWrite.All'],
  'GroupMember.Read.All': [
    'GroupMember.ReadWrite.All',
    'Group.Read.All',
    'Group.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'GroupMember.ReadWrite.All': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
  'Organization.Read.All': ['Directory.Read.All', 'Directory.ReadWrite.All'],
  'RoleManagement.Read.Directory': [
    'RoleManagement.ReadWrite.Directory',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'RoleManagement.ReadWrite.Directory': [],
  'User.Read.All': ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  'User.ReadWrite.All': ['Directory.ReadWrite.All'],
}

/** What every user of the tenant may do without a role. */
const USERS_MAY: ReadonlySet<GraphPermission> = new Set<GraphPermission>([
  'Application.Read.All',
  'Directory.Read.All',
  'Group.Read.All',
  'GroupMember.Read.All',
  'Organization.Read.All',
  'RoleManagement.Read.Directory',
  'User.Read.All',
])

/** The scope by which a client may do in the directory whatever the user may. */
const AS_THE_USER = 'Directory.AccessAsUser.All'

export function insufficientPrivileges(): Failure {
  return new Failure(
    'forbidden',
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )
}

/** @throws Failure forbidden `Authorization_RequestDenied`; the refusal is kept in the audit */
export async function authorize(call: Call, { action }: PermissionGuard): Promise<void> {
  const least = action as GraphPermission
  if (await mayUse(call, least)) return
  await transaction(call, (tx) =>
    record(tx, { action: `graph/${least}`, scope: '/', outcome: 'denied' }),
  )
  throw insufficientPrivileges()
}

/** @throws Failure forbidden `Authorization_RequestDenied` to all but Global Administrators */
export async function requireGlobalAdministrator(call: Call): Promise<void> {
  const { caller } = call
  const isOne = caller.kind === 'principal' && (await isGlobalAdministrator(call, caller.objectId))
  if (isOne && (caller.type !== 'User' || hasScope(caller, [AS_THE_USER]))) return
  throw insufficientPrivileges()
}

async function mayUse(call: Call, least: GraphPermission): Promise<boolean> {
  const { caller } = call
  if (caller.kind !== 'principal') return false
  const opens = [least, ...ALSO_OPENS[least]]
  if (caller.type === 'User') {
    // What a client may do in a user's name: no more than the token says, nor than the user may.
    if (!hasScope(caller, [...opens, AS_THE_USER])) return false
    if (USERS_MAY.has(least)) return true
  } else {
    const held = await graphPermissionsOf(call, caller.objectId)
    if (held.some((permission) => opens.includes(permission))) return true
  }
  return isGlobalAdministrator(call, caller.objectId)
}

function hasScope({ claims }: PrincipalCaller, names: readonly string[]): boolean {
  const scopes = typeof claims.scp === 'string' ? claims.scp.split(' ') : []
  return scopes.some((scope) => names.includes(scope))
}
