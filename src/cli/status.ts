/** `locum status`: what runs. */
import type { MachineStatus, Status } from '../planes/control/status.ts'
import { EXIT } from './command-error.ts'
import { askStatus, environment, type InstanceOptions } from './instance.ts'
import { columns, type Palette, paletteFor, print, printJson } from './terminal.ts'

export async function status(options: InstanceOptions & { json?: boolean }): Promise<number> {
  const facts = await askStatus(options)
  if (options.json) printJson(facts)
  else print(describe(facts, paletteFor(process.stdout, environment())))
  return EXIT.ok
}

/** The status for people. */
export function describe(facts: Status, { bold, faint, bad }: Palette): string {
  const lines = [
    `${bold('Locum')} ${facts.version} runs as process ${facts.pid} since ${facts.startedAt}`,
    '',
    columns([
      ['data folder', facts.dataFolder],
      ['tenant', facts.tenantId],
      ['subscription', facts.subscriptionId],
      ['owner', `${facts.owner.clientId} (object id ${facts.owner.objectId})`],
      ['authority', facts.trust.authority],
    ]),
    '',
    bold('endpoints'),
    columns(Object.entries(facts.endpoints), '  '),
    '',
    bold('machines'),
    facts.machines.length
      ? columns(facts.machines.map(describeMachine), '  ')
      : faint('  none yet'),
  ]
  if (!facts.sandbox.works) {
    lines.push('', bad(`Machines run in loopback mode, which is weak: ${facts.sandbox.because}`))
  }
  return lines.join('\n')
}

function describeMachine(machine: MachineStatus): [string, string] {
  const mode = machine.mode === 'loopback' ? ' (loopback: weak)' : ''
  return [`${machine.resourceGroup}/${machine.name}`, `${machine.state}${mode}`]
}
