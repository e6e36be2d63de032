/**
 * Where clients poll: the status of an operation, and its result.
 */
import { isoSevenDigits } from '../../../base/clock.ts'
import { Failure } from '../../../base/failure.ts'
import { parseResourceId } from '../../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../../core/call.ts'
import { resultOf } from '../../../core/resources/operation-work.ts'
import { findOperation, type Operation } from '../../../core/resources/operations.ts'
import type { Route } from '../../../http/route.ts'
import { RETRY_SOON } from '../../../providers/retry-soon.ts'
import { actionPrefix } from '../asking.ts'
import { OPERATIONS_LOCATION } from '../operation-reply.ts'
import { permit } from '../permit.ts'
import type { Registry } from '../registry.ts'
import { type ArmInput, armRoute } from './arm-route.ts'

const BASE = '/subscriptions/:subscriptionId/providers/:namespace/locations/:location'

export function operationRoutes(registry: Registry): Route[] {
  return [
    armRoute('GET', `${BASE}/operations/:operationId`, async (call, { params }) => {
      const operation = await readable(call, registry, params)
      const headers = operation.status === 'InProgress' ? RETRY_SOON : {}
      return { status: 200, headers, body: statusOf(operation) }
    }),
    armRoute('GET', `${BASE}/operationResults/:operationId`, async (call, { params }) => {
      const operation = await readable(call, registry, params)
      if (operation.status === 'InProgress') {
        return { status: 202, headers: RETRY_SOON }
      }
      return { status: operation.error ? 409 : 200, body: await resultOf(call, operation.id) }
    }),
  ]
}

/**
 * The operation at an address that we once gave out, whole. It is for who may read what it is on,
 * and for who began it: a role on what a delete took away went with it.
 */
async function readable(
  call: Call,
  registry: Registry,
  { operationId = '', ...at }: ArmInput['params'],
): Promise<Operation> {
  const operation = await findOperation(call, operationId)
  const resource = operation && parseResourceId(operation.resourceId)
  const namespace = resource?.type.slice(0, resource.type.indexOf('/'))
  const isHere =
    resource?.subscriptionId?.toLowerCase() === at.subscriptionId?.toLowerCase() &&
    namespace?.toLowerCase() === at.namespace?.toLowerCase() &&
    at.location?.toLowerCase() === OPERATIONS_LOCATION
  if (!operation || !resource || !isHere) {
    throw new Failure('missing', 'NotFound', `The operation '${operationId}' was not found.`)
  }
  if (operation.begunBy !== undefined && operation.begunBy === callerObjectId(call)) {
    return operation
  }
  const type = registry.find(resource.type)
  await permit(call, `${type ? actionPrefix(type) : resource.type}/read`, resource)
  return operation
}

function statusOf({ id, status, error, startedAt, endedAt }: Operation): object {
  return {
    name: id,
    status,
    startTime: isoSevenDigits(startedAt),
    ...(endedAt && { endTime: isoSevenDigits(endedAt) }),
    ...(error && { error }),
  }
}
