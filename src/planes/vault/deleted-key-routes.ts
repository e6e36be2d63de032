/** /deletedkeys: list, get, recover, purge. */
import { listDeletedKeys, purgeKey, readDeletedKey, recoverKey } from '../../core/secrets/keys.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { deletedKey, keyBundle, keyItem } from './bundles.ts'
import { vaultRoute } from './vault-route.ts'

export const deletedKeyRoutes: readonly Route[] = [
  vaultRoute({
    method: 'GET',
    path: '/deletedkeys',
    collection: 'keys',
    action: 'read',
    permission: 'list',
    async answer(call, { vault, page, nextLink }) {
      const listed = await listDeletedKeys(call, { vault, ...page })
      const value = listed.items.map((deleted) => deletedKey(call, vault, deleted, keyItem))
      return { status: 200, body: { value, nextLink: nextLink(listed) } }
    },
  }),
  vaultRoute({
    method: 'GET',
    path: '/deletedkeys/:name',
    collection: 'keys',
    action: 'read',
    permission: 'get',
    async answer(call, { vault, name }) {
      const deleted = await readDeletedKey(call, { vault, name })
      return { status: 200, body: deletedKey(call, vault, deleted, keyBundle) }
    },
  }),
  vaultRoute({
    method: 'POST',
    path: '/deletedkeys/:name/recover',
    collection: 'keys',
    action: 'recover/action',
    permission: 'recover',
    async answer(call, { vault, name }) {
      const key = await transaction(call, (tx) => recoverKey(tx, { vault, name }))
      return { status: 200, body: keyBundle(call, vault, key) }
    },
  }),
  vaultRoute({
    method: 'DELETE',
    path: '/deletedkeys/:name',
    collection: 'keys',
    action: 'purge/action',
    permission: 'purge',
    async answer(call, { vault, name }) {
      await transaction(call, (tx) => purgeKey(tx, { vault, name }))
      return { status: 204 }
    },
  }),
]
