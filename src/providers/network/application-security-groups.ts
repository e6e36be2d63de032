import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'

/** An application security group: a name that rules and network interfaces share. */
export const applicationSecurityGroups = storedType({
  kind: 'stored',
  name: 'Microsoft.Network/applicationSecurityGroups',
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties: z.looseObject({}),
  shows: { etag: true },
  async settle(_tx, _asked, before) {
    return { properties: { resourceGuid: before?.properties.resourceGuid ?? randomUUID() } }
  },
  inUse(group, by) {
    return new Failure(
      'invalid',
      'InUseApplicationSecurityGroupCannotBeDeleted',
      `Application security group ${group.id.text} cannot be deleted because it is in use by the ` +
        `following resources: ${by.join(', ')}.`,
    )
  },
})
