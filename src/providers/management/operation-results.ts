/**
 * Where clients ask whether a management group is made or gone. It tells what
 * `checkNameAvailability` tells everybody: whether there is a group of the name.
 */
import { Failure } from '../../base/failure.ts'
import { managementGroupResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { findManagementGroup } from '../../core/resources/management-groups.ts'
import type { DerivedType, Query } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { head } from './group-document.ts'

const VERBS = ['create', 'delete']
const BASE = '/providers/Microsoft.Management/operationResults'

export function statusUrl(
  call: Call,
  verb: 'create' | 'delete',
  name: string,
  query: Query,
): string {
  const version = encodeURIComponent(query['api-version'] ?? '')
  return `${call.names.origin('management')}${BASE}/${verb}/asyncOperation/status/managementGroups/${name}?api-version=${version}`
}

/** `{BASE}/{verb}/asyncOperation/status/managementGroups/{name}`. */
export const operationResults: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Management/operationResults/asyncOperation/managementGroups',
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  freely: (verb) => verb === 'get',
  async get(call, id) {
    const [verb = '', status = '', name = ''] = id.names
    if (!VERBS.includes(verb) || status !== 'status') throw unknownOperation(id)
    const isThere = (await findManagementGroup(call, managementGroupResourceId(name))) !== undefined
    if (isThere !== (verb === 'create')) throw unknownOperation(id)
    return { status: 200, body: { ...head(name), status: 'Succeeded' } }
  },
}

function unknownOperation({ text }: ResourceId): Failure {
  return new Failure('missing', 'NotFound', `'${text}' not found`)
}
