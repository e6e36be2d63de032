/**
 * The services of an account: one of each, named `default`, made and removed with it. Only blobs can
 * be stored; the settings of the others are kept for the clients that read them.
 */
import { z } from 'zod'
import { isJsonObject } from '../../base/json.ts'
import { storedType } from '../provider.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

const properties = z.looseObject({
  cors: z.looseObject({}).optional(),
})

export const BLOB_SERVICES = 'Microsoft.Storage/storageAccounts/blobServices'
export const FILE_SERVICES = 'Microsoft.Storage/storageAccounts/fileServices'
export const QUEUE_SERVICES = 'Microsoft.Storage/storageAccounts/queueServices'
const TABLE_SERVICES = 'Microsoft.Storage/storageAccounts/tableServices'

/** What an account is made with. */
export const SERVICES = [BLOB_SERVICES, FILE_SERVICES, QUEUE_SERVICES, TABLE_SERVICES]

export const blobServices = service(BLOB_SERVICES, {
  deleteRetentionPolicy: { enabled: false, allowPermanentDelete: false },
})
export const fileServices = service(FILE_SERVICES, {
  protocolSettings: { smb: {} },
  shareDeleteRetentionPolicy: { enabled: true, days: 7 },
})
export const queueServices = service(QUEUE_SERVICES, {})
export const tableServices = service(TABLE_SERVICES, {})

function service(name: string, usual: Readonly<Record<string, unknown>>) {
  return storedType<z.infer<typeof properties>>({
    kind: 'stored',
    name,
    apiVersions: STORAGE_API_VERSIONS,
    place: 'group',
    location: 'none',
    identity: 'none',
    names: { pattern: /^default$/i },
    properties,
    createdStatus: 200,
    permanent: true,
    shows: { provisioningState: false },
    async settle(_tx, { properties: asked }, before) {
      const kept = { cors: { corsRules: [] }, ...usual, ...before?.properties, ...asked }
      return { properties: withoutBlanks(kept) }
    },
  })
}

/** Clients send a blank for what they do not choose, such as the ciphers of file shares. */
function withoutBlanks(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(properties).filter(([, value]) => value !== '')
  return Object.fromEntries(
    given.map(([name, value]) => [name, isJsonObject(value) ? withoutBlanks(value) : value]),
  )
}
