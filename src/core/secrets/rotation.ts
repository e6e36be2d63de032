/** Rotation: the next version of a key, of the kind and for the uses of the one before. */
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { KEYS, type ObjectName } from './collection.ts'
import { generateSameKind, type KeyMaterial } from './key-material.ts'
import { createKey, type KeyVersion, keyOf } from './keys.ts'
import { expiryOf, readRotationPolicy } from './rotation-policies.ts'
import { readVersion } from './versions.ts'

/**
 * Makes what the next version is to hold; slow, so before the transaction that keeps it.
 * @throws Failure missing `KeyNotFound`
 */
export async function generateNextMaterial(call: Call, of: ObjectName): Promise<KeyMaterial> {
  const { kty, members } = keyOf(await readVersion(call.db, KEYS, of))
  return generateSameKind(kty, members)
}

/** Keeps the next version; it expires when the key's policy says so. @throws Failure missing */
export async function rotateKey(
  tx: Transaction,
  { vault, name, material }: ObjectName & { readonly material: KeyMaterial },
): Promise<KeyVersion> {
  const { keyOperations, tags } = keyOf(await readVersion(tx.db, KEYS, { vault, name }))
  const policy = await readRotationPolicy(tx, { vault, name })
  const attributes = { expires: expiryOf(policy, tx.now) }
  return createKey(tx, { vault, name, material, keyOperations, tags, attributes })
}
