/** In whose name a deployment's resources are written, and what came of it in a deployment's words. */
import type { Fault } from '../../base/failure.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import {
  type Deployment,
  type ErrorDocument,
  errorDocumentOf,
} from '../../core/deployments/deployment.ts'
import { isObject } from '../../core/templates/value.ts'

/** The call as whom and in whose name resources are written. */
export function asDeployer(call: Call, { deployer, facts, names }: Deployment): Call {
  return { ...call, id: facts.correlationId, caller: deployer, names }
}

/** How Azure calls the statuses that its answers have. */
const STATUS_CODES: Readonly<Record<Fault, string>> = {
  invalid: 'BadRequest',
  unauthenticated: 'Unauthorized',
  forbidden: 'Forbidden',
  missing: 'NotFound',
  unsupported: 'MethodNotAllowed',
  conflict: 'Conflict',
  stale: 'PreconditionFailed',
  busy: 'TooManyRequests',
}

interface Refused {
  readonly statusCode: string
  readonly error: ErrorDocument
}

/** What was thrown, as an operation tells it: a bug is an error without a reason. */
export function refusedBy(call: Call, reason: unknown): Refused {
  if (reason instanceof Failure) {
    return { statusCode: STATUS_CODES[reason.fault], error: errorDocumentOf(reason) }
  }
  call.log.error('deployment operation failed', { call: call.id, error: reason })
  return {
    statusCode: 'InternalServerError',
    error: { code: 'InternalServerError', message: 'An unexpected error occurred.' },
  }
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'canceled', 'ready'])

/** The provisioning state of a resource's document; one without any has succeeded. */
export function stateOf(document: unknown): 'Running' | 'Succeeded' | 'Failed' {
  const properties = isObject(document) ? document.properties : undefined
  const state = isObject(properties) ? properties.provisioningState : undefined
  if (typeof state !== 'string') return 'Succeeded'
  const word = state.toLowerCase()
  if (!ENDS.has(word)) return 'Running'
  return word === 'failed' || word === 'canceled' ? 'Failed' : 'Succeeded'
}
