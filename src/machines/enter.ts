/**
 * Enters a machine from another process: `locum exec` and `locum shell`.
 *
 * Two ways in. With the caller's own files: the caller's file system, folder, tools and user, and
 * the machine's network and name; only the files of `/etc` that say names and trust are replaced,
 * for this program alone. Or with the machine's files, as its root. The first isolates the identity,
 * not the program: it sees the caller's files by design.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../base/failure.ts'
import type { Entrance, LoopbackEntrance, SandboxEntrance } from './entrance.ts'
import { exitCode } from './exit-code.ts'
import { closeInheritedFiles } from './inherited-files.ts'
import { CLOSE_NAMESPACES, type Command, enterFlags, insideCommand } from './inside.ts'
import type { NamespaceName } from './sandbox.ts'
import { BUNDLE, HOST_BUNDLES, JAVA_STORE, TRUST_FOLDER, trustEnvironment } from './trust-folder.ts'

export interface EnterRequest {
  readonly argv: readonly string[]
  /** The machine's files, as its root, instead of the caller's own. */
  readonly root?: boolean
}

/** Who asks, and what this computer has: passed in, so that the command is a pure function. */
export interface Caller {
  readonly uid: number
  readonly gid: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly has: (path: string) => boolean
}

/** Replaced where the computer has them; the names are those of the generated files. */
const REPLACED_ETC = ['hosts', 'hostname', 'resolv.conf', 'nsswitch.conf']

/** Where systems keep Java's trust; Debian's lies in the trust folder already. */
const JAVA_STORES = ['/etc/pki/java/cacerts', '/etc/pki/ca-trust/extracted/java/cacerts']

/**
 * Variables that must not come along: they name what the machine's network cannot reach, and
 * would lead a client past the machine's own metadata service.
 */
