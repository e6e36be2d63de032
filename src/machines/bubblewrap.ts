/**
 * The arguments that make a machine's private world, as data.
 *
 * Each option here was paid for: see the tests beside this file, which name what breaks without it.
 */
import { lstatSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { AZUREUSER_ID, type GuestFiles } from './guest-files.ts'
import { TRUST_FOLDER } from './trust-folder.ts'

export interface PrivateWorld {
  readonly hostName: string
  /** The machine's own folder, with `etc` and `home`. */
  readonly folder: string
  readonly files: GuestFiles
  /** The trust folder on this computer. */
  readonly trust: string
  readonly system: readonly SystemFolder[]
}

/** A top folder of this computer's operating system, which machines share, read-only. */
export interface SystemFolder {
  readonly path: string
  /** Set where it is only a link (`/bin` → `usr/bin`). */
  readonly link?: string
}

/**
 * The namespaces a machine has of its own. Named one by one: `--unshare-all` only *tries* for the
 * user namespace, and as root goes on silently without.
 */
export const OWN_NAMESPACES = ['user', 'net', 'pid', 'uts', 'ipc', 'cgroup'] as const

/**
 * What of the host's `/etc` a machine may see: what programs need to run, nothing that names the
 * host, its users or its network. A list of what is allowed also avoids binding over an
 * `/etc/resolv.conf` that is a link into a folder machines do not have.
 */
const SHARED_ETC = [
  ...['alternatives', 'bash.bashrc', 'debian_version', 'ethertypes', 'gai.conf', 'inputrc'],
  ...['java-11-openjdk', 'java-17-openjdk', 'java-21-openjdk', 'java-25-openjdk'],
  ...['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'localtime', 'magic', 'mime.types'],
  ...['os-release', 'perl', 'profile', 'profile.d', 'protocols', 'python3', 'python3.11'],
  ...['python3.12', 'python3.13', 'rpc', 'services', 'skel', 'terminfo', 'timezone'],
]

/**
 * The first process of a machine, as azureuser in a user namespace of its own: it says its number
 * (the machine is up) and then waits for the end of its input, whose only writer is the daemon. So
 * the machine ends with the daemon, however the daemon ends.
 */
export const FIRST_PROCESS: readonly string[] = [
  '/usr/bin/unshare',
  '--user',
  `--map-user=${AZUREUSER_ID}`,
  `--map-group=${AZUREUSER_ID}`,
  '/bin/sh',
  '-c',
  'echo $$; exec cat >/dev/null',
]

export function bubblewrapArguments(world: PrivateWorld): string[] {
  return [
    ...OWN_NAMESPACES.map((name) => `--unshare-${name}`),
    // uid 0: with another, --dev makes a second user namespace that cannot be entered. azureuser is
    // made by the first process instead; mapping it needs SETFCAP since Linux 5.12.
    ...['--hostname', world.hostName, '--uid', '0', '--gid', '0', '--cap-add', 'CAP_SETFCAP'],
    ...['--new-session', '--clearenv'],
    ...world.system.flatMap(({ path, link }) =>
      link === undefined ? ['--ro-bind', path, path] : ['--symlink', link, path],
    ),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/run'],
    ...['--dir', '/var/tmp', '--dir', '/var/log', '--dir', '/root', '--tmpfs', '/etc'],
    ...SHARED_ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...Object.keys(world.files).flatMap((name) => [
      '--ro-bind',
      join(world.folder, 'etc', name),
      `/etc/${name}`,
    ]),
    ...['--dir', '/etc/ssl', '--ro-bind', world.trust, TRUST_FOLDER],
    ...['--ro-bind-try', '/etc/ssl/openssl.cnf', '/etc/ssl/openssl.cnf'],
    ...['--bind', join(world.folder, 'home'), '/home/azureuser'],
    ...['--remount-ro', '/etc'],
  ]
}

/** What this computer has of the folders an operating system lives in. */
export function systemFolders(): SystemFolder[] {
  return ['/usr', '/lib', '/lib32', '/lib64', '/bin', '/sbin'].flatMap((path) => {
    const entry = lstatSync(path, { throwIfNoEntry: false })
    if (!entry) return []
    return entry.isSymbolicLink() ? [{ path, link: readlinkSync(path) }] : [{ path }]
  })
}
