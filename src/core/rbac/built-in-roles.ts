/**
 * The built-in roles that come with the program. The whole of Azure's list can be imported over
 * them (`role-definitions.ts`); these are enough to work without.
 */
import { COMPUTE } from './built-in-roles/compute.ts'
import { CONTAINERS } from './built-in-roles/containers.ts'
import { DATABASES } from './built-in-roles/databases.ts'
import { GENERAL } from './built-in-roles/general.ts'
import { KEY_VAULT } from './built-in-roles/key-vault.ts'
import { MANAGED_IDENTITY } from './built-in-roles/managed-identity.ts'
import { MESSAGING } from './built-in-roles/messaging.ts'
import { MONITORING } from './built-in-roles/monitoring.ts'
import { NETWORK } from './built-in-roles/network.ts'
import type { BuiltInRoleRow } from './built-in-roles/row.ts'
import { STORAGE } from './built-in-roles/storage.ts'
import { WEB } from './built-in-roles/web.ts'
import { permission, type Role } from './role.ts'

const FAMILIES = [
  GENERAL,
  MANAGED_IDENTITY,
  KEY_VAULT,
  STORAGE,
  COMPUTE,
  NETWORK,
  MONITORING,
  CONTAINERS,
  MESSAGING,
  DATABASES,
  WEB,
]

/** Built-in roles are older than every tenant; Azure dates its first ones so. */
const SINCE = Date.parse('2015-02-02T21:55:09.880Z')

export const BUILT_IN_ROLES: readonly Role[] = FAMILIES.flat().map(builtIn)

export const BUILT_IN_ROLES_BY_ID: ReadonlyMap<string, Role> = new Map(
  BUILT_IN_ROLES.map((role) => [role.id, role]),
)

/** Roles that the program itself names. */
export const OWNER_ROLE_ID = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
export const USER_ACCESS_ADMINISTRATOR_ROLE_ID = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'

function builtIn(row: BuiltInRoleRow): Role {
  return {
    id: row.id,
    name: row.name,
    type: 'BuiltInRole',
    description: row.description,
    permissions: row.permissions.map(permission),
    assignableScopes: ['/'],
    createdAt: SINCE,
    createdBy: null,
    updatedAt: SINCE,
    updatedBy: null,
  }
}
