/** The first part of every path of the token service: which directory is meant. */
import { isGuid, type TenantId } from '../../base/ids.ts'
import type { Call } from '../../core/call.ts'
import { refusal } from './errors.ts'

/** Paths for clients that do not know their tenant yet. */
const SHARED = ['common', 'organizations', 'consumers'] as const
export type SharedTenant = (typeof SHARED)[number]

const DOMAIN = /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/**
 * Reads the tenant of a path: ours, or one of the shared ones.
 * @throws Failure invalid `AADSTS90002`, `AADSTS900023`
 */
export function readTenant(call: Call, segment: string): TenantId | SharedTenant {
  const tenant = segment.toLowerCase()
  if (tenant === call.tenantId) return call.tenantId
  const shared = SHARED.find((one) => one === tenant)
  if (shared) return shared
  if (isGuid(tenant) || DOMAIN.test(tenant)) throw refusal(90002, { tenant: segment })
  throw refusal(900023, { tenant: segment })
}

/**
 * Reads the tenant of a path where only a real one will do.
 * @throws Failure invalid `AADSTS50059` when it is a shared one, and as `readTenant`
 */
export function requireTenant(call: Call, segment: string): TenantId {
  const tenant = readTenant(call, segment)
  if (tenant !== call.tenantId) throw refusal(50059)
  return call.tenantId
}
