/**
 * An entrance: what another process on this computer needs in order to enter a machine.
 *
 * The daemon makes it, the command line uses it; between them it travels as JSON, by `writeEntrance`
 * and `readEntrance`, the only place where a loopback machine's secret is written out.
 */
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Secret } from '../base/secret.ts'
import type { LoopbackMachine, MachineKind, SandboxMachine } from './machine.ts'
import { NAMESPACES, type NamespaceName, type Sandbox } from './sandbox.ts'

export interface Namespace {
  readonly path: string
  /** What the path links to (`net:[4026532281]`): proof that it still is the machine's. */
  readonly identity: string
}

export interface SandboxEntrance {
  readonly mode: 'sandbox'
  readonly hostName: string
  readonly kind: MachineKind
  /** The daemon's user. */
  readonly owner: { readonly uid: number; readonly gid: number }
  readonly namespaces: Readonly<Record<NamespaceName, Namespace>>
  readonly firstProcess: number
  /** The machine's folder of generated `/etc` files. */
  readonly files: string
  /** The trust folder on this computer. */
  readonly trust: string
}

export interface LoopbackEntrance {
  readonly mode: 'loopback'
  readonly hostName: string
  readonly kind: MachineKind
  readonly weakness: string
  /** The variables by which Azure's SDKs find the machine's metadata. */
  readonly environment: Secret<Readonly<Record<string, string>>>
}

export type Entrance = SandboxEntrance | LoopbackEntrance

/** Throws MachineStopped when it has just ended. */
export function sandboxEntrance(
  machine: SandboxMachine,
  sandbox: Sandbox,
  places: { readonly folder: string; readonly trust: string },
): SandboxEntrance {
  const namespaces = Object.entries(NAMESPACES).map(([name, file]) => {
    const held = sandbox.namespaces[name as NamespaceName]
    const identity = readlinkSync(`/proc/self/fd/${held}`)
    return [name, { path: `/proc/${sandbox.pid}/ns/${file}`, identity }]
  })
  return {
    mode: 'sandbox',
    hostName: machine.hostName,
    kind: machine.kind,
    owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
    namespaces: Object.fromEntries(namespaces),
    firstProcess: sandbox.firstProcess,
    files: join(places.folder, 'etc'),
    trust: places.trust,
  }
}

/** The App Service protocol carries the secret; the other variable is for SDKs without it. */
export function loopbackEntrance(machine: LoopbackMachine): LoopbackEntrance {
  const origin = `http://127.0.0.1:${machine.port}`
  const { hostName, kind, weakness } = machine
  const environment: Record<string, string> =
    kind === 'workstation'
      ? {}
      : {
          IDENTITY_ENDPOINT: `${origin}/msi/token`,
          IDENTITY_HEADER: machine.secret.reveal(),
          AZURE_POD_IDENTITY_AUTHORITY_HOST: origin,
        }
  return { mode: 'loopback', hostName, kind, weakness, environment: new Secret(environment) }
}

/** JSON, for the owner of the daemon only: it may hold a machine's secret. */
export function writeEntrance(entrance: Entrance): string {
  if (entrance.mode === 'sandbox') return JSON.stringify(entrance)
  return JSON.stringify({ ...entrance, environment: entrance.environment.reveal() })
}

/** The inverse. The text comes from our own daemon, and is trusted like it. */
export function readEntrance(text: string): Entrance {
  const read = JSON.parse(text)
  return read.mode === 'sandbox' ? read : { ...read, environment: new Secret(read.environment) }
}
