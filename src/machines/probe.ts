/**
 * Can this computer run sandboxes? A list of named checks, each with why not and what to do next:
 * what `locum doctor` prints, and what the daemon asks before it starts the first machine.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { METADATA } from './addresses.ts'
import { OWN_NAMESPACES } from './bubblewrap.ts'
import { AZUREUSER_ID } from './guest-files.ts'
import { SYSTEM_PATH } from './sandbox.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  /** Why not. */
  readonly reason?: string
  /** One line to type, or one thing to do. */
  readonly next?: string
}

export interface Probe {
  /** Sandboxes work. */
  readonly ok: boolean
  readonly checks: readonly Check[]
}

/** The programs a sandbox needs, and the Debian packages that bring them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
}

/** Kernel settings that can forbid user namespaces; a kernel has some of them. */
const SETTINGS = [
  'user.max_user_namespaces',
  'kernel.unprivileged_userns_clone',
  'kernel.apparmor_restrict_unprivileged_userns',
] as const
export type Settings = Readonly<Partial<Record<(typeof SETTINGS)[number], string>>>

const TRIAL_LIMIT_MS = 10_000
/** About what a hundred machines hold open, and some room for connections. */
const OPEN_FILES_WANTED = 4096

/** Takes about 30 ms. Never throws. */
export async function probeSandbox(): Promise<Probe> {
  const missing = Object.keys(PROGRAMS).filter((name) => !onPath(name))
  const before = [
    systemCheck(process.platform),
    userCheck(process.getuid?.()),
    programsCheck(missing),
  ]
  const trial = before.every(({ ok }) => ok)
    ? trialCheck(await tryNamespaces(), readSettings(), inContainer())
    : { name: 'namespaces', ok: false, reason: 'not tried: see above' }
  const checks = [...before, trial, openFilesCheck(readLimits())]
  // Too few open files limits how many machines run, not whether they do.
  return { ok: [...before, trial].every(({ ok }) => ok), checks }
}

/** The reasons in one line, for a log. */
export function whyNot(probe: Probe): string {
  const failed = probe.checks.filter(({ ok }) => !ok)
  return failed.map(({ name, reason }) => `${name}: ${reason}`).join('; ')
}

export function systemCheck(platform: string): Check {
  if (platform === 'linux') return { name: 'system', ok: true }
  return {
    name: 'system',
    ok: false,
    reason: `sandboxes need Linux, this is ${platform}`,
    next: 'run Locum in a Linux machine (WSL 2, Lima or Colima)',
  }
}

/** As root, programs in a machine would be the host's root, and could read its /etc/shadow. */
export function userCheck(uid: number | undefined): Check {
  if (uid !== 0) return { name: 'user', ok: true }
  return {
    name: 'user',
    ok: false,
    reason: 'root must not run sandboxes: what runs in them would be root outside',
    next: 'start Locum with `locum up`, which continues as a user of its own',
  }
}

export function programsCheck(missing: readonly string[]): Check {
  if (missing.length === 0) return { name: 'programs', ok: true }
  const packages = [...new Set(missing.map((name) => PROGRAMS[name] ?? name))]
  return {
    name: 'programs',
    ok: false,
    reason: `not installed: ${missing.join(', ')}`,
    next: `apt-get install -y ${packages.join(' ')}`,
  }
}

/** What bubblewrap complained of, read together with the kernel's settings. */
export function trialCheck(
  complaint: string | undefined,
  set: Settings,
  container: boolean,
): Check {
  const name = 'namespaces'
  if (complaint === undefined) return { name, ok: true }
  const values = SETTINGS.map((setting) => `${setting}=${set[setting] ?? '-'}`).join(' ')
  const reason = `${complaint} [${values}]`
  return { name, ok: false, reason, next: nextStep(complaint, set, container) }
}

function nextStep(complaint: string, set: Settings, container: boolean): string {
  if (set['user.max_user_namespaces'] === '0' || /No space left on device/.test(complaint)) {
    return 'sysctl -w user.max_user_namespaces=65536'
  }
  if (set['kernel.unprivileged_userns_clone'] === '0') {
    return 'sysctl -w kernel.unprivileged_userns_clone=1'
  }
  if (set['kernel.apparmor_restrict_unprivileged_userns'] === '1') {
    return (
      "AppArmor forbids it: printf 'abi <abi/4.0>,\\nprofile bwrap /usr/bin/bwrap " +
      "flags=(unconfined) { userns, }\\n' > /etc/apparmor.d/bwrap && " +
      'apparmor_parser -r /etc/apparmor.d/bwrap ' +
      '(or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0)'
    )
  }
  if (container && /not permitted|denied/i.test(complaint)) {
    return (
      'the container forbids it: start it with --security-opt seccomp=unconfined ' +
      '--security-opt apparmor=unconfined --security-opt systempaths=unconfined'
    )
  }
  return 'ask whoever runs this computer to allow unprivileged user namespaces'
}

export function openFilesCheck(hardLimit: number | undefined): Check {
  if (hardLimit === undefined || hardLimit >= OPEN_FILES_WANTED)
    return { name: 'open files', ok: true }
  return {
    name: 'open files',
    ok: false,
    reason: `at most ${hardLimit} per process, enough for about ${Math.floor(hardLimit / 20)} machines`,
    next: `ulimit -Hn ${OPEN_FILES_WANTED}`,
  }
}

/** A sandbox in small: all that a machine's start will ask of the kernel. */
function tryNamespaces(): Promise<string | undefined> {
  const first = `--map-user=${AZUREUSER_ID} --map-group=${AZUREUSER_ID}`
  const script = `ip addr add ${METADATA.host}/32 dev lo && unshare --user ${first} true`
  const flags = [
    ...OWN_NAMESPACES.map((name) => `--unshare-${name}`),
    ...['--uid', '0', '--gid', '0', '--cap-add', 'CAP_NET_ADMIN', '--cap-add', 'CAP_SETFCAP'],
    ...['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'],
  ]
  return new Promise((resolve) => {
    const child = spawn('bwrap', [...flags, '/bin/sh', '-c', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env: { PATH: SYSTEM_PATH },
      timeout: TRIAL_LIMIT_MS,
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => {
      resolve(code === 0 ? undefined : said.trim().split('\n')[0] || `bwrap ended with ${code}`)
    })
  })
}

function onPath(program: string): boolean {
  return SYSTEM_PATH.split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function readSettings(): Settings {
  const read = SETTINGS.flatMap((name) => {
    const value = readText(`/proc/sys/${name.replace('.', '/')}`)
    return value === undefined ? [] : [[name, value.trim()]]
  })
  return Object.fromEntries(read)
}

/** The hard limit: Node raises its own soft limit to it. */
function readLimits(): number | undefined {
  const row = /^Max open files\s+\S+\s+(\d+)/m.exec(readText('/proc/self/limits') ?? '')
  return row ? Number(row[1]) : undefined
}

function inContainer(): boolean {
  const marks = ['/.dockerenv', '/run/.containerenv']
  if (marks.some((path) => statSync(path, { throwIfNoEntry: false }))) return true
  return /docker|containerd|kubepods|lxc/.test(readText('/proc/1/cgroup') ?? '')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
