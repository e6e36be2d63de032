import { z } from 'zod'
import { isoSevenDigits } from '../../base/clock.ts'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'
import { BLOB_SERVICES } from './account-services.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  publicAccess: oneOf(['None', 'Blob', 'Container']).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  defaultEncryptionScope: z.string().optional(),
  denyEncryptionScopeOverride: z.boolean().optional(),
})

/** A blob container, as Resource Manager sees it. */
export const containers = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: `${BLOB_SERVICES}/containers`,
  apiVersions: STORAGE_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: {
    pattern: /^(\$root|\$logs|\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/,
    code: 'ContainerNameInvalid',
    message:
      'The specified container name {name} is invalid: it has 3 to 63 lower-case letters, digits ' +
      'and single hyphens, and begins and ends with a letter or a digit.',
  },
  properties,
  shows: { etag: true, provisioningState: false },
  async settle(_tx, { properties: asked }) {
    return {
      properties: {
        publicAccess: asked.publicAccess ?? 'None',
        defaultEncryptionScope: asked.defaultEncryptionScope ?? '$account-encryption-key',
        denyEncryptionScopeOverride: asked.denyEncryptionScopeOverride ?? false,
        ...(asked.metadata && { metadata: asked.metadata }),
      },
    }
  },
  async shown(_call, container) {
    return {
      ...container.properties,
      deleted: false,
      remainingRetentionDays: 0,
      leaseStatus: 'Unlocked',
      leaseState: 'Available',
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
      lastModifiedTime: isoSevenDigits(container.changedAt),
    }
  },
})
