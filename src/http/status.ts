/**
 * The HTTP status of a refusal, as nearly every surface has it. A plane's `refuse` says where its
 * own dialect differs.
 */
import type { Failure, Fault } from '../base/failure.ts'

const STATUS: Readonly<Record<Fault, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  unsupported: 405,
  conflict: 409,
  stale: 412,
  busy: 429,
}

/** @param differing the faults for which the surface has another status */
export function statusOf(
  failure: Failure,
  differing: Readonly<Partial<Record<Fault, number>>> = {},
): number {
  if (failure.code === 'RequestTooLarge') return 413
  return differing[failure.fault] ?? STATUS[failure.fault]
}
