/**
 * What a client asks before it has a token: which cloud this is, at which addresses, and which
 * images have short names. There are three shapes of the first, by api-version, as in Azure.
 */
import { z } from 'zod'
import { azureNames, type Names } from '../../../base/names.ts'
import type { Call } from '../../../core/call.ts'
import { type Route, route } from '../../../http/route.ts'
import { aliasDocument } from '../../../providers/compute/image-table.ts'
import { readApiVersion } from '../registry.ts'

const ALIASES = '/metadata/vmImageAliases.json'

const OPEN = {
  kind: 'open',
  because: 'clients read it before they know where to sign in; it holds public addresses only',
} as const

const input = z.object({ query: z.record(z.string(), z.string()) })

/** From here on the answer is one cloud; before, a list of them. */
const FIRST_VERSION_OF_ONE = '2022-09-01'
/** The oldest answer is short. */
const LAST_SHORT_VERSION = '2015-12-31'

export function cloudMetadataRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/metadata/endpoints',
      guard: OPEN,
      input,
      async answer(call, { query }) {
        return { status: 200, body: endpoints(call, readApiVersion(query)) }
      },
    }),
    route({
      method: 'GET',
      path: ALIASES,
      guard: OPEN,
      input,
      answer: async () => ({ status: 200, body: aliasDocument() }),
    }),
  ]
}

function endpoints(call: Call, version: string): unknown {
  const { names } = call
  if (version <= LAST_SHORT_VERSION) return shortDocument(names)
  return version < FIRST_VERSION_OF_ONE ? [cloud(call)] : cloud(call)
}

function shortDocument(names: Names): object {
  return {
    galleryEndpoint: '',
    graphEndpoint: `${names.origin('graph')}/`,
    portalEndpoint: '',
    authentication: { loginEndpoint: `${names.origin('login')}/`, audiences: audiences(names) },
  }
}

function cloud({ names }: Call): object {
  return {
    name: names === azureNames ? 'AzureCloud' : 'Locum',
    portal: '',
    authentication: {
      loginEndpoint: `${names.origin('login')}/`,
      audiences: audiences(names),
      // Of this cloud, not of the caller: Terraform takes any other for Azure Stack, and refuses.
      tenant: 'common',
      identityProvider: 'AAD',
    },
    resourceManager: `${names.origin('management')}/`,
    graph: `${names.origin('graph')}/`,
    graphAudience: `${names.origin('graph')}/`,
    microsoftGraphResourceId: `${names.origin('graph')}/`,
    vmImageAliasDoc: `${names.origin('management')}${ALIASES}`,
    suffixes: {
      keyVaultDns: suffix(names, 'vault'),
      // Clients put the name of the service in front of it.
      storage: suffix(names, 'blob').replace(/^blob\./, ''),
    },
  }
}

/** Azure's own name last of two, since clients take the first. */
function audiences(names: Names): string[] {
  return names === azureNames
    ? ['https://management.core.windows.net/', 'https://management.azure.com/']
    : [`${names.origin('management')}/`, 'https://management.azure.com/']
}

/** `vault.azure.net`: what follows an account's name. */
function suffix(names: Names, service: 'vault' | 'blob'): string {
  return names.resource(service).replace('https://', '')
}
