/** Names of storage accounts are host names: one account of a name in all of Azure. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { resourcesNamed } from '../../core/resources/lists.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { ACCOUNT_TYPE } from './account-settings.ts'
import { STORAGE_API_VERSIONS } from './api-versions.ts'

export const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/

export const INVALID_ACCOUNT_NAME =
  '{name} is not a valid storage account name. Storage account name must be between 3 and 24 ' +
  'characters in length and use numbers and lower-case letters only.'

const body = z.strictObject({ name: z.string(), type: z.string() })

/** POST checkNameAvailability. */
export const accountNameAvailability: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Storage/checkNameAvailability',
  apiVersions: STORAGE_API_VERSIONS,
  place: 'subscription',
  // Azure's roles grant it as a read.
  collectionAction: 'Microsoft.Storage/checkNameAvailability/read',
  actions: {
    async ''(tx, _at, raw) {
      const asked = body.safeParse(raw)
      if (!asked.success || asked.data.type.toLowerCase() !== ACCOUNT_TYPE) {
        throw new Failure(
          'invalid',
          'InvalidValuesForRequestParameters',
          'Values for request parameters are invalid: type.',
        )
      }
      const { name } = asked.data
      if (!ACCOUNT_NAME.test(name)) {
        return unavailable('AccountNameInvalid', INVALID_ACCOUNT_NAME.replace('{name}', name))
      }
      if ((await resourcesNamed(tx, ACCOUNT_TYPE, name)).length > 0) {
        return unavailable('AlreadyExists', takenMessage(name))
      }
      return { status: 200, body: { nameAvailable: true } }
    },
  },
}

/** @throws Failure conflict `StorageAccountAlreadyTaken`, or in another group of the subscription */
export async function refuseTakenName(call: Call, id: ResourceId): Promise<void> {
  const [taken] = await resourcesNamed(call, ACCOUNT_TYPE, id.name)
  if (!taken) return
  if (taken.id.subscriptionId === id.subscriptionId) {
    throw new Failure(
      'conflict',
      'StorageAccountInAnotherResourceGroup',
      `The account ${id.name} is already in another resource group in this subscription.`,
    )
  }
  throw new Failure('conflict', 'StorageAccountAlreadyTaken', takenMessage(id.name))
}

function takenMessage(name: string): string {
  return `The storage account named ${name} is already taken.`
}

function unavailable(reason: string, message: string): Answer {
  return { status: 200, body: { nameAvailable: false, reason, message } }
}
