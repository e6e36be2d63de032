/**
 * The master key, which seals what rests in the database: from the environment, or from a file of
 * the data folder that is made at first start.
 */
import { randomBytes } from 'node:crypto'
import { Failure } from '../base/failure.ts'
import { MASTER_KEY_BYTES } from '../base/seal.ts'
import { Secret } from '../base/secret.ts'
import { type DataFolder, readFileIfThere, writePrivateFile } from './data-folder.ts'

/** @throws Failure invalid `MasterKeyUnusable` when the file is needed and does not hold one */
export function openMasterKey(
  folder: DataFolder,
  given: Secret<Uint8Array> | undefined,
  { mayMake }: { readonly mayMake: boolean },
): Secret<Uint8Array> {
  if (given) return given
  const text = readFileIfThere(folder.masterKey)
  if (text === undefined && mayMake) {
    const made = randomBytes(MASTER_KEY_BYTES)
    writePrivateFile(folder.masterKey, `${made.toString('base64')}\n`)
    return new Secret(made)
  }
  const key = Buffer.from(text?.trim() ?? '', 'base64')
  if (key.length === MASTER_KEY_BYTES) return new Secret(key)
  throw new Failure(
    'invalid',
    'MasterKeyUnusable',
    `${folder.masterKey} does not hold a master key; next step: restore it from a backup, ` +
      'or give the key in LOCUM_MASTER_KEY: without it, sealed values cannot be opened',
  )
}
