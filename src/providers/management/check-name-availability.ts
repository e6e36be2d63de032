import { z } from 'zod'
import { MANAGEMENT_GROUP, managementGroupResourceId } from '../../base/resource-id.ts'
import { findManagementGroup } from '../../core/resources/management-groups.ts'
import type { DerivedType } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { readBody } from './group-body.ts'
import { badRequest } from './group-document.ts'
import { isGroupName } from './group-write.ts'

const asked = z.strictObject({ name: z.string().min(1), type: z.string().nullish() })

/** `POST /providers/Microsoft.Management/checkNameAvailability`: anybody may make a group. */
export const checkNameAvailability: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Management/checkNameAvailability',
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  freely: (verb) => verb === 'act',
  actions: {
    async ''(tx, _at, body) {
      const { name, type } = readBody(asked, body)
      if (type && !type.toLowerCase().endsWith(MANAGEMENT_GROUP.toLowerCase())) {
        throw badRequest(`The type '${type}' is not ${MANAGEMENT_GROUP}.`)
      }
      if (!isGroupName(name)) return unavailable('Invalid', `The name '${name}' is not valid.`)
      if (await findManagementGroup(tx, managementGroupResourceId(name))) {
        return unavailable('AlreadyExists', 'The group with the specified name already exists')
      }
      return { status: 200, body: { nameAvailable: true } }
    },
  },
}

function unavailable(reason: 'Invalid' | 'AlreadyExists', message: string) {
  return { status: 200, body: { nameAvailable: false, reason, message } }
}
