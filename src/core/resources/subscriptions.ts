/** Subscriptions are rows of `resources` too: the scope in which all others are. */
import type { SubscriptionId } from '../../base/ids.ts'
import { subscriptionResourceId } from '../../base/resource-id.ts'
import type { Transaction } from '../transaction.ts'
import { putResource } from './resource.ts'

export async function createSubscription(
  tx: Transaction,
  { subscriptionId, displayName }: { subscriptionId: SubscriptionId; displayName: string },
): Promise<void> {
  await putResource(tx, {
    id: subscriptionResourceId(subscriptionId),
    type: 'microsoft.resources/subscriptions',
    location: undefined,
    kind: undefined,
    tags: undefined,
    sku: undefined,
    envelope: {},
    properties: { displayName },
    state: {},
    provisioningState: undefined,
    version: 1,
    createdAt: tx.now,
    createdBy: undefined,
    changedAt: tx.now,
    changedBy: undefined,
  })
}
