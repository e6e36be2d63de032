/**
 * /certificates: vaults here hold none. Clients that look at a vault ask for its certificates and
 * whom to tell of them, and are answered truly; whoever would make one is told why not.
 */
import { Failure } from '../../base/failure.ts'
import type { Method, Route } from '../../http/route.ts'
import { vaultRoute } from './vault-route.ts'

interface Asked {
  readonly path: string
  readonly permission: string
  readonly action: string
  readonly actionOf?: 'certificatecas' | 'certificatecontacts'
}

const LISTS: readonly Asked[] = [
  { path: '/certificates', action: 'read', permission: 'list' },
  { path: '/certificates/:name/versions', action: 'read', permission: 'list' },
  { path: '/deletedcertificates', action: 'read', permission: 'list' },
  {
    path: '/certificates/issuers',
    actionOf: 'certificatecas',
    action: 'read',
    permission: 'listissuers',
  },
]

const THINGS: readonly Asked[] = [
  { path: '/certificates/:name', action: 'read', permission: 'get' },
  { path: '/certificates/:name/:version', action: 'read', permission: 'get' },
  { path: '/deletedcertificates/:name', action: 'read', permission: 'get' },
]

const WRITES: readonly (Asked & { readonly method: Method })[] = [
  {
    method: 'POST',
    path: '/certificates/:name/create',
    action: 'create/action',
    permission: 'create',
  },
  {
    method: 'POST',
    path: '/certificates/:name/import',
    action: 'import/action',
    permission: 'import',
  },
  {
    method: 'PUT',
    path: '/certificates/contacts',
    actionOf: 'certificatecontacts',
    action: 'write',
    permission: 'managecontacts',
  },
]

const lists = LISTS.map((asked) =>
  vaultRoute({
    ...asked,
    method: 'GET',
    collection: 'certificates',
    answer: async () => ({ status: 200, body: { value: [], nextLink: null } }),
  }),
)

const things = THINGS.map((asked) =>
  vaultRoute({
    ...asked,
    method: 'GET',
    collection: 'certificates',
    async answer(_call, { name, version }) {
      const id = version === undefined ? name : `${name}/${version}`
      throw new Failure(
        'missing',
        'CertificateNotFound',
        `A certificate with (name/id) ${id} was not found in this key vault. If you recently ` +
          'deleted this certificate you may be able to recover it using the correct recovery ' +
          'command. For help resolving this issue, please see ' +
          'https://go.microsoft.com/fwlink/?linkid=2125182',
      )
    },
  }),
)

const contacts = vaultRoute({
  method: 'GET',
  path: '/certificates/contacts',
  collection: 'certificates',
  actionOf: 'certificatecontacts',
  action: 'write',
  permission: 'managecontacts',
  async answer() {
    throw new Failure('missing', 'ContactsNotFound', 'Contacts not found')
  },
})

const writes = WRITES.map((asked) =>
  vaultRoute({
    ...asked,
    collection: 'certificates',
    async answer() {
      throw new Failure(
        'unsupported',
        'NotSupported',
        "Locum's vaults keep secrets and keys, no certificates: keep a certificate that exists as a " +
          'secret, its PFX in base64 with the content type application/x-pkcs12.',
      )
    },
  }),
)

export const certificateRoutes: readonly Route[] = [...lists, contacts, ...things, ...writes]
