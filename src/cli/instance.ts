/**
 * Which instance a command is about, from its flags and the environment.
 */
import { dataFolderOf, type Environment } from '../app/config.ts'
import type { Status } from '../planes/control/status.ts'
import { askDaemon } from './control-client.ts'

export interface InstanceOptions {
  readonly data?: string
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

export function environment(): Environment {
  return process.env
}

export function dataPathOf(options: InstanceOptions): string {
  const flags = { data: options.data }
  return dataFolderOf({ flags, environment: environment(), isRoot: isRoot() })
}

/** @throws CommandError when no Locum runs with the data folder */
export function askStatus(options: InstanceOptions): Promise<Status> {
  return askDaemon<Status>(dataPathOf(options), { method: 'GET', path: '/status' })
}
