import { callerObjectId } from '../../core/call.ts'
import { effectivePermissions } from '../../core/rbac/check.ts'
import type { DerivedType } from '../provider.ts'
import { AUTHORIZATION_API_VERSIONS } from './api-versions.ts'

/** `GET {scope}/providers/Microsoft.Authorization/permissions`: what the caller may do there. */
export const permissions: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Authorization/permissions',
  apiVersions: AUTHORIZATION_API_VERSIONS,
  place: 'extension',
  async list(call, scope) {
    const caller = callerObjectId(call)
    const value = caller === undefined ? [] : await effectivePermissions(call, caller, scope)
    return { status: 200, body: { value } }
  },
}
