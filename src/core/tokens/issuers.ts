/**
 * Who says so: the issuers in tokens are always Azure's own, by whatever names we are reached, so
 * that programs which compare them literally keep working.
 */
import type { TenantId } from '../../base/ids.ts'

/** `iss` of tokens of version 1.0. */
export function issuerV1(tenantId: TenantId): string {
  return `https://sts.windows.net/${tenantId}/`
}

/** `iss` of tokens of version 2.0. */
export function issuerV2(tenantId: TenantId): string {
  return `https://login.microsoftonline.com/${tenantId}/v2.0`
}
