/**
 * `{vault}/secrets/{name}`: secrets written by templates. Whoever may write there sets values, and
 * sees none: values are read in the vault's own plane, by who may read them there.
 */
import { z } from 'zod'
import { everyItem } from '../../base/page.ts'
import { Secret } from '../../base/secret.ts'
import type { Call } from '../../core/call.ts'
import {
  describeSecret,
  listSecrets,
  type SecretVersion,
  setSecret,
  updateSecret,
} from '../../core/secrets/secrets.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import type { DerivedType } from '../provider.ts'
import { KEY_VAULT_API_VERSIONS } from './api-versions.ts'
import {
  attributeMembers,
  changesOf,
  documentMembers,
  objectDocument,
  tagsMember,
  vaultAbove,
} from './vault-objects.ts'
import { badRequest } from './vault-properties.ts'

const PAGE = 1000

const members = {
  contentType: z.string().nullish(),
  attributes: z.strictObject(attributeMembers).nullish(),
}

const secretBody = z.strictObject({
  ...documentMembers,
  tags: tagsMember,
  properties: z.strictObject({ value: z.string(), ...members }),
})

const changeBody = z.strictObject({
  ...documentMembers,
  tags: tagsMember,
  properties: z.strictObject({ value: z.string().nullish(), ...members }).nullish(),
})

export const vaultSecrets: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/secrets',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const vault = await vaultAbove(call, id.parent)
    const secret = await describeSecret(call, { vault, name: id.name })
    return { status: 200, body: shown(call, vault, secret) }
  },
  async list(call, scope) {
    const vault = await vaultAbove(call, scope)
    const all = await everyItem((after) => listSecrets(call, { vault, after, size: PAGE }))
    return { status: 200, body: { value: all.map((secret) => shown(call, vault, secret)) } }
  },
  async put(tx, id, body) {
    const read = secretBody.safeParse(body)
    if (!read.success) throw badRequest('The secret is not valid: it has a value, and attributes.')
    const vault = await vaultAbove(tx, id.parent)
    const { tags, properties } = read.data
    const { value, contentType, attributes } = properties
    const secret = await setSecret(tx, {
      vault,
      name: id.name,
      value: new Secret(value),
      contentType: contentType ?? undefined,
      tags: tags ?? undefined,
      attributes: changesOf(attributes),
    })
    return { status: 200, body: shown(tx, vault, secret) }
  },
  /** With a value, the next version, which is otherwise like the one before. */
  async patch(tx, id, body) {
    const read = changeBody.safeParse(body)
    if (!read.success) throw badRequest('The change of the secret is not valid.')
    const vault = await vaultAbove(tx, id.parent)
    const before = await describeSecret(tx, { vault, name: id.name })
    const { value, contentType, attributes } = read.data.properties ?? {}
    const changes = {
      vault,
      name: id.name,
      contentType: contentType ?? before.contentType,
      tags: read.data.tags ?? before.tags,
      attributes: changesOf(attributes),
    }
    const secret =
      typeof value === 'string'
        ? await setSecret(tx, { ...changes, value: new Secret(value) })
        : await updateSecret(tx, changes)
    return { status: 200, body: shown(tx, vault, secret) }
  },
}

function shown(call: Call, vault: Vault, secret: SecretVersion): object {
  const { contentType } = secret
  const properties = contentType === undefined ? {} : { contentType }
  return objectDocument(call, vault, 'secrets', secret, properties)
}
