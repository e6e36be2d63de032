/**
 * The value that travels: every verb of core takes a `Call` first, then one named object.
 *
 * Core is the rules of Azure as Locum keeps them. It knows the store and base; it knows no HTTP, no
 * environment and no child process. A `Call` says who asks, when, by which names they reach us, and
 * with what; it is made once per request or job and never changed.
 */
import type { Instant } from '../base/clock.ts'
import type { ClientId, ObjectId, TenantId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { Names } from '../base/names.ts'
import type { Seal } from '../base/seal.ts'
import type { Db } from '../store/database.ts'
import type { JobName } from './job-names.ts'

export interface PrincipalCaller {
  readonly kind: 'principal'
  readonly objectId: ObjectId
  /** The client the token was issued to; for a service principal, its own. */
  readonly clientId: ClientId
  readonly type: 'ServicePrincipal' | 'User'
  /** What error texts call the client: object id of a managed identity, else client id or UPN. */
  readonly label: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** Who asks. `machine` is known by the socket that took the connection, by nothing it sent. */
export type Caller =
  | { readonly kind: 'nobody' }
  | PrincipalCaller
  | { readonly kind: 'machine'; readonly key: string }
  | { readonly kind: 'job'; readonly name: string }

export interface Call {
  /** Correlation id, a GUID, echoed to the client and kept in the audit. */
  readonly id: string
  readonly caller: Caller
  /** One instant per call. */
  readonly now: Instant
  /** The tenant this Locum is. */
  readonly tenantId: TenantId
  readonly names: Names
  readonly db: Db
  readonly seal: Seal
  readonly log: Log
  readonly signal: AbortSignal
  /** Wakes a job; inside a transaction, after the commit. */
  wake(job: JobName): void
}

/** The object id of the calling principal; undefined for machines, jobs and nobody. */
export function callerObjectId(call: Call): ObjectId | undefined {
  return call.caller.kind === 'principal' ? call.caller.objectId : undefined
}
