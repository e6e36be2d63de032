/**
 * Who may do what in Graph. A route names the least permission that opens it; this table says which
 * others open it too, as Graph's reference lists them for each operation.
 *
 * Applications and managed identities hold permissions as app roles of Microsoft Graph. Users read
 * the directory by being in it, and register applications and make groups of their own; their
 * clients do so as far as the scopes of the token go. Directory roles let their holders do more, and
 * owners what concerns what they own.
 */
import { Failure } from '../../base/failure.ts'
import type { ObjectId } from '../../base/ids.ts'
import { record } from '../../core/audit/audit.ts'
import type { Call, PrincipalCaller } from '../../core/call.ts'
import {
  GLOBAL_ADMINISTRATOR,
  PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
  PRIVILEGED_ROLE_ADMINISTRATOR,
} from '../../core/directory/directory-role-templates.ts'
import { type GraphPermission, graphPermissionsOf } from '../../core/directory/microsoft-graph.ts'
import { isAdministrator, mayByRole, rolesHeldBy } from '../../core/directory/rights.ts'
import { transaction } from '../../core/transaction.ts'
import type { Arrival, PermissionGuard } from '../../http/route.ts'
import { isOwner, isRoleGroup, ownersRight } from './ownership.ts'

/** By the least permission: every other that is as good. */
export const ALSO_OPENS: Readonly<Record<GraphPermission, readonly GraphPermission[]>> = {
  'Application.Read.All': [
    'Application.ReadWrite.OwnedBy',
    'Application.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  ],
  'Application.ReadWrite.All': ['Directory.ReadWrite.All'],
  'Application.ReadWrite.OwnedBy': ['Application.ReadWrite.All', 'Directory.ReadWrite.All'],
  'AppRoleAssignment.ReadWrite.All': [],
  'DelegatedPermissionGrant.ReadWrite.All': ['Directory.ReadWrite.All'],
  'Directory.Read.All': ['Directory.ReadWrite.All'],
  'Directory.ReadWrite.All': [],
  'Domain.Read.All': ['Directory.Read.All', 'Directory.ReadWrite.All'],
  'Group.Create': ['Group.ReadWrite.All', 'Directory.ReadWrite.All'],
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
  'User.RevokeSessions.All': ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  'User-PasswordProfile.ReadWrite.All': ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
}

/** What every user of the tenant may do without a role. */
const USERS_MAY: ReadonlySet<GraphPermission> = new Set<GraphPermission>([
  'Application.Read.All',
  'Application.ReadWrite.OwnedBy',
  'Directory.Read.All',
  'Domain.Read.All',
  'Group.Create',
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
export async function authorize(
  call: Call,
  { action }: PermissionGuard,
  arrival: Pick<Arrival, 'path' | 'params'>,
): Promise<void> {
  const least = action as GraphPermission
  if ((await mayUse(call, least)) || (await mayAsOwner(call, least, arrival))) return
  const keepsRoles = await mayUse(call, 'RoleManagement.ReadWrite.Directory')
  if (keepsRoles && (await isRoleGroup(call, arrival))) return
  throw await denied(call, [least])
}

/**
 * For what only the answer can tell apart: whether the caller may use one of these.
 * @throws Failure forbidden `Authorization_RequestDenied`; the refusal is kept in the audit
 */
export async function requirePermission(
  call: Call,
  ...anyOf: readonly GraphPermission[]
): Promise<void> {
  for (const least of anyOf) if (await mayUse(call, least)) return
  throw await denied(call, anyOf)
}

/** Whether the caller may use this everywhere, and not only on what is its own. */
export async function mayUse(call: Call, least: GraphPermission): Promise<boolean> {
  const { caller } = call
  if (caller.kind !== 'principal') return false
  const opens = [least, ...ALSO_OPENS[least]]
  if (caller.type === 'User') {
    // What a client may do in a user's name: no more than the token says, nor than the user may.
    if (!hasScope(caller, [...opens, AS_THE_USER])) return false
    if (USERS_MAY.has(least)) return true
  } else if (await holds(call, caller, opens)) {
    return true
  }
  return mayByRole(call, caller.objectId, [least])
}

/**
 * What was deleted is no part of the directory that every user reads: a role is needed.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function requireReadingOfDeleted(call: Call, reading: GraphPermission): Promise<void> {
  const { caller } = call
  if (caller.kind !== 'principal' || caller.type !== 'User') return
  if (!(await mayByRole(call, caller.objectId, [reading]))) throw insufficientPrivileges()
}

/**
 * Who owns what the caller makes: the caller, where no role or permission lets it change every such
 * object. Administrators are not made owners of what they make.
 */
export async function ownerOfCreated(
  call: Call,
  everywhere: GraphPermission,
): Promise<ObjectId | undefined> {
  const { caller } = call
  if (caller.kind !== 'principal' || (await mayUse(call, everywhere))) return undefined
  return caller.objectId
}

/**
 * What touches a user's sign-in touches all that the user may do: with administrators only the
 * highest may do it, and no permission of an application is enough.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function protectAdministrator(call: Call, userId: ObjectId): Promise<void> {
  if (!(await isAdministrator(call, userId))) return
  const { caller } = call
  if (caller.kind === 'principal' && caller.type === 'User' && !hasScope(caller, [AS_THE_USER])) {
    throw insufficientPrivileges()
  }
  await requireRole(call, GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR)
}

/**
 * Whoever can set a password can be that user: a role is needed, whatever permissions there are.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function requirePasswordRight(call: Call, userId: ObjectId): Promise<void> {
  const { caller } = call
  const right = 'User-PasswordProfile.ReadWrite.All'
  const isAllowed =
    caller.kind === 'principal' &&
    (caller.type !== 'User' || hasScope(caller, [right, AS_THE_USER])) &&
    (await mayByRole(call, caller.objectId, [right]))
  if (!isAllowed) throw insufficientPrivileges()
  await protectAdministrator(call, userId)
}

/**
 * Permissions on Graph lead to everything in the directory: the administrators of applications,
 * who grant all others, cannot grant these.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export async function requireGraphGrant(call: Call): Promise<void> {
  const { caller } = call
  if (caller.kind === 'principal' && caller.type !== 'User') {
    if (await holds(call, caller, ['AppRoleAssignment.ReadWrite.All'])) return
  }
  await requireRole(call, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR)
}

/**
 * What users do to their own sign-in takes a client that may do what the user may.
 * @throws Failure forbidden `Authorization_RequestDenied`
 */
export function requireOwnScope({ caller }: Call): void {
  const names = ['User.ReadWrite', 'User.ReadWrite.All', AS_THE_USER]
  if (caller.kind === 'principal' && hasScope(caller, names)) return
  throw insufficientPrivileges()
}

async function requireRole(call: Call, ...anyOf: readonly string[]): Promise<void> {
  const { caller } = call
  if (caller.kind === 'principal') {
    const held = await rolesHeldBy(call, caller.objectId)
    if (anyOf.some((roleId) => held.has(roleId))) return
  }
  throw insufficientPrivileges()
}

async function mayAsOwner(
  call: Call,
  least: GraphPermission,
  arrival: Pick<Arrival, 'path' | 'params'>,
): Promise<boolean> {
  const { caller } = call
  if (caller.kind !== 'principal') return false
  const right = await ownersRight(call, least, arrival)
  if (right === undefined) return false
  const { byApplications, objectId } = right
  const isAllowed =
    caller.type === 'User'
      ? hasScope(caller, [least, ...ALSO_OPENS[least], AS_THE_USER])
      : byApplications !== undefined && (await holds(call, caller, [byApplications]))
  return isAllowed && isOwner(call, { of: objectId, who: caller.objectId })
}

async function holds(
  call: Call,
  { objectId }: PrincipalCaller,
  anyOf: readonly GraphPermission[],
): Promise<boolean> {
  const held = await graphPermissionsOf(call, objectId)
  return held.some((permission) => anyOf.includes(permission))
}

async function denied(call: Call, anyOf: readonly GraphPermission[]): Promise<Failure> {
  await transaction(call, (tx) =>
    record(tx, { action: `graph/${anyOf[0]}`, scope: '/', outcome: 'denied' }),
  )
  return insufficientPrivileges()
}

/** Whether a client may act in its user's name by one of these scopes. */
export function hasScope({ claims }: PrincipalCaller, names: readonly string[]): boolean {
  const scopes = typeof claims.scp === 'string' ? claims.scp.split(' ') : []
  return scopes.some((scope) => names.includes(scope))
}
