/** Managed HSMs, deleted or not: there are none here, and clients that list vaults ask for them. */
import { z } from 'zod'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import { badRequest } from './vault-properties.ts'

const asked = z.strictObject({ name: z.string() })
const HSM_NAME = /^[A-Za-z][A-Za-z0-9]{2,23}$/

export const managedHsms: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/managedHSMs',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  list: async () => ({ status: 200, body: { value: [], nextLink: null } }),
}

export const deletedManagedHsms: DerivedType = {
  ...managedHsms,
  name: 'Microsoft.KeyVault/deletedManagedHSMs',
  place: 'subscription',
}

/** POST checkMhsmNameAvailability: az asks it unless told that the name is for a vault. */
export const managedHsmNames: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/checkMhsmNameAvailability',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'subscription',
  collectionAction: 'Microsoft.KeyVault/checkNameAvailability/read',
  actions: {
    async ''(_tx, _at, body) {
      const read = asked.safeParse(body)
      if (!read.success) throw badRequest("An invalid value was provided for 'name'.")
      if (HSM_NAME.test(read.data.name)) return { status: 200, body: { nameAvailable: true } }
      const message =
        `The managed HSM name '${read.data.name}' is invalid: it has 3 to 24 letters and digits, ` +
        'and begins with a letter.'
      return { status: 200, body: { nameAvailable: false, reason: 'AccountNameInvalid', message } }
    },
  },
}
