/**
 * The one way Locum says no.
 *
 * A `Failure` is an expected refusal: it carries a fault (what kind of no), a stable code in the
 * field's own words (`SecretNotFound`, `AADSTS7000215`), a message meant for the client and an
 * optional cause meant only for the log. It knows no HTTP: each plane's `refuse` turns it into its
 * own dialect as the last step. Anything else that is thrown is a bug.
 */

/** The closed list of refusals. A plane answers each of them; adding one breaks every `refuse`. */
export type Fault =
  | 'invalid' // the request cannot be understood, or asks for what cannot be
  | 'unauthenticated' // nobody, or not who they claim to be
  | 'forbidden' // known, but not allowed
  | 'missing' // the thing named does not exist
  | 'unsupported' // the thing exists, the verb does not apply to it
  | 'conflict' // the state of things forbids it
  | 'stale' // a precondition (etag) no longer holds
  | 'busy' // try again later

export interface FailureFacts {
  /** A second, finer code some dialects nest: `ForbiddenByRbac` inside `Forbidden`. */
  readonly inner?: string
  /** The member of the request that is at fault. */
  readonly target?: string
  /** Several failures under one. */
  readonly details?: readonly Failure[]
  /** For `busy`: when to come back. */
  readonly retryAfterSeconds?: number
  /** For the log only; never sent. */
  readonly cause?: unknown
}

export class Failure extends Error {
  readonly fault: Fault
  readonly code: string
  readonly inner: string | undefined
  readonly target: string | undefined
  readonly details: readonly Failure[]
  readonly retryAfterSeconds: number | undefined

  constructor(fault: Fault, code: string, message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'Failure'
    this.fault = fault
    this.code = code
    this.inner = facts.inner
    this.target = facts.target
    this.details = facts.details ?? []
    this.retryAfterSeconds = facts.retryAfterSeconds
  }
}
