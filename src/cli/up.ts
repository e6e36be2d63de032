/** `locum up`: runs Locum in the foreground. Started as root, it goes on as a user of its own. */
import { statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname } from 'node:path'
import { type Config, readConfig } from '../app/config.ts'
import { openDataFolder, readFileIfThere } from '../app/data-folder.ts'
import type { FirstPassword } from '../app/owner.ts'
import type { Program } from '../app/program.ts'
import { closeInheritedFiles } from '../machines/inherited-files.ts'
import { continueUnprivileged } from '../machines/unprivileged.ts'
import { CommandError, EXIT } from './command-error.ts'
import { environment, isRoot } from './instance.ts'
import { columns, type Palette, paletteFor, print } from './terminal.ts'

export interface UpOptions {
  readonly data?: string
  readonly port?: string
  readonly tenantId?: string
  readonly subscriptionId?: string
  readonly hostSuffix?: string
  readonly logLevel?: string
}

/** The system user that root's instance runs as. */
const USER = 'locum'

export async function up(options: UpOptions): Promise<number> {
  const config = readConfig({ flags: options, environment: environment(), isRoot: isRoot() })
  if (isRoot()) leaveRoot(config)
  closeInheritedFiles()
  const ending = endOfProgram()
  const { openProgram } = await loadProgram(config)
  const program = await openProgram(config, { onStop: ending.stop })
  print(ready(program, paletteFor(process.stdout, environment())))
  const code = await ending.ended
  await program.stop()
  return code
}

/**
 * The program is most of the code, and is loaded only by who stays to run it: as itself, not as root.
 * It is compiled once, not at each start; what is kept of that is run again, so it lies in the data
 * folder, which has first been made sure to be ours alone.
 */
function loadProgram({ dataFolder }: Config): Promise<typeof import('../app/program.ts')> {
  process.umask(0o077)
  const folder = openDataFolder(dataFolder, process.getuid?.() ?? 0)
  enableCompileCache(folder.compiledCode)
  return import('../app/program.ts')
}

/** Replaces this process, and so never returns. */
function leaveRoot({ dataFolder }: Config): void {
  const [program = '', , ...rest] = process.argv.slice(1)
  for (const file of [program, process.execPath]) {
    if ((statSync(file).mode & 0o004) === 0) throw unreadable(file)
  }
  continueUnprivileged({
    user: USER,
    dataFolder,
    reads: [dirname(dirname(program))],
    argv: [process.execPath, ...process.execArgv, program, 'up', ...rest, '--data', dataFolder],
    env: plainVariables(),
  })
  throw new Error('root could not be left')
}

function unreadable(file: string): CommandError {
  return new CommandError(`Locum leaves root, and then could not read ${file}`, {
    next: 'chmod -R go+rX the folder that Locum lies in',
  })
}

/** What of root's environment the new user gets: nothing that could hold a secret of root's. */
const PLAIN = /^(PATH|PWD|LANG|LC_\w+|TZ|TERM|NO_COLOR|NODE_COMPILE_CACHE|LOCUM_\w+)$/

function plainVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment()).filter(([name]) => PLAIN.test(name)))
}

/** Resolves with the exit code when a signal or the control plane ends the program. */
function endOfProgram(): { ended: Promise<number>; stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<number>()
  let asked = false
  const signalled = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    // The second time, people mean it.
    if (asked) process.exit(EXIT.signal + SIGNAL_NUMBERS[signal])
    asked = true
    resolve(EXIT.ok)
  }
  process.on('SIGINT', signalled).on('SIGTERM', signalled)
  if (!isHangupIgnored()) process.on('SIGHUP', signalled)
  return { ended: promise, stop: () => resolve(EXIT.ok) }
}

/** Whether we were started with nohup: then a closing terminal must not end us. */
function isHangupIgnored(): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileIfThere('/proc/self/status') ?? '')?.[1]
  return (Number.parseInt(mask?.slice(-1) ?? '0', 16) & 1) !== 0
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

function ready({ facts, firstPassword, readyMs }: Program, { bold, good, faint }: Palette): string {
  return [
    `${good('Locum is ready')} ${faint(`(process ${facts.pid}, ${Math.round(readyMs)} ms)`)}`,
    columns(Object.entries(facts.endpoints), '  '),
    columns(
      [
        ['tenant', facts.tenantId],
        ['subscription', facts.subscriptionId],
        ['data', facts.dataFolder],
        ...(firstPassword ? signInOnce(firstPassword, bold) : []),
      ],
      '  ',
    ),
    faint(`  next: ${bold('locum status')}, ${bold('locum shell')}; Ctrl-C stops it`),
  ].join('\n')
}

/** The one place where the password is ever shown: nothing keeps it. */
function signInOnce(first: FirstPassword, bold: Palette['bold']): [string, string][] {
  return [
    ['user', first.userPrincipalName],
    ['password', `${bold(first.password.reveal())}  (shown this once)`],
  ]
}
