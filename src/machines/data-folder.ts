/**
 * The folder in which machines keep what they need. It holds other users' files away and machines
 * too: so it is ours, 0700, and in no folder that machines share.
 */
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { Failure } from '../base/failure.ts'

/** Makes it, or puts right what exists: `mkdir` leaves the mode of an existing folder as it is. */
export function ownFolder(path: string, shared: readonly string[] = []): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const entry = lstatSync(path)
  if (!entry.isDirectory()) throw refuse(path, 'is not a folder')
  const us = process.getuid?.() ?? entry.uid
  if (entry.uid !== us) throw refuse(path, `belongs to user ${entry.uid}, not to ${us}`)
  chmodSync(path, 0o700)
  const real = `${realpathSync(path)}/`
  const around = shared.find((folder) => real.startsWith(`${folder}/`))
  if (around) throw refuse(path, `lies in ${around}, which every machine can read`)
}

function refuse(path: string, why: string): Failure {
  return new Failure('conflict', 'DataFolderUnusable', `The data folder ${path} ${why}.`)
}
