/** /keys: create, import, get, list, update, delete. */
import { z } from 'zod'
import { generateKeyMaterial, importKeyMaterial } from '../../core/secrets/key-material.ts'
import {
  createKey,
  deleteKey,
  listKeys,
  listKeyVersions,
  readKey,
  updateKey,
} from '../../core/secrets/keys.ts'
import { transaction } from '../../core/transaction.ts'
import type { Route } from '../../http/route.ts'
import { keyAttributes, optional, tags } from './attribute-members.ts'
import { deletedKey, keyBundle, keyItem, keyVersionItem } from './bundles.ts'
import { vaultRoute } from './vault-route.ts'

/** More than there are operations; the rules are core's. */
const MOST_KEY_OPERATIONS = 16

const operations = optional(z.array(z.string()).max(MOST_KEY_OPERATIONS))

const createBody = z.strictObject({
  kty: z.string(),
  key_size: optional(z.int()),
  public_exponent: optional(z.int()),
  crv: optional(z.string()),
  key_ops: operations,
  attributes: keyAttributes,
  tags,
  // Keys that can be released need an HSM: nobody may believe to have one.
  release_policy: optional(z.never()),
})

const importBody = z.strictObject({
  Hsm: optional(z.literal(false)),
  key: z.looseObject({ key_ops: operations }),
  attributes: keyAttributes,
  tags,
  release_policy: optional(z.never()),
})

const updateBody = z.strictObject({
  key_ops: operations,
  attributes: keyAttributes,
  tags,
  release_policy: optional(z.never()),
})

const create = vaultRoute({
  method: 'POST',
  path: '/keys/:name/create',
  collection: 'keys',
  action: 'create/action',
  permission: 'create',
  body: createBody,
  async answer(call, { vault, name, body }) {
    const material = await generateKeyMaterial({
      vault,
      kty: body.kty,
      keySizeBits: body.key_size,
      curve: body.crv,
      // The client for Java sends 0 where none was chosen.
      publicExponent: body.public_exponent || undefined,
    })
    const { key_ops: keyOperations, attributes, tags } = body
    const key = await transaction(call, (tx) =>
      createKey(tx, { vault, name, material, keyOperations, attributes, tags }),
    )
    return { status: 200, body: keyBundle(call, vault, key) }
  },
})

const take = vaultRoute({
  method: 'PUT',
  path: '/keys/:name',
  collection: 'keys',
  action: 'import/action',
  permission: 'import',
  body: importBody,
  async answer(call, { vault, name, body }) {
    const material = importKeyMaterial({ vault, jwk: body.key })
    const { attributes, tags } = body
    const keyOperations = body.key.key_ops
    const key = await transaction(call, (tx) =>
      createKey(tx, { vault, name, material, keyOperations, attributes, tags }),
    )
    return { status: 200, body: keyBundle(call, vault, key) }
  },
})

/** With a version or without: then the newest. */
const get = ['/keys/:name', '/keys/:name/:version'].map((path) =>
  vaultRoute({
    method: 'GET',
    path,
    collection: 'keys',
    action: 'read',
    permission: 'get',
    async answer(call, { vault, name, version }) {
      const key = await readKey(call, { vault, name, version })
      return { status: 200, body: keyBundle(call, vault, key) }
    },
  }),
)

const list = vaultRoute({
  method: 'GET',
  path: '/keys',
  collection: 'keys',
  action: 'read',
  permission: 'list',
  async answer(call, { vault, page, nextLink }) {
    const listed = await listKeys(call, { vault, ...page })
    const value = listed.items.map((key) => keyItem(call, vault, key))
    return { status: 200, body: { value, nextLink: nextLink(listed) } }
  },
})

const versions = vaultRoute({
  method: 'GET',
  path: '/keys/:name/versions',
  collection: 'keys',
  action: 'read',
  permission: 'list',
  async answer(call, { vault, name, page, nextLink }) {
    const listed = await listKeyVersions(call, { vault, name, ...page })
    const value = listed.items.map((key) => keyVersionItem(call, vault, key))
    return { status: 200, body: { value, nextLink: nextLink(listed) } }
  },
})

const update = ['/keys/:name', '/keys/:name/:version'].map((path) =>
  vaultRoute({
    method: 'PATCH',
    path,
    collection: 'keys',
    action: 'update/action',
    permission: 'update',
    body: updateBody,
    async answer(call, { vault, name, version, body }) {
      const { key_ops: keyOperations, attributes, tags } = body
      const key = await transaction(call, (tx) =>
        updateKey(tx, { vault, name, version, keyOperations, attributes, tags }),
      )
      return { status: 200, body: keyBundle(call, vault, key) }
    },
  }),
)

const remove = vaultRoute({
  method: 'DELETE',
  path: '/keys/:name',
  collection: 'keys',
  action: 'delete',
  permission: 'delete',
  async answer(call, { vault, name }) {
    const deleted = await transaction(call, (tx) => deleteKey(tx, { vault, name }))
    return { status: 200, body: deletedKey(call, vault, deleted, keyBundle) }
  },
})

export const keyRoutes: readonly Route[] = [create, take, ...get, list, versions, ...update, remove]
