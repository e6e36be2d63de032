/** `locum shell`: a workstation on which Azure is local, acting as the owner of the instance. */
import { azProfile } from './az-profile.ts'
import { ownerVariables, withoutSignIn } from './client-environment.ts'
import { askEntrance, enterOrExplain, interactiveShell } from './exec.ts'
import { askStatus, environment, type InstanceOptions } from './instance.ts'
import { complain } from './terminal.ts'

export interface ShellOptions extends InstanceOptions {
  readonly command: readonly string[]
}

export async function shell(options: ShellOptions): Promise<number> {
  const path = '/workstation/entrance'
  const facts = await askStatus(options)
  const entrance = await askEntrance(options, { method: 'POST', path })
  const owner = ownerVariables(facts, { local: entrance.mode === 'loopback' })
  // Where Azure's names are not local, az would have to be told of another cloud.
  const az = entrance.mode === 'loopback' ? {} : azProfile(facts, environment())
  if (entrance.mode === 'loopback') complain(`locum: weak: ${entrance.weakness}`)
  const argv = options.command.length > 0 ? options.command : [interactiveShell()]
  return enterOrExplain(entrance, { argv }, { ...withoutSignIn(environment()), ...owner, ...az })
}
