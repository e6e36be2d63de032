/** The shapes in which Key Vault shows what it holds. */
import { epochSeconds } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import type { Deleted } from '../../core/secrets/deletion.ts'
import type { KeyVersion } from '../../core/secrets/keys.ts'
import type { RevealedSecret, SecretVersion } from '../../core/secrets/secrets.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { attributesIn } from './attribute-members.ts'

type Shown = Record<string, unknown>

/** A secret with its value. */
export function secretBundle(call: Call, vault: Vault, secret: RevealedSecret): Shown {
  return { value: secret.value.reveal(), ...secretVersion(call, vault, secret) }
}

/** A version of a secret, without its value. */
export function secretVersion(call: Call, vault: Vault, secret: SecretVersion): Shown {
  return secretUnder(`${secretId(call, vault, secret)}/${secret.version}`, vault, secret)
}

/** A secret in a list of secrets: its id is that of the name. */
export function secretItem(call: Call, vault: Vault, secret: SecretVersion): Shown {
  return secretUnder(secretId(call, vault, secret), vault, secret)
}

export function deletedSecret(
  call: Call,
  vault: Vault,
  deleted: Deleted<SecretVersion>,
  shown: typeof secretVersion,
): Shown {
  const recoveryId = address(call, vault, 'deletedsecrets', deleted.item.name)
  return { recoveryId, ...dates(deleted), ...shown(call, vault, deleted.item) }
}

/** A key: its public half, and what it may be used for. */
export function keyBundle(call: Call, vault: Vault, key: KeyVersion): Shown {
  return {
    key: { kid: keyId(call, vault, key), kty: key.kty, key_ops: key.keyOperations, ...key.members },
    ...keyFacts(vault, key),
  }
}

/** A version in the list of a key's versions. */
export function keyVersionItem(call: Call, vault: Vault, key: KeyVersion): Shown {
  return { kid: keyId(call, vault, key), ...keyFacts(vault, key) }
}

/** A key in a list of keys: its kid is that of the name. */
export function keyItem(call: Call, vault: Vault, key: KeyVersion): Shown {
  return { kid: address(call, vault, 'keys', key.name), ...keyFacts(vault, key) }
}

export function deletedKey(
  call: Call,
  vault: Vault,
  deleted: Deleted<KeyVersion>,
  shown: typeof keyBundle,
): Shown {
  const recoveryId = address(call, vault, 'deletedkeys', deleted.item.name)
  return { recoveryId, ...dates(deleted), ...shown(call, vault, deleted.item) }
}

/** `https://kv1.vault.azure.net/keys/{name}/{version}`. */
export function keyId(call: Call, vault: Vault, { name, version }: KeyVersion): string {
  return `${address(call, vault, 'keys', name)}/${version}`
}

function secretUnder(id: string, vault: Vault, secret: SecretVersion): Shown {
  const { contentType, tags, attributes } = secret
  return {
    ...(contentType !== undefined && { contentType }),
    id,
    attributes: attributesIn(vault, attributes),
    ...(tags !== undefined && { tags }),
  }
}

function secretId(call: Call, vault: Vault, { name }: SecretVersion): string {
  return address(call, vault, 'secrets', name)
}

function keyFacts(vault: Vault, { attributes, tags }: KeyVersion): Shown {
  return {
    attributes: { ...attributesIn(vault, attributes), exportable: false },
    tags: tags ?? {},
  }
}

function dates({ deletedAt, purgeAt }: Deleted<unknown>): Shown {
  return { deletedDate: epochSeconds(deletedAt), scheduledPurgeDate: epochSeconds(purgeAt) }
}

function address(call: Call, vault: Vault, collection: string, name: string): string {
  return `${call.names.accountOrigin('vault', vault.name)}/${collection}/${name}`
}
