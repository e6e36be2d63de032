/** Names of sites are host names: one site of a name in all of Azure. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { resourcesNamed } from '../../core/resources/lists.ts'
import type { DerivedType } from '../provider.ts'
import { WEB_API_VERSIONS } from './api-versions.ts'
import { siteName } from './site-settings.ts'

export const SITE_TYPE = 'Microsoft.Web/sites'
export const SLOT_TYPE = `${SITE_TYPE}/slots`
export const SITE_NAME = /^[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])?$/

/** Clients write the type in either of these ways. */
const TYPES: ReadonlySet<string> = new Set(['site', 'microsoft.web/sites'])

const body = z.strictObject({
  name: z.string(),
  type: z.string(),
  isFqdn: z.boolean().nullish(),
})

const DOMAINS = {
  app: 'azurewebsites.net',
  scm: 'scm.azurewebsites.net',
  ftp: 'ftp.azurewebsites.windows.net',
} as const

/** The host of a site, or of a slot of it; of its console, or of its files. */
export function hostOf(id: ResourceId, of: keyof typeof DOMAINS = 'app'): string {
  return `${siteName(id).replace('/', '-')}.${DOMAINS[of]}`
}

/** POST checkNameAvailability. */
export const siteNameAvailability: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Web/checkNameAvailability',
  apiVersions: WEB_API_VERSIONS,
  place: 'subscription',
  collectionAction: 'Microsoft.Web/checkNameAvailability/read',
  actions: {
    async ''(tx, _at, raw) {
      const asked = body.safeParse(raw)
      if (!asked.success || !TYPES.has(asked.data.type.toLowerCase())) {
        throw new Failure('invalid', 'BadRequest', 'The parameter type has an invalid value.')
      }
      const { name } = asked.data
      if (!SITE_NAME.test(name)) {
        return { status: 200, body: unavailable('Invalid', `The name '${name}' is not valid.`) }
      }
      const taken = (await resourcesNamed(tx, SITE_TYPE, name)).length > 0
      return {
        status: 200,
        body: taken ? unavailable('AlreadyExists', takenMessage(name)) : AVAILABLE,
      }
    },
  },
}

const AVAILABLE = { nameAvailable: true, reason: '', message: '' }

function unavailable(reason: string, message: string): object {
  return { nameAvailable: false, reason, message }
}

/** @throws Failure conflict `Conflict` */
export async function refuseTakenName(call: Call, { name }: ResourceId): Promise<void> {
  if ((await resourcesNamed(call, SITE_TYPE, name)).length === 0) return
  throw new Failure('conflict', 'Conflict', takenMessage(name))
}

function takenMessage(name: string): string {
  return `Website with given name ${name} already exists.`
}
