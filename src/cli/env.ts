/** `locum env`: variables for a client on this host. */
import type { Status } from '../planes/control/status.ts'
import { exportLines, ownerVariables } from './client-environment.ts'
import { EXIT } from './command-error.ts'
import { askStatus, type InstanceOptions } from './instance.ts'
import { print, printJson } from './terminal.ts'

export async function env(options: InstanceOptions & { json?: boolean }): Promise<number> {
  const facts = await askStatus(options)
  const variables = ownerVariables(facts, { local: true })
  if (options.json) printJson(variables)
  else print(`${comments(facts)}\n${exportLines(variables)}`)
  return EXIT.ok
}

function comments({ endpoints }: Status): string {
  return [
    '# Use: eval "$(locum env)"',
    '# Host names of this Locum, all on 127.0.0.1; where your system does not resolve names below',
    '# .localhost by itself, add the ones you use to /etc/hosts (locum doctor checks):',
    ...Object.entries(endpoints).map(([service, origin]) => `#   ${service.padEnd(12)} ${origin}`),
    '# A client in which Azure has its own names, and nothing to set: locum shell',
  ].join('\n')
}
