/**
 * Built-in roles, as the tables beside this file write them: one row per role, permissions as Azure
 * publishes them (odd casing and blanks included; matching does not mind), descriptions our own.
 */
import type { Permission } from '../permissions.ts'

export interface BuiltInRoleRow {
  readonly name: string
  /** The GUID, the same in every tenant. */
  readonly id: string
  readonly description: string
  /** Parts that a row leaves out are empty. */
  readonly permissions: readonly Partial<Permission>[]
}
