/**
 * How an answer says that the work goes on: the addresses to poll, and how soon.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { RETRY_SOON } from '../../providers/retry-soon.ts'
import { type Asking, managementUrl } from './asking.ts'

/**
 * On the answer to a write that is done: the clients written in Go look again after 10 s to see
 * whether it is, unless this header says that they need not wait.
 */
export const ALREADY_DONE: Readonly<Record<string, string>> = {
  'x-go-azure-sdk-skip-polling-delay': 'true',
}
/** Operations have no region here; their addresses have a place for one. */
export const OPERATIONS_LOCATION = 'global'

/** `Azure-AsyncOperation` for those that read status, `Location` for those that read results. */
export function operationHeaders(
  call: Call,
  asking: Asking,
  resource: ResourceId,
  operation: string,
  location: 'with location' | 'without location',
): Record<string, string> {
  const namespace = resource.type.slice(0, resource.type.indexOf('/'))
  const base = `/subscriptions/${resource.subscriptionId}/providers/${namespace}/locations/${OPERATIONS_LOCATION}`
  const version = { 'api-version': asking.apiVersion }
  return {
    'azure-asyncoperation': managementUrl(call, `${base}/operations/${operation}`, version),
    ...(location === 'with location' && {
      location: managementUrl(call, `${base}/operationResults/${operation}`, version),
    }),
    ...RETRY_SOON,
  }
}
