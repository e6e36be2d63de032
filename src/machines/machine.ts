/**
 * The words of this floor: what a machine is, what may be asked of it, and how it is entered.
 * Types and plain values only.
 */
import type { Secret } from '../base/secret.ts'

/** A workstation is a machine on which Azure is local but which has no identity of its own. */
export type MachineKind = 'virtual-machine' | 'workstation'

interface AnyMachine {
  /** The caller's own name for it, unique; compared exactly. */
  readonly key: string
  readonly hostName: string
  readonly kind: MachineKind
}

/** Runs in a network of its own: the listening socket that accepted a call is the caller's identity. */
export interface SandboxMachine extends AnyMachine {
  readonly mode: 'sandbox'
}

/** No sandbox here: known by a port of 127.0.0.1 and, where the protocol has one, a secret. */
export interface LoopbackMachine extends AnyMachine {
  readonly mode: 'loopback'
  /** Why this identity is weak, in a sentence for people. */
  readonly weakness: string
  /** The port of 127.0.0.1 at which this machine's metadata is answered; 0 for a workstation. */
  readonly port: number
  /** What `X-IDENTITY-HEADER` must carry. */
  readonly secret: Secret<string>
}

export type Machine = SandboxMachine | LoopbackMachine

/** Who runs a command on a machine: as in Azure, root or the administrator made with the machine. */
export type MachineUser = 'root' | 'azureuser'

export interface RunRequest {
  readonly argv: readonly string[]
  readonly user: MachineUser
  readonly stdin?: string | Uint8Array
  /** A folder of the machine; without it the user's home. */
  readonly cwd?: string
  /** Ends the command (not what it left in the background). */
  readonly signal?: AbortSignal
}

export interface RunResult {
  /** The exit code; 128 + n when signal n ended it. */
  readonly code: number
  /** At most 4 MiB of each; the rest is dropped. */
  readonly stdout: string
  readonly stderr: string
}

/** Azure's own rule for host names is narrower for some images; this is what Linux and files bear. */
const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export function isHostName(text: string): boolean {
  return HOST_NAME.test(text)
}
