import type { Call } from '../../core/call.ts'

/** The machine that calls; the guard has seen to it that one does. */
export function machineKey({ caller }: Call): string {
  return caller.kind === 'machine' ? caller.key : ''
}
