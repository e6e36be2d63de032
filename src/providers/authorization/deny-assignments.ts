import type { DerivedType } from '../provider.ts'
import { AUTHORIZATION_API_VERSIONS } from './api-versions.ts'

/** Deny assignments: only Azure itself makes them, and here it never does. */
export const denyAssignments: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Authorization/denyAssignments',
  apiVersions: AUTHORIZATION_API_VERSIONS,
  place: 'extension',
  async list() {
    return { status: 200, body: { value: [] } }
  },
}
