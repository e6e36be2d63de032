/**
 * The command that runs a program in a machine's private file system, as data.
 *
 * Used by the daemon for run-command and by the command line for `exec --root`; ssh will use it
 * too. The caller opens the namespaces and passes them as the files 3 to 9, in this order.
 */
import type { MachineUser } from './machine.ts'
import { NAMESPACES, type NamespaceName, SYSTEM_PATH } from './sandbox.ts'
import { trustEnvironment } from './trust-folder.ts'

export interface InsideRequest {
  readonly argv: readonly string[]
  readonly user: MachineUser
  readonly cwd?: string | undefined
  /** End the command when the process that started it ends. */
  readonly endWithParent?: boolean
}

/** A program to start: no shell has to read any part of it. */
export interface Command {
  readonly file: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Opened by whoever starts it, as the files 3, 4, … */
  readonly namespaces: readonly NamespaceName[]
}

/** In the order of the files that carry them. */
const ALL_NAMESPACES = Object.keys(NAMESPACES) as NamespaceName[]

const FIRST_NAMESPACE_FILE = 3

/**
 * What root may do in a machine: about what Docker allows. Never SYS_ADMIN: it could make the
 * read-only folders that all machines share writable again; nor SYS_PTRACE, MKNOD, SETFCAP.
 */
const ROOT_CAPABILITIES = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setuid', 'setgid'],
  ...['net_bind_service', 'sys_chroot'],
]

const HOME: Readonly<Record<MachineUser, string>> = { root: '/root', azureuser: '/home/azureuser' }

export function insideCommand(firstProcess: number, request: InsideRequest): Command {
  const { user } = request
  return {
    file: 'nsenter',
    argv: [
      ...enterFlags(ALL_NAMESPACES),
      '--',
      ...(user === 'azureuser' ? enterUserOf(firstProcess) : []),
      ...['/usr/bin/setpriv', '--no-new-privs', '--inh-caps=-all'],
      ...(user === 'root' ? [`--bounding-set=${rootBoundingSet()}`] : ['--ambient-caps=-all']),
      ...(request.endWithParent ? ['--pdeathsig', 'KILL'] : []),
      ...['--', '/bin/sh', '-c', `${CLOSE_NAMESPACES}cd "$1" && shift && exec "$@"`, 'sh'],
      request.cwd ?? HOME[user],
      ...request.argv,
    ],
    env: insideEnvironment(user),
    namespaces: ALL_NAMESPACES,
  }
}

/** For nsenter: which of the files carries which namespace. It keeps the caller's user number. */
export function enterFlags(names: readonly NamespaceName[]): string[] {
  const flags = names.map((name, at) => `--${name}=/proc/self/fd/${FIRST_NAMESPACE_FILE + at}`)
  return names.includes('user') ? [...flags, '--preserve-credentials'] : flags
}

/** A program must not hold the way out of its machine. */
export const CLOSE_NAMESPACES = `exec ${ALL_NAMESPACES.map(
  (_, at) => `${FIRST_NAMESPACE_FILE + at}<&-`,
).join(' ')}; `

function enterUserOf(firstProcess: number): string[] {
  return ['/usr/bin/nsenter', '-t', `${firstProcess}`, '--user', '--preserve-credentials', '--']
}

function rootBoundingSet(): string {
  return ['-all', ...ROOT_CAPABILITIES.map((name) => `+${name}`)].join(',')
}

/** The whole of it: nothing of the daemon's own environment goes in. */
function insideEnvironment(user: MachineUser): Record<string, string> {
  return {
    PATH: SYSTEM_PATH,
    HOME: HOME[user],
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...trustEnvironment(),
  }
}
