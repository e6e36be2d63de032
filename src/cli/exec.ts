/** `locum exec`: a command with the caller's own files and a machine's network and identity. */
import type { Environment } from '../app/config.ts'
import { Failure } from '../base/failure.ts'
import { type EnterRequest, enter } from '../machines/enter.ts'
import { type Entrance, readEntrance } from '../machines/entrance.ts'
import { withoutSignIn } from './client-environment.ts'
import { CommandError, EXIT } from './command-error.ts'
import { askDaemon, type ControlRequest } from './control-client.ts'
import { dataPathOf, environment, type InstanceOptions } from './instance.ts'
import { complain } from './terminal.ts'

export interface ExecOptions extends InstanceOptions {
  readonly vm: string
  readonly command: readonly string[]
  readonly root?: boolean
}

export async function exec(options: ExecOptions): Promise<number> {
  const body = { machine: options.vm }
  const path = '/machines/entrance'
  const entrance = await askEntrance(options, { method: 'POST', path, body })
  if (entrance.mode === 'loopback') complain(`locum: weak: ${entrance.weakness}`)
  const argv = options.command.length > 0 ? options.command : [interactiveShell(options.root)]
  return enterOrExplain(
    entrance,
    { argv, root: options.root ?? false },
    withoutSignIn(environment()),
  )
}

/** Asks the daemon for a way in. @throws CommandError exit code 125, or 3 when none runs */
export async function askEntrance(
  options: InstanceOptions,
  asked: ControlRequest,
): Promise<Entrance> {
  try {
    return readEntrance(JSON.stringify(await askDaemon(dataPathOf(options), asked)))
  } catch (reason) {
    if (!(reason instanceof CommandError) || reason.exitCode === EXIT.notRunning) throw reason
    throw new CommandError(reason.message, {
      exitCode: EXIT.notEntered,
      ...(reason.next ? { next: reason.next } : {}),
    })
  }
}

/** Runs the command to its end; gives its exit code. */
export async function enterOrExplain(
  entrance: Entrance,
  request: EnterRequest,
  variables: Environment,
): Promise<number> {
  try {
    return await enter(entrance, request, variables)
  } catch (reason) {
    if (reason instanceof Failure) {
      throw new CommandError(reason.message, { exitCode: EXIT.notEntered })
    }
    const { code, path } = reason as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      throw new CommandError(`${path}: command not found`, { exitCode: EXIT.commandNotFound })
    }
    if (code === 'EACCES') {
      throw new CommandError(`${path}: cannot be run`, { exitCode: EXIT.notExecutable })
    }
    throw reason
  }
}

export function interactiveShell(root = false): string {
  return root ? '/bin/bash' : (environment().SHELL ?? '/bin/sh')
}
