/** /deletedsecrets: list, get, recover, purge. */
import {
  listDeletedSecrets,
  purgeSecret,
  readDeletedSecret,
  recoverSecret,
} from '../../core/secrets/secrets.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { deletedSecret, secretItem, secretVersion } from './bundles.ts'
import { vaultRoute } from './vault-route.ts'

export const deletedSecretRoutes: readonly Route[] = [
  vaultRoute({
    method: 'GET',
    path: '/deletedsecrets',
    collection: 'secrets',
    action: 'readMetadata/action',
    permission: 'list',
    async answer(call, { vault, page, nextLink }) {
      const listed = await listDeletedSecrets(call, { vault, ...page })
      const value = listed.items.map((deleted) => deletedSecret(call, vault, deleted, secretItem))
      return { status: 200, body: { value, nextLink: nextLink(listed) } }
    },
  }),
  vaultRoute({
    method: 'GET',
    path: '/deletedsecrets/:name',
    collection: 'secrets',
    action: 'readMetadata/action',
    permission: 'get',
    async answer(call, { vault, name }) {
      const deleted = await readDeletedSecret(call, { vault, name })
      return { status: 200, body: deletedSecret(call, vault, deleted, secretVersion) }
    },
  }),
  vaultRoute({
    method: 'POST',
    path: '/deletedsecrets/:name/recover',
    collection: 'secrets',
    action: 'recover/action',
    permission: 'recover',
    async answer(call, { vault, name }) {
      const secret = await transaction(call, (tx) => recoverSecret(tx, { vault, name }))
      return { status: 200, body: secretVersion(call, vault, secret) }
    },
  }),
  vaultRoute({
    method: 'DELETE',
    path: '/deletedsecrets/:name',
    collection: 'secrets',
    action: 'purge/action',
    permission: 'purge',
    async answer(call, { vault, name }) {
      await transaction(call, (tx) => purgeSecret(tx, { vault, name }))
      return { status: 204 }
    },
  }),
]
