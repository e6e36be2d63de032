import { constants } from 'node:os'

/** A shell's way to say how a process ended: its code, or 128 and the number of the signal. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal]
}
