/** What the blob door needs of an account: that there is one, and how it may be entered. */
import type { Call } from '../../core/call.ts'
import { resourcesNamed } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'

export const ACCOUNT_TYPE = 'microsoft.storage/storageaccounts'

/** The account of a host name, wherever it is. */
export async function findStorageAccount(call: Call, name: string): Promise<Resource | undefined> {
  return (await resourcesNamed(call, ACCOUNT_TYPE, name))[0]
}
