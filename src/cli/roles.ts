/** `locum roles import`: role definitions of a real tenant, into this one. */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { CommandError, EXIT } from './command-error.ts'
import { askDaemon } from './control-client.ts'
import { dataPathOf, type InstanceOptions } from './instance.ts'
import { print, printJson } from './terminal.ts'

export interface ImportOptions extends InstanceOptions {
  readonly file: string
  readonly json?: boolean
}

export async function importRoles(options: ImportOptions): Promise<number> {
  const body = await readRoles(options.file)
  const path = '/roles/import'
  const answer = await askDaemon<{ imported: number }>(dataPathOf(options), {
    method: 'POST',
    path,
    body,
  })
  if (options.json) printJson(answer)
  else print(`imported ${answer.imported} roles`)
  return EXIT.ok
}

async function readRoles(file: string): Promise<unknown> {
  let content: string
  try {
    content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  } catch (reason) {
    throw new CommandError(`cannot read ${file}: ${(reason as Error).message}`)
  }
  try {
    return JSON.parse(content)
  } catch {
    throw new CommandError(`${file} is not JSON`, {
      next: 'az role definition list --output json > roles.json',
    })
  }
}
