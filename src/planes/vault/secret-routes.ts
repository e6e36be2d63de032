/** /secrets: set, get, list, update, delete. */
import { z } from 'zod'
import { Secret } from '../../base/secret.ts'
import { backupSecret, restoreSecret } from '../../core/secrets/backup.ts'
import {
  deleteSecret,
  listSecrets,
  listSecretVersions,
  readSecret,
  setSecret,
  updateSecret,
} from '../../core/secrets/secrets.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { optional, secretAttributes, tags } from './attribute-members.ts'
import { backupBundle, restoreBody } from './backup-members.ts'
import { deletedSecret, secretBundle, secretItem, secretVersion } from './bundles.ts'
import { vaultRoute } from './vault-route.ts'

const LONGEST_CONTENT_TYPE_CHARS = 255

const contentType = optional(z.string().max(LONGEST_CONTENT_TYPE_CHARS))
const changes = { contentType, tags, attributes: secretAttributes }

const setBody = z.strictObject({
  value: z.string().transform((value) => new Secret(value)),
  ...changes,
})
const updateBody = z.strictObject(changes)

const set = vaultRoute({
  method: 'PUT',
  path: '/secrets/:name',
  collection: 'secrets',
  action: 'setSecret/action',
  permission: 'set',
  body: setBody,
  async answer(call, { vault, name, body }) {
    const secret = await transaction(call, (tx) => setSecret(tx, { vault, name, ...body }))
    return { status: 200, body: secretBundle(call, vault, secret) }
  },
})

/** With a version or without: then the newest. */
const get = ['/secrets/:name', '/secrets/:name/:version'].map((path) =>
  vaultRoute({
    method: 'GET',
    path,
    collection: 'secrets',
    action: 'getSecret/action',
    permission: 'get',
    async answer(call, { vault, name, version }) {
      const secret = await readSecret(call, { vault, name, version })
      return { status: 200, body: secretBundle(call, vault, secret) }
    },
  }),
)

const list = vaultRoute({
  method: 'GET',
  path: '/secrets',
  collection: 'secrets',
  action: 'readMetadata/action',
  permission: 'list',
  async answer(call, { vault, page, nextLink }) {
    const listed = await listSecrets(call, { vault, ...page })
    const value = listed.items.map((secret) => secretItem(call, vault, secret))
    return { status: 200, body: { value, nextLink: nextLink(listed) } }
  },
})

const versions = vaultRoute({
  method: 'GET',
  path: '/secrets/:name/versions',
  collection: 'secrets',
  action: 'readMetadata/action',
  permission: 'list',
  async answer(call, { vault, name, page, nextLink }) {
    const listed = await listSecretVersions(call, { vault, name, ...page })
    const value = listed.items.map((secret) => secretVersion(call, vault, secret))
    return { status: 200, body: { value, nextLink: nextLink(listed) } }
  },
})

const update = ['/secrets/:name', '/secrets/:name/:version'].map((path) =>
  vaultRoute({
    method: 'PATCH',
    path,
    collection: 'secrets',
    action: 'update/action',
    permission: 'set',
    body: updateBody,
    async answer(call, { vault, name, version, body }) {
      const secret = await transaction(call, (tx) =>
        updateSecret(tx, { vault, name, version, ...body }),
      )
      return { status: 200, body: secretVersion(call, vault, secret) }
    },
  }),
)

const remove = vaultRoute({
  method: 'DELETE',
  path: '/secrets/:name',
  collection: 'secrets',
  action: 'delete',
  permission: 'delete',
  async answer(call, { vault, name }) {
    const deleted = await transaction(call, (tx) => deleteSecret(tx, { vault, name }))
    return { status: 200, body: deletedSecret(call, vault, deleted, secretVersion) }
  },
})

const backup = vaultRoute({
  method: 'POST',
  path: '/secrets/:name/backup',
  collection: 'secrets',
  action: 'backup/action',
  permission: 'backup',
  async answer(call, { vault, name }) {
    return { status: 200, body: backupBundle(await backupSecret(call, { vault, name })) }
  },
})

const restore = vaultRoute({
  method: 'POST',
  path: '/secrets/restore',
  collection: 'secrets',
  action: 'restore/action',
  permission: 'restore',
  body: restoreBody,
  async answer(call, { vault, body }) {
    const asked = { vault, backup: body.value }
    const secret = await transaction(call, (tx) => restoreSecret(tx, asked))
    return { status: 200, body: secretVersion(call, vault, secret) }
  },
})

export const secretRoutes: readonly Route[] = [
  set,
  ...get,
  list,
  versions,
  ...update,
  remove,
  backup,
  restore,
]
