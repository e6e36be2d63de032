/**
 * How a deployment writes and reads resources: through Resource Manager itself, as the principal
 * that deploys, so that permission, locks and every type's own rules hold. Whoever deploys is lent
 * the way there; this room knows no plane.
 */
import type { Call } from '../call.ts'

/** A request to Resource Manager. @throws Failure when it is refused */
export type Manage = (call: Call, asked: Managed) => Promise<ManageReply>

export interface Managed {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** A resource id, and for POST the action after it; not encoded. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface ManageReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
