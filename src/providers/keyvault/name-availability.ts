/** POST checkNameAvailability: whether a vault could be made under a name. */
import { z } from 'zod'
import { resourcesNamed } from '../../core/resources/lists.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import { findDeletedVault } from './deleted-vaults.ts'
import { badRequest } from './vault-properties.ts'
import { VAULT_TYPE } from './vault-settings.ts'
import { INVALID_VAULT_NAME, VAULT_NAME } from './vaults.ts'

const asked = z.strictObject({ name: z.string(), type: z.string() })

export const nameAvailability: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/checkNameAvailability',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'subscription',
  // Azure's roles grant it as a read.
  collectionAction: 'Microsoft.KeyVault/checkNameAvailability/read',
  actions: {
    async ''(tx, _at, body) {
      const read = asked.safeParse(body)
      if (!read.success || read.data.type.toLowerCase() !== VAULT_TYPE) {
        throw badRequest("An invalid value was provided for 'type'.")
      }
      const { name } = read.data
      if (!VAULT_NAME.test(name)) {
        const message = INVALID_VAULT_NAME.replace('{name}', name)
        return unavailable('AccountNameInvalid', message)
      }
      if ((await resourcesNamed(tx, VAULT_TYPE, name)).length > 0) {
        return unavailable('AlreadyExists', `The name '${name}' is already in use.`)
      }
      if (await findDeletedVault(tx, name)) {
        const message =
          'A vault with the same name already exists in deleted state. You need to either recover ' +
          'or purge existing key vault.'
        return unavailable('AlreadyExists', message)
      }
      return { status: 200, body: { nameAvailable: true } }
    },
  },
}

function unavailable(reason: string, message: string) {
  return { status: 200, body: { nameAvailable: false, reason, message } }
}
