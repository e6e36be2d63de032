/**
 * `{vault}/keys/{name}`, as templates make keys: a put makes the first version of a key that is not
 * there, and changes nothing of one that is. What keys are used for is the vault's own plane.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { everyItem } from '../../base/page.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import {
  generateKeyMaterial,
  type KeyMaterial,
  modulusBits,
} from '../../core/secrets/key-material.ts'
import {
  createKey,
  describeKey,
  findKey,
  type KeyVersion,
  listKeys,
  listKeyVersions,
} from '../../core/secrets/keys.ts'
import {
  type KeptPolicy,
  readRotationPolicy,
  setRotationPolicy,
} from '../../core/secrets/rotation-policies.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { inTransaction, type Transaction } from '../../core/transaction.ts'
import { type DerivedType, NOT_REHEARSED } from '../provider.ts'
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
const MOST_ACTIONS = 2

const trigger = z.strictObject({
  timeAfterCreate: z.string().optional(),
  timeBeforeExpiry: z.string().optional(),
})

const keyBody = z.strictObject({
  ...documentMembers,
  tags: tagsMember,
  properties: z.strictObject({
    kty: z.string(),
    keySize: z.int().nullish(),
    curveName: z.string().nullish(),
    keyOps: z.array(z.string()).nullish(),
    attributes: z
      .strictObject({ ...attributeMembers, exportable: z.literal(false).nullish() })
      .nullish(),
    rotationPolicy: z
      .strictObject({
        attributes: z.looseObject({ expiryTime: z.string().nullish() }).nullish(),
        lifetimeActions: z
          .array(z.strictObject({ trigger, action: z.strictObject({ type: z.string() }) }))
          .max(MOST_ACTIONS)
          .nullish(),
      })
      .nullish(),
    keyUri: z.unknown().optional(),
    keyUriWithVersion: z.unknown().optional(),
  }),
})
type KeyBody = z.infer<typeof keyBody>

/** What a put is given: the body, and what a new key is made of. */
interface PreparedKey {
  readonly asked: KeyBody
  /** Undefined when there is a key already, or where nobody may wait for one. */
  readonly material: KeyMaterial | undefined
}

export const vaultKeys: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/keys',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const vault = await vaultAbove(call, id.parent)
    const key = await describeKey(call, { vault, name: id.name })
    return { status: 200, body: await shown(call, vault, key) }
  },
  async list(call, scope) {
    const vault = await vaultAbove(call, scope)
    const all = await everyItem((after) => listKeys(call, { vault, after, size: PAGE }))
    // A list says which keys there are; a key says the rest.
    const value = all.map((key) => objectDocument(call, vault, 'keys', key, {}))
    return { status: 200, body: { value } }
  },
  async prepare(call, id, body): Promise<PreparedKey> {
    const read = keyBody.safeParse(body)
    if (!read.success) throw badRequest('The key is not valid: it has a kty, and attributes.')
    const asked = read.data
    const vault = await vaultAbove(call, id.parent)
    if (inTransaction(call) || (await findKey(call, { vault, name: id.name }))) {
      return { asked, material: undefined }
    }
    const { kty, keySize, curveName } = asked.properties
    const material = await generateKeyMaterial({
      vault,
      kty,
      keySizeBits: keySize ?? undefined,
      curve: curveName ?? undefined,
    })
    return { asked, material }
  },
  async put(tx, id, prepared) {
    const vault = await vaultAbove(tx, id.parent)
    const key =
      (await findKey(tx, { vault, name: id.name })) ??
      (await create(tx, vault, id, prepared as PreparedKey))
    return { status: 200, body: await shown(tx, vault, key) }
  },
}

/** `{vault}/keys/{name}/versions/{version}`. */
export const vaultKeyVersions: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.KeyVault/vaults/keys/versions',
  apiVersions: KEY_VAULT_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const vault = await vaultAbove(call, id.parent?.parent)
    const of = { vault, name: id.parent?.name ?? '', version: id.name }
    const key = await describeKey(call, of)
    const body = objectDocument(call, vault, 'keys', key, propertiesOf(key), 'version')
    return { status: 200, body }
  },
  async list(call, scope) {
    const vault = await vaultAbove(call, scope.parent)
    const of = { vault, name: scope.name, size: PAGE }
    const all = await everyItem((after) => listKeyVersions(call, { ...of, after }))
    const value = all.map((key) => objectDocument(call, vault, 'keys', key, {}, 'version'))
    return { status: 200, body: { value } }
  },
}

async function create(
  tx: Transaction,
  vault: Vault,
  { name }: ResourceId,
  { asked, material }: PreparedKey,
): Promise<KeyVersion> {
  if (!material) {
    throw new Failure('conflict', NOT_REHEARSED, `The key ${name} cannot be made now.`)
  }
  const { keyOps, attributes, rotationPolicy } = asked.properties
  const key = await createKey(tx, {
    vault,
    name,
    material,
    keyOperations: keyOps ?? undefined,
    tags: asked.tags ?? undefined,
    attributes: changesOf(attributes),
  })
  if (rotationPolicy) {
    const policy = {
      lifetimeActions: rotationPolicy.lifetimeActions ?? [],
      expiryTime: rotationPolicy.attributes?.expiryTime ?? undefined,
    }
    await setRotationPolicy(tx, { vault, name, policy })
  }
  return key
}

async function shown(call: Call, vault: Vault, key: KeyVersion): Promise<object> {
  const policy = await readRotationPolicy(call, { vault, name: key.name })
  const properties = {
    ...propertiesOf(key),
    ...(policy.created !== undefined && { rotationPolicy: shownPolicy(policy) }),
  }
  return objectDocument(call, vault, 'keys', key, properties)
}

function propertiesOf({
  kty,
  keyOperations: keyOps,
  members,
}: KeyVersion): Record<string, unknown> {
  const kind = 'crv' in members ? { curveName: members.crv } : { keySize: modulusBits(members) }
  return { kty, keyOps, ...kind }
}

/** Resource Manager writes the actions in lower case. */
function shownPolicy({ lifetimeActions, expiryTime }: KeptPolicy): object {
  return {
    attributes: expiryTime === undefined ? {} : { expiryTime },
    lifetimeActions: lifetimeActions.map(({ trigger, action }) => ({
      trigger,
      action: { type: action.type.toLowerCase() },
    })),
  }
}
