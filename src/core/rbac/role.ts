/** A role, whatever it comes from: the program's own table, an import or a customer. */
import { type ActionKind, actionKey, allows, type Permission } from './permissions.ts'

export type RoleType = 'BuiltInRole' | 'CustomRole'

export interface Role {
  /** The GUID, lower case. */
  readonly id: string
  /** What people call it; compared without regard to case. */
  readonly name: string
  readonly type: RoleType
  readonly description: string
  readonly permissions: readonly Permission[]
  /** Scopes at and below which it can be assigned, as given; `/` for built-in ones. */
  readonly assignableScopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Object ids; null for the platform itself. */
  readonly createdBy: string | null
  readonly updatedAt: number
  readonly updatedBy: string | null
}

const EMPTY: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [] }

/** A whole permission object from the parts that are there. */
export function permission(parts: Partial<Permission>): Permission {
  return { ...EMPTY, ...parts }
}

/** Whether any permission object of the role grants the action, conditions left aside. */
export function roleAllows(role: Role, action: string, of: ActionKind): boolean {
  const key = actionKey(action)
  return role.permissions.some((block) => allows(block, key, of))
}
