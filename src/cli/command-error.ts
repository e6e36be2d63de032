/**
 * How a command says no: one line on stderr, what to do next, and an exit code.
 */

/** Exit codes, as people expect them; `exec` and `shell` otherwise end with their command's own. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  /** `exec` could not enter the machine: 125, as `env` and container tools have it. */
  notEntered: 125,
  notExecutable: 126,
  commandNotFound: 127,
  /** Ended by signal n: this and n. */
  signal: 128,
} as const

export class CommandError extends Error {
  readonly exitCode: number
  /** What the person can do about it, as a command where there is one. */
  readonly next: string | undefined

  constructor(message: string, options: { exitCode?: number; next?: string } = {}) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = options.exitCode ?? EXIT.failed
    this.next = options.next
  }
}
