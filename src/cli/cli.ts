/**
 * The command line: what a person types, one file per command, thin.
 *
 * It parses, asks the running program or composes one, and prints. Facts go to stdout, everything
 * else to stderr; each command's code is loaded only when it is called.
 */
import { Command, CommanderError } from 'commander'
import { VERSION } from '../app/version.ts'
import { Failure } from '../base/failure.ts'
import { CommandError, EXIT } from './command-error.ts'
import { markCommand } from './mark-command.ts'
import { complain, paletteFor } from './terminal.ts'

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 Locum is not running.
exec and shell end with the code of their command, 128 + n when signal n ended it,
125 when the machine could not be entered, 126 and 127 when the command cannot be run or found.`

/** Runs one command line; gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.ok
  const program = commandLine((result) => {
    code = result
  })
  try {
    await program.parseAsync(markCommand(argv), { from: 'user' })
    return code
  } catch (reason) {
    return refuse(reason)
  }
}

type Finish = (code: number) => void

/** The whole grammar; `finish` hears the exit code of the command that ran. */
export function commandLine(finish: Finish): Command {
  const program = new Command('locum')
    .description('Azure managed identities, whole, on your own machines.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'locum: ')) })
    .addHelpText('after', EXIT_CODES)
  addDaemonCommands(program, finish)
  addMachineCommands(program, finish)
  addClientCommands(program, finish)
  return program
}

function addDaemonCommands(program: Command, finish: Finish): void {
  onFolder(program.command('up'))
    .description('run Locum in the foreground until Ctrl-C')
    .option('--port <number>', 'port on 127.0.0.1; 0 is any free one (default 8443)')
    .option('--tenant-id <guid>', 'the tenant to be, at first start')
    .option('--subscription-id <guid>', 'the subscription to have, at first start')
    .option('--host-suffix <name>', 'host names on this host end with it (default locum.localhost)')
    .option('--log-level <level>', 'debug, info, warn, error or silent (default warn)')
    .action(async (options) => finish(await (await import('./up.ts')).up(options)))
  onFolder(program.command('down'))
    .description('stop the running Locum and wait for its end')
    .action(async (options) => finish(await (await import('./down.ts')).down(options)))
  onFolder(program.command('status'))
    .description('what runs: process, endpoints, tenant, subscription, machines')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await import('./status.ts')).status(options)))
  onFolder(program.command('doctor'))
    .description('what works on this machine and why not, with the next step')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await import('./doctor.ts')).doctor(options)))
}

function addMachineCommands(program: Command, finish: Finish): void {
  onFolder(program.command('exec'))
    .description('run a command with your own files and the network and identity of a machine')
    .argument('<vm>', 'vm1, group/vm1, or a resource id')
    .argument('[command...]', 'the command; your shell when there is none')
    .option('--root', "as root, with the machine's own files instead of yours")
    .usage('[options] <vm> [--] [command...]')
    .action(async (vm, command, options) =>
      finish(await (await import('./exec.ts')).exec({ vm, command, ...options })),
    )
  onFolder(program.command('shell'))
    .description('a workstation on which Azure is local, signed in as the owner')
    .argument('[command...]', 'the command; your shell when there is none')
    .usage('[options] [--] [command...]')
    .action(async (command, options) =>
      finish(await (await import('./shell.ts')).shell({ command, ...options })),
    )
}

function addClientCommands(program: Command, finish: Finish): void {
  onFolder(program.command('env'))
    .description('variables for a client on this host: eval "$(locum env)"')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await import('./env.ts')).env(options)))
  const roles = program.command('roles').description('role definitions')
  onFolder(roles.command('import'))
    .description('import role definitions, as az role definition list prints them')
    .argument('<file>', 'a JSON file; - is standard input')
    .option('--json', 'print JSON')
    .action(async (file, options) =>
      finish(await (await import('./roles.ts')).importRoles({ file, ...options })),
    )
  program
    .command('demo')
    .description('a throw-away Locum: a virtual machine reads a key vault with no credential')
    .option('--json', 'print JSON')
    .action(async (options) => finish(await (await import('./demo/demo.ts')).demo(options)))
}

function onFolder(command: Command): Command {
  return command.option('--data <folder>', 'the data folder of the instance (or LOCUM_HOME)')
}

/** One line of what went wrong, one of what to do next; the exit code says the kind. */
function refuse(reason: unknown): number {
  // Commander has already printed its own complaint, or the help or version that was asked for.
  if (reason instanceof CommanderError) return reason.exitCode === 0 ? EXIT.ok : EXIT.usage
  const { bad, faint } = paletteFor(process.stderr, process.env)
  if (reason instanceof CommandError || reason instanceof Failure) {
    complain(`${bad('locum:')} ${reason.message}`)
    if (reason instanceof Failure) {
      return reason.code === 'InvalidConfig' ? EXIT.usage : EXIT.failed
    }
    if (reason.next) complain(faint(`  next step: ${reason.next}`))
    return reason.exitCode
  }
  const { message, stack } = reason instanceof Error ? reason : new Error(String(reason))
  complain(`${bad('locum:')} unexpected error: ${message}`)
  if (process.env.LOCUM_LOG_LEVEL === 'debug') complain(stack ?? '')
  return EXIT.failed
}
