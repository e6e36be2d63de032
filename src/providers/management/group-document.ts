/** Management groups as documents of Resource Manager. */
import { isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { MANAGEMENT_GROUP, managementGroupResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Query } from '../provider.ts'
import { ancestors, type Node } from './group-tree.ts'

/** How subscriptions are called where they stand beside groups. */
export const SUBSCRIPTION = '/subscriptions'
/** Of what the platform itself has made. */
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** What a list shows of a group. */
export function groupSummary(call: Call, { resource, displayName }: Node): object {
  return { ...head(resource.id.name), properties: { tenantId: call.tenantId, displayName } }
}

/** The whole group; with its children, its path or its ancestors where `$expand` asks for them. */
export function groupDocument(call: Call, node: Node, query: Query = {}): object {
  const expand = readExpand(query)
  const { resource, displayName, parent } = node
  const children = expand === 'children' ? childrenOf(node, readChildren(query)) : undefined
  return {
    ...head(resource.id.name),
    properties: {
      tenantId: call.tenantId,
      displayName,
      details: {
        version: resource.version,
        updatedTime: isoSevenDigits(resource.changedAt),
        updatedBy: resource.changedBy ?? NOBODY,
        ...(parent && { parent: parentOf(parent) }),
        ...(expand === 'path' && { path: [...ancestors(node).toReversed(), node].map(step) }),
        ...(expand === 'ancestors' && {
          managementGroupAncestors: ancestors(node).map((one) => one.resource.id.name),
          managementGroupAncestorsChain: ancestors(node).map(step),
        }),
      },
      ...(children && { children }),
    },
  }
}

/** The members of every document; the id in Azure's own casing, however it was asked for. */
export function head(name: string): { id: string; type: string; name: string } {
  return { id: managementGroupResourceId(name).text, type: MANAGEMENT_GROUP, name }
}

function parentOf({ resource, displayName }: Node): object {
  const { id, name } = head(resource.id.name)
  return { id, name, displayName }
}

function step({ resource, displayName }: Node): object {
  return { name: resource.id.name, displayName }
}

interface Wanted {
  readonly deep: boolean
  readonly isWanted: (node: Node) => boolean
}

/** Undefined, and not empty, where there are none: clients take an empty list for one that is. */
function childrenOf(node: Node, wanted: Wanted): object[] | undefined {
  const shown = node.children.filter(wanted.isWanted).map((child) => {
    const { resource, displayName, isGroup } = child
    const children = wanted.deep ? childrenOf(child, wanted) : undefined
    const { name } = resource.id
    return {
      id: isGroup ? head(name).id : resource.id.text,
      type: isGroup ? MANAGEMENT_GROUP : SUBSCRIPTION,
      name,
      displayName,
      ...(children && { children }),
    }
  })
  return shown.length > 0 ? shown : undefined
}

const EXPANDS = ['children', 'path', 'ancestors'] as const

function readExpand(query: Query): (typeof EXPANDS)[number] | undefined {
  const given = query.$expand
  const expand = EXPANDS.find((one) => one === given?.toLowerCase())
  if (given && !expand)
    throw badRequest(`The value '${given}' of $expand is none of children, path, ancestors.`)
  if (isTrue(query.$recurse) && expand !== 'children') {
    throw badRequest('$recurse can be used only with $expand=children.')
  }
  return expand
}

const FILTER = /^\s*children\.childType\s+(eq|ne)\s+'?subscription'?\s*$/i

function readChildren(query: Query): Wanted {
  const deep = isTrue(query.$recurse)
  if (!query.$filter) return { deep, isWanted: () => true }
  const operator = FILTER.exec(query.$filter)?.[1]?.toLowerCase()
  if (operator === undefined) {
    throw badRequest(`The filter '${query.$filter}' is not supported.`)
  }
  return { deep, isWanted: ({ isGroup }) => isGroup === (operator === 'ne') }
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true'
}

export function badRequest(message: string): Failure {
  return new Failure('invalid', 'BadRequest', message)
}
