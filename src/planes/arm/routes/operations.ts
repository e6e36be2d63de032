/**
 * Where clients poll: the status of an operation, and its result.
 */
import { z } from 'zod'
import { isoSevenDigits } from '../../../base/clock.ts'
import { Failure } from '../../../base/failure.ts'
import { parseResourceId } from '../../../base/resource-id.ts'
import type { Call } from '../../../core/call.ts'
import { findOperation, type Operation } from '../../../core/resources/operations.ts'
import { type Route, route } from '../../../http/route.ts'
import { permit } from '../permit.ts'

const BASE = '/subscriptions/:subscriptionId/providers/:namespace/locations/:location'
const input = z.object({
  params: z.object({ subscriptionId: z.string(), operationId: z.string() }),
})

export function operationRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: `${BASE}/operations/:operationId`,
      guard: { kind: 'principal' },
      input,
      async answer(call, { params }) {
        return { status: 200, body: statusOf(await readable(call, params)) }
      },
    }),
    route({
      method: 'GET',
      path: `${BASE}/operationResults/:operationId`,
      guard: { kind: 'principal' },
      input,
      async answer(call, { params }) {
        const operation = await readable(call, params)
        if (operation.status !== 'InProgress') return { status: operation.error ? 409 : 200 }
        return { status: 202, headers: { 'retry-after': '1' } }
      },
    }),
  ]
}

async function readable(
  call: Call,
  { subscriptionId, operationId }: { subscriptionId: string; operationId: string },
): Promise<Operation> {
  const operation = await findOperation(call, operationId)
  const resource = operation && parseResourceId(operation.resourceId)
  if (!operation || resource?.subscriptionId?.toLowerCase() !== subscriptionId.toLowerCase()) {
    throw new Failure('missing', 'NotFound', `The operation '${operationId}' was not found.`)
  }
  await permit(call, `${resource.type}/read`, resource)
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
