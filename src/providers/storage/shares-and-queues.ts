/** Shares of files and queues, as Resource Manager sees them: nothing can be put into them yet. */
import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'
import { FILE_SERVICES, QUEUE_SERVICES } from './account-services.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

const metadata = z.record(z.string(), z.string()).optional()

const MOST_GIGABYTES = 102_400

const share = z.looseObject({
  shareQuota: z.int().min(1).max(MOST_GIGABYTES).optional(),
  enabledProtocols: oneOf(['SMB', 'NFS']).optional(),
  accessTier: oneOf(['TransactionOptimized', 'Hot', 'Cool', 'Premium']).optional(),
  rootSquash: oneOf(['NoRootSquash', 'RootSquash', 'AllSquash']).optional(),
  signedIdentifiers: z.array(z.looseObject({ id: z.string() })).optional(),
  metadata,
})

export const shares = storedType<z.infer<typeof share>>({
  kind: 'stored',
  name: `${FILE_SERVICES}/shares`,
  apiVersions: STORAGE_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: {
    pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    code: 'InvalidResourceName',
    message:
      'The specified share name {name} is invalid: it has 3 to 63 lower-case letters, digits and ' +
      'single hyphens, and begins and ends with a letter or a digit.',
  },
  properties: share,
  shows: { etag: true, provisioningState: false },
  async settle(_tx, { properties: asked }, before) {
    const { shareQuota, enabledProtocols, accessTier, rootSquash, signedIdentifiers } = asked
    const was = before?.properties
    return {
      properties: {
        accessTier: accessTier ?? was?.accessTier ?? 'TransactionOptimized',
        shareQuota: shareQuota ?? was?.shareQuota ?? 5120,
        enabledProtocols: was?.enabledProtocols ?? enabledProtocols ?? 'SMB',
        ...(rootSquash && { rootSquash }),
        signedIdentifiers: signedIdentifiers ?? was?.signedIdentifiers ?? [],
        metadata: asked.metadata ?? was?.metadata ?? {},
      },
    }
  },
  async shown(_call, one) {
    return {
      ...one.properties,
      leaseStatus: 'unlocked',
      leaseState: 'available',
      lastModifiedTime: isoSevenDigits(one.changedAt),
      accessTierChangeTime: isoSevenDigits(one.createdAt),
    }
  },
})

const queue = z.looseObject({ metadata })

export const queues = storedType<z.infer<typeof queue>>({
  kind: 'stored',
  name: `${QUEUE_SERVICES}/queues`,
  apiVersions: STORAGE_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, code: 'InvalidResourceName' },
  properties: queue,
  // Its clients take a 201 for an error.
  createdStatus: 200,
  deletedStatus: 204,
  shows: { provisioningState: false },
  async settle(_tx, { properties: asked }, before) {
    return { properties: { metadata: asked.metadata ?? before?.properties.metadata ?? {} } }
  },
  async shown(_call, one) {
    return { ...one.properties, approximateMessageCount: 0 }
  },
})
