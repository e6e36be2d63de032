import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isManagementGroup } from '../../base/resource-id.ts'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'

const properties = z.object({
  level: oneOf(['CanNotDelete', 'ReadOnly']),
  notes: z.string().max(512).optional(),
  owners: z.array(z.object({ applicationId: z.string().optional() })).optional(),
})

/** Management locks, on any scope. What they forbid is core/resources/locks.ts. */
export const locks = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: 'Microsoft.Authorization/locks',
  apiVersions: ['2015-01-01', '2016-09-01', '2017-04-01', '2020-05-01'],
  place: 'extension',
  reaches: true,
  location: 'none',
  identity: 'none',
  names: { pattern: /^[-\w.()]{0,89}[-\w()]$/ },
  properties,
  shows: { provisioningState: false, systemData: true },
  async settle(_tx, asked) {
    const { parent } = asked.id
    if (parent && isManagementGroup(parent)) {
      throw new Failure(
        'invalid',
        'InvalidLockScope',
        `The scope '${parent.text}' cannot be locked: subscriptions, resource groups and resources can.`,
      )
    }
    return { properties: asked.properties }
  },
})
