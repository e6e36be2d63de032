/** The `resourceId` family: ids from types and names, at the scope that each function is for. */
import { isGuid } from '../../../base/ids.ts'
import type { Place } from '../environment.ts'
import { ExpressionError } from '../invalid.ts'
import { scopedId } from '../resource-names.ts'
import type { Json } from '../value.ts'
import { type Family, row, text } from './function.ts'

const ANY = Number.POSITIVE_INFINITY

export const resourceIdFunctions: Family = {
  /** `resourceId([subscriptionId], [resourceGroup], type, name…)`. */
  resourceId: row([2, ANY], (args, { place }) => {
    const { before, type, names } = read('resourceId', args)
    const subscriptionId = before.length > 0 && isGuid(before[0] ?? '') ? before[0] : undefined
    const group = before[subscriptionId === undefined ? 0 : 1]
    if (before.length > 2 || (before.length === 2 && subscriptionId === undefined)) {
      throw new ExpressionError(
        'the subscription id must be a GUID, and the resource type is first',
      )
    }
    if (!place.subscription) return scopedId('/', type, names)
    const subscription = `/subscriptions/${subscriptionId ?? text(place.subscription.subscriptionId)}`
    const inGroup = group ?? place.resourceGroup?.name
    return scopedId(
      inGroup === undefined ? subscription : `${subscription}/resourceGroups/${inGroup}`,
      type,
      names,
    )
  }),
  subscriptionResourceId: row([2, ANY], (args, { place }) => {
    const { before, type, names } = read('subscriptionResourceId', args)
    const subscriptionId = before[0] ?? ownSubscription(place)
    return scopedId(`/subscriptions/${subscriptionId}`, type, names)
  }),
  managementGroupResourceId: row([2, ANY], (args, { place }) => {
    const { before, type, names } = read('managementGroupResourceId', args)
    const group = before[0] ?? place.managementGroup?.name
    if (group === undefined) throw new ExpressionError('there is no management group at this scope')
    return scopedId(`/providers/Microsoft.Management/managementGroups/${group}`, type, names)
  }),
  tenantResourceId: row([2, ANY], (args) => {
    const { type, names } = read('tenantResourceId', args)
    return scopedId('/', type, names)
  }),
  extensionResourceId: row([3, ANY], ([scope, ...args]) => {
    const { type, names } = read('extensionResourceId', args)
    return scopedId(text(scope), type, names)
  }),
}

function ownSubscription(place: Place): string {
  if (place.subscription) return text(place.subscription.subscriptionId)
  throw new ExpressionError('there is no subscription at this scope')
}

/** The first argument with a slash is the type; what is before it says where. */
function read(
  name: string,
  args: readonly Json[],
): { before: string[]; type: string; names: string[] } {
  const all = args.map(text)
  const at = all.findIndex((one) => one.includes('/'))
  if (at < 0) {
    throw new ExpressionError(
      `the resource type must be given with its namespace, as in 'Microsoft.Compute/virtualMachines': function '${name}'`,
    )
  }
  return { before: all.slice(0, at), type: all[at] ?? '', names: all.slice(at + 1) }
}
