/**
 * The system's packages: what is missing is installed, or named.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Need {
  /** A program on the system's path, or a file. */
  readonly has: string
  /** The Debian package that brings it. */
  readonly package: string
  /** Only the tests need it. */
  readonly forTests?: boolean
}

const NEEDS: readonly Need[] = [
  { has: 'bwrap', package: 'bubblewrap' },
  { has: 'ip', package: 'iproute2' },
  { has: 'nsenter', package: 'util-linux' },
  { has: 'mount', package: 'mount' },
  { has: 'useradd', package: 'passwd' },
  { has: 'curl', package: 'curl' },
  { has: 'jq', package: 'jq' },
  { has: '/etc/ssl/certs/ca-certificates.crt', package: 'ca-certificates' },
  { has: 'openssl', package: 'openssl', forTests: true },
  { has: '/usr/bin/python3', package: 'python3', forTests: true },
]

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** While it exists, Debian's packages do not start their services. */
const POLICY = '/usr/sbin/policy-rc.d'
const POLICY_DENIES = '#!/bin/sh\nexit 101\n'

/** Whether everything is there in the end. */
export function preparePackages(forTests: boolean): boolean {
  const missing = [...new Set(NEEDS.filter((need) => isMissing(need, forTests)).map(packageOf))]
  if (forTests && !hasVirtualEnvironments()) missing.push('python3-venv')
  if (missing.length === 0) return true
  return installPackages(missing)
}

function isMissing(need: Need, forTests: boolean): boolean {
  return (forTests || !need.forTests) && !isThere(need.has)
}

function packageOf(need: Need): string {
  return need.package
}

/** The system's own Python, since machines see no other. */
function hasVirtualEnvironments(): boolean {
  return (
    spawnSync('/usr/bin/python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' }).status ===
    0
  )
}

function isThere(what: string): boolean {
  if (what.startsWith('/')) return existsSync(what)
  return SYSTEM_PATH.split(':').some((folder) => {
    try {
      accessSync(join(folder, what), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function installPackages(packages: readonly string[]): boolean {
  const list = packages.join(' ')
  if (!isThere('apt-get')) {
    say(`missing: ${list}; install them with this system's package manager`)
    return false
  }
  const line = `apt-get update && apt-get install -y --no-install-recommends ${list}`
  if (process.geteuid?.() !== 0) {
    say(`missing: ${list}; type: sudo sh -c '${line}'`)
    return false
  }
  say(`installing ${list} …`)
  const done = withoutStartingServices(() => {
    // Some other source of this system may be out of reach: what counts is the installation.
    aptGet(['update', '-qq'])
    return aptGet(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  })
  if (!done) say(`could not install ${list}; type: ${line}`)
  return done
}

function aptGet(argv: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync('apt-get', argv, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) say(`apt-get ${argv[0]}: ${(stderr || stdout || '').trim().split('\n').at(-1)}`)
  return status === 0
}

function withoutStartingServices(work: () => boolean): boolean {
  if (existsSync(POLICY)) return work()
  writeFileSync(POLICY, POLICY_DENIES, { mode: 0o755 })
  try {
    return work()
  } finally {
    rmSync(POLICY, { force: true })
  }
}

function say(text: string): void {
  process.stderr.write(`set-up: ${text}\n`)
}
