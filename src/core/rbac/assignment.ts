/** A role assignment, and how a row of the table is read as one. */
import type { ObjectId } from '../../base/ids.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { RoleAssignmentsTable } from '../../store/tables.ts'

/** The kinds of principal that assignments know. */
export const PRINCIPAL_TYPES = [
  'User',
  'Group',
  'ServicePrincipal',
  'ForeignGroup',
  'Device',
] as const
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number]

export interface RoleAssignment {
  /** A GUID, lower case. */
  readonly name: string
  /** The id of the scope, as given. */
  readonly scope: string
  readonly scopeKey: string
  /** The role's GUID. */
  readonly roleId: string
  readonly principalId: ObjectId
  readonly principalType: PrincipalType
  readonly description: string | null
  readonly condition: string | null
  readonly conditionVersion: string | null
  readonly delegatedIdentityId: string | null
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Object ids; null for the platform itself. */
  readonly createdBy: string | null
  readonly updatedAt: number
  readonly updatedBy: string | null
}

/** What a caller asks for. */
export interface AskedAssignment {
  /** A GUID. */
  readonly name: string
  readonly scope: ResourceId
  /** The role's GUID. */
  readonly roleId: string
  readonly principalId: ObjectId
  readonly principalType: PrincipalType
  readonly description?: string | null | undefined
  readonly condition?: string | null | undefined
  readonly conditionVersion?: string | null | undefined
  readonly delegatedIdentityId?: string | null | undefined
}

export function asAssignment(row: RoleAssignmentsTable): RoleAssignment {
  return {
    name: row.name,
    scope: row.scope,
    scopeKey: row.scope_key,
    roleId: row.role_definition_id,
    principalId: row.principal_id as ObjectId,
    principalType: row.principal_type as PrincipalType,
    description: row.description,
    condition: row.condition,
    conditionVersion: row.condition_version,
    delegatedIdentityId: row.delegated_identity_id,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

export function asRow(assignment: RoleAssignment): RoleAssignmentsTable {
  return {
    name: assignment.name,
    scope: assignment.scope,
    scope_key: assignment.scopeKey,
    role_definition_id: assignment.roleId,
    principal_id: assignment.principalId,
    principal_type: assignment.principalType,
    description: assignment.description,
    condition: assignment.condition,
    condition_version: assignment.conditionVersion,
    delegated_identity_id: assignment.delegatedIdentityId,
    created_at: assignment.createdAt,
    created_by: assignment.createdBy,
    updated_at: assignment.updatedAt,
    updated_by: assignment.updatedBy,
  }
}
