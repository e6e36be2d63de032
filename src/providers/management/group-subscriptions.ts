/** `{group}/subscriptions/{id}`: which subscriptions are right below a management group. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isGuid } from '../../base/ids.ts'
import {
  MANAGEMENT_GROUP,
  type ResourceId,
  rootManagementGroup,
  subscriptionResourceId,
} from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { displaceScope, placeScope } from '../../core/rbac/scope-tree.ts'
import type { DerivedType, NeededAccess } from '../provider.ts'
import { MANAGEMENT_API_VERSIONS } from './api-versions.ts'
import { accessToMove } from './group-access.ts'
import { readBody } from './group-body.ts'
import { badRequest, head } from './group-document.ts'
import { type Node, openGroupTree, requireGroup } from './group-tree.ts'

const NAME = `${MANAGEMENT_GROUP}/subscriptions`

/** All is in the address; what clients send back of an answer changes nothing. */
const echoed = z.unknown().optional()
const putBody = z
  .strictObject({ id: echoed, type: echoed, name: echoed, properties: echoed })
  .optional()

export const groupSubscriptions: DerivedType = {
  kind: 'derived',
  name: NAME,
  apiVersions: MANAGEMENT_API_VERSIONS,
  place: 'tenant',
  async get(call, id) {
    return { status: 200, body: shown(call, await requireMember(call, id)) }
  },
  async list(call, scope) {
    const { children } = requireGroup(await openGroupTree(call), scope)
    const value = children.filter(({ isGroup }) => !isGroup).map((child) => shown(call, child))
    return { status: 200, body: { value } }
  },
  async put(tx, id, body) {
    readBody(putBody, body)
    const group = requireGroup(await openGroupTree(tx), groupOf(id))
    const subscription = await findSubscription(tx, id)
    if (!subscription) {
      throw new Failure(
        'missing',
        'SubscriptionNotFound',
        `The subscription '${id.name}' could not be found.`,
      )
    }
    await placeScope(tx, subscription.resource.id.key, group.resource.id.key)
    return { status: 200, body: shown(tx, { ...subscription, parent: group }) }
  },
  /** What is in no group that somebody made is right below the root. */
  async remove(tx, id) {
    const { resource } = await requireMember(tx, id)
    await displaceScope(tx, resource.id.key)
    return { status: 200 }
  },
  async needs(call, id, verb) {
    const own = { action: `${NAME}/${verb}`, scope: id }
    if (verb === 'read') return [own]
    const to = verb === 'write' ? groupOf(id) : rootManagementGroup(call)
    return [own, ...(await moved(call, id, to))]
  },
}

/** What it takes to bring the subscription from where it is to a group; nothing when it is there. */
async function moved(call: Call, id: ResourceId, to: ResourceId): Promise<NeededAccess[]> {
  const subscription = await findSubscription(call, id)
  const from = subscription?.parent?.resource.id
  if (!subscription || !from || from.key === to.key) return []
  return accessToMove(call, { child: subscription.resource.id, from, to })
}

async function findSubscription(call: Call, { name }: ResourceId): Promise<Node | undefined> {
  if (!isGuid(name)) throw badRequest(`The subscription id '${name}' is not a GUID.`)
  return (await openGroupTree(call)).get(subscriptionResourceId(name).key)
}

/** @throws Failure missing `NotFound` when the subscription is not right below the group */
async function requireMember(call: Call, id: ResourceId): Promise<Node> {
  const subscription = await findSubscription(call, id)
  if (subscription?.parent?.resource.id.key === groupOf(id).key) return subscription
  throw new Failure('missing', 'NotFound', `'${id.text}' not found`)
}

function groupOf({ parent }: ResourceId): ResourceId {
  if (!parent) throw new Error('a subscription of no management group was asked for')
  return parent
}

function shown(call: Call, { resource, displayName, parent }: Node): object {
  const { name } = resource.id
  const group = head(parent?.resource.id.name ?? '')
  return {
    id: `${group.id}/subscriptions/${name}`,
    type: NAME,
    name,
    properties: { tenant: call.tenantId, displayName, parent: { id: group.id }, state: 'Active' },
  }
}
