/**
 * Where the files of each machine are kept: a folder with its `etc` and `home`, by a name that stays
 * while the machine exists, though its key changes. No other machine ever gets the same name.
 */
import { createHash } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../base/failure.ts'
import type { Log } from '../base/log.ts'

/** One name in the folder of all, readable and unlike any other: `web-<guid>`. */
const FILES_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
/** Names of virtual machines end in a GUID, and once in as many digits of a hash of their key. */
const OF_A_VIRTUAL_MACHINE = /-[0-9a-f]{12}$/
const DIGITS_OF_KEY = 12

export interface KeptFiles {
  readonly key: string
  readonly hostName: string
  readonly files: string
}

export function machineFolder(folder: string, { files }: KeptFiles): string {
  if (FILES_NAME.test(files)) return join(folder, files)
  throw new Failure('invalid', 'InvalidFilesName', `'${files}' cannot be the name of a folder.`)
}

/** Gives folders that are named by the key of their machine the name they have now. */
export function renameOlderFolders(folder: string, machines: readonly KeptFiles[]): void {
  for (const machine of machines) {
    const older = join(folder, olderName(machine))
    const present = machineFolder(folder, machine)
    if (existsSync(older) && !existsSync(present)) renameSync(older, present)
  }
}

/** Removes the files of virtual machines that are no more. One that resists is tried again later. */
export async function removeOtherFolders(
  folder: string,
  machines: readonly KeptFiles[],
  log: Log,
): Promise<void> {
  const kept = new Set(machines.map(({ files }) => files))
  for (const name of await readdir(folder)) {
    if (kept.has(name) || !OF_A_VIRTUAL_MACHINE.test(name)) continue
    try {
      await rm(join(folder, name), { recursive: true, force: true })
      log.info('machine files removed', { files: name })
    } catch (error) {
      log.warn('machine files not removed', { files: name, error })
    }
  }
}

function olderName({ key, hostName }: KeptFiles): string {
  return `${hostName}-${createHash('sha256').update(key).digest('hex').slice(0, DIGITS_OF_KEY)}`
}
