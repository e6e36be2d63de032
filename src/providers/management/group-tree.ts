/** The whole tree of management groups and subscriptions, with what each is called. */
import { Failure } from '../../base/failure.ts'
import { type ResourceId, rootManagementGroup } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { groupAbove, scopeTreeNow } from '../../core/rbac/scope-tree.ts'
import {
  everyManagementGroup,
  everySubscription,
  MANAGEMENT_GROUP_TYPE,
} from '../../core/resources/management-groups.ts'
import type { Resource } from '../../core/resources/resource.ts'

/** One management group or subscription. */
export interface Node {
  readonly resource: Resource
  readonly isGroup: boolean
  readonly displayName: string
  /** Undefined for the root group alone. */
  readonly parent: Node | undefined
  /** By name, groups first. */
  readonly children: readonly Node[]
}

export interface GroupTree {
  readonly root: Node
  /** A management group or a subscription, by the key of its id. */
  get(key: string): Node | undefined
  /** All groups and subscriptions, parents before what is in them. */
  all(): Node[]
}

/** As the call sees it, inside its transaction too. */
export async function openGroupTree(call: Call): Promise<GroupTree> {
  const parents = await scopeTreeNow(call)
  const resources = [...(await everyManagementGroup(call)), ...(await everySubscription(call))]
  const nodes = new Map(resources.map((resource) => [resource.id.key, nodeOf(resource)]))
  for (const node of nodes.values()) {
    const parent = nodes.get(groupAbove(call, parents, node.resource.id) ?? '')
    if (!parent) continue
    node.parent = parent
    parent.children.push(node)
  }
  for (const { children } of nodes.values()) children.sort(inOrder)
  const root = nodes.get(rootManagementGroup(call).key)
  if (!root) throw new Error('the tenant has no root management group')
  return { root, get: (key) => nodes.get(key), all: () => [root, ...below(root)] }
}

type Growing = { -readonly [Member in keyof Node]: Node[Member] } & { children: Node[] }

function nodeOf(resource: Resource): Growing {
  return {
    resource,
    isGroup: resource.type === MANAGEMENT_GROUP_TYPE,
    displayName: String(resource.properties.displayName ?? resource.id.name),
    parent: undefined,
    children: [],
  }
}

function inOrder(one: Node, other: Node): number {
  if (one.isGroup !== other.isGroup) return one.isGroup ? -1 : 1
  return one.resource.id.key < other.resource.id.key ? -1 : 1
}

/** What is above a node, the nearest first. */
export function ancestors({ parent }: Node): Node[] {
  return parent ? [parent, ...ancestors(parent)] : []
}

/** What is below a node, parents before what is in them. */
export function below(node: Node): Node[] {
  return node.children.flatMap((child) => [child, ...below(child)])
}

/** How many levels of groups there are from a group down, itself being the first. */
export function levels({ children }: Node): number {
  const groups = children.filter(({ isGroup }) => isGroup)
  return 1 + Math.max(0, ...groups.map(levels))
}

/** @throws Failure missing `NotFound` when there is no such group */
export function requireGroup(tree: GroupTree, id: ResourceId): Node {
  const node = tree.get(id.key)
  if (node?.isGroup) return node
  throw new Failure('missing', 'NotFound', `'${id.text}' not found`)
}