const LEFT_BEHIND = [
  ...['http_proxy', 'https_proxy', 'all_proxy', 'ftp_proxy'],
  ...['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'IDENTITY_SERVER_THUMBPRINT'],
  ...['IMDS_ENDPOINT', 'MSI_ENDPOINT', 'MSI_SECRET', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'],
  'MSAL_MANAGED_IDENTITY_ENDPOINT',
]

/** Mounts pairs of source and target, up to `--`, then becomes the rest. */
const REPLACE_FILES = `while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 126; shift 2; done; \
shift; ${CLOSE_NAMESPACES}exec "$@"`

/** The program to start. Throws a Failure when this caller may not enter. */
export function enterCommand(entrance: Entrance, request: EnterRequest, caller: Caller): Command {
  if (entrance.mode === 'loopback') return besideCommand(entrance, request, caller)
  const { owner } = entrance
  if (caller.uid !== 0 && caller.uid !== owner.uid) {
    throw new Failure(
      'forbidden',
      'NotTheOwner',
      `The machine belongs to user ${owner.uid}: only that user and root may enter it.`,
    )
  }
  if (request.root) return asRootInside(entrance, request, caller)
  return withOwnFiles(entrance, request, caller)
}

/** Runs it on this terminal until it ends, with this environment. Returns its exit code. */
export async function enter(
  entrance: Entrance,
  request: EnterRequest,
  env: Caller['env'],
): Promise<number> {
  const caller = { uid: getuid(), gid: getgid(), env, has: existsSync }
  const command = enterCommand(entrance, request, caller)
  closeInheritedFiles()
  const opened = command.namespaces.map((name) => openNamespace(entrance as SandboxEntrance, name))
  const child = spawn(command.file, command.argv, {
    stdio: ['inherit', 'inherit', 'inherit', ...opened],
    env: command.env,
  })
  for (const file of opened) closeSync(file)
  return await exitOf(child)
}

function withOwnFiles(entrance: SandboxEntrance, request: EnterRequest, caller: Caller): Command {
  // Root needs no user namespace to change mounts, and stays the real root with root's own files.
  const asSelf = caller.uid === 0
  const namespaces: NamespaceName[] = asSelf ? ['net', 'uts'] : ['user', 'net', 'uts']
  const backToSelf = ['unshare', '--user', `--map-user=${caller.uid}`, `--map-group=${caller.gid}`]
  return {
    file: 'nsenter',
    argv: [
      ...enterFlags(namespaces),
      ...['--', 'unshare', '--mount', '--propagation', 'private'],
      ...['sh', '-c', REPLACE_FILES, 'sh', ...replacements(entrance, caller.has), '--'],
      ...(asSelf ? [] : [...backToSelf, '--']),
      ...request.argv,
    ],
    env: { ...travelling(caller.env), ...trustEnvironment(trustSeenBy(entrance, caller)) },
    namespaces,
  }
}

/** Real root first becomes the machine's owner, whom the machine's user namespace knows as root. */
function asRootInside(entrance: SandboxEntrance, request: EnterRequest, caller: Caller): Command {
  const { argv } = request
  const command = insideCommand(entrance.firstProcess, { argv, user: 'root' })
  const env = { ...command.env, ...(caller.env.TERM ? { TERM: caller.env.TERM } : {}) }
  if (caller.uid !== 0) return { ...command, env }
  const { uid, gid } = entrance.owner
  const become = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--inh-caps=-all']
  return {
    ...command,
    env,
    file: 'setpriv',
    argv: [...become, '--', command.file, ...command.argv],
  }
}

/** Loopback mode: beside the machine, with the variables that lead to it. */
function besideCommand(entrance: LoopbackEntrance, request: EnterRequest, caller: Caller): Command {
  const [file, ...argv] = request.argv
  if (request.root || file === undefined) {
    throw new Failure(
      'unsupported',
      'NoSandbox',
      'This machine runs in loopback mode and has no files of its own: run `locum doctor`.',
    )
  }
  const env = { ...travelling(caller.env), ...entrance.environment.reveal() }
  return { file, argv, env, namespaces: [] }
}

/** Pairs of source and target. A target that does not exist cannot be replaced. */
function replacements(entrance: SandboxEntrance, has: (path: string) => boolean): string[] {
  const ofNames = REPLACED_ETC.map((name) => [join(entrance.files, name), `/etc/${name}`] as const)
  const ofBundles = HOST_BUNDLES.filter((path) => !path.startsWith(`${TRUST_FOLDER}/`)).map(
    (path) => [join(entrance.trust, BUNDLE), path] as const,
  )
  const ofJava = JAVA_STORES.map((path) => [join(entrance.trust, JAVA_STORE), path] as const)
  const pairs = [...ofNames, ...ofBundles, ...ofJava, [entrance.trust, TRUST_FOLDER] as const]
  return pairs.filter(([, target]) => has(target)).flat()
}

function trustSeenBy(entrance: SandboxEntrance, caller: Caller): string {
  return caller.has(TRUST_FOLDER) ? TRUST_FOLDER : entrance.trust
}

function travelling(env: Caller['env']): Record<string, string> {
  const stays = new Set(LEFT_BEHIND.map((name) => name.toLowerCase()))
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || stays.has(name.toLowerCase()) ? [] : [[name, value] as const],
  )
  return Object.fromEntries(kept)
}

/** Opens a namespace and makes sure that it is the machine's and not that of a later process. */
function openNamespace(entrance: SandboxEntrance, name: NamespaceName): number {
  const { path, identity } = entrance.namespaces[name]
  try {
    const file = openSync(path, 'r')
    if (readlinkSync(`/proc/self/fd/${file}`) === identity) return file
    closeSync(file)
  } catch (cause) {
    throw stopped(entrance, cause)
  }
  throw stopped(entrance)
}

function stopped(entrance: SandboxEntrance, cause?: unknown): Failure {
  const text = `The machine ${entrance.hostName} is no longer running.`
  return new Failure('conflict', 'MachineStopped', text, { cause })
}

/** Signals of the terminal reach the program by themselves; those sent to us are passed on. */
function exitOf(child: ChildProcess): Promise<number> {
  const passOn = (signal: NodeJS.Signals) => child.kill(signal)
  const wait = () => {}
  const passed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const
  const ofTerminal = ['SIGINT', 'SIGQUIT'] as const
  for (const signal of passed) process.on(signal, passOn)
  for (const signal of ofTerminal) process.on(signal, wait)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(exitCode(code, signal)))
  }).finally(() => {
    for (const signal of passed) process.off(signal, passOn)
    for (const signal of ofTerminal) process.off(signal, wait)
  })
}

function getuid(): number {
  return process.getuid?.() ?? 0
}

function getgid(): number {
  return process.getgid?.() ?? 0
}
