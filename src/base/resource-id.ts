/**
 * Resource ids of Azure Resource Manager, of any depth.
 *
 * An id is parsed once. `text` goes into answers: names and types as the caller wrote them, the
 * words between them in Azure's own casing, since clients write `resourcegroups` as well. `key` is
 * lower case and goes into look-ups, because ids compare case-insensitively.
 *
 *   /                                                       the tenant
 *   /providers/Microsoft.Management/managementGroups/{m}    a management group
 *   /subscriptions/{s}                                      a subscription
 *   /subscriptions/{s}/resourceGroups/{g}                   a resource group
 *   {one of the above}/providers/{ns}/{type}/{name}(/{type}/{name})*   a resource, or an extension
 *   {resource}/providers/{ns}/{type}/{name}…                an extension of a resource
 */
import { Failure } from './failure.ts'
import { isGuid } from './ids.ts'

export interface ResourceId {
  /** Names and types as given, without a trailing slash; the tenant is `/`. */
  readonly text: string
  /** Lower case, for look-up and comparison. */
  readonly key: string
  /** `Microsoft.Compute/virtualMachines`, as given; child types are joined by slashes. */
  readonly type: string
  /** The last name of the id; '' for the tenant. */
  readonly name: string
  /** One name for each type segment, outermost first. */
  readonly names: readonly string[]
  readonly subscriptionId: string | undefined
  readonly resourceGroup: string | undefined
  /** What the id hangs on: the parent resource, the extended resource, the group, … */
  readonly parent: ResourceId | undefined
}

export const TENANT: ResourceId = {
  text: '/',
  key: '/',
  type: 'Microsoft.Resources/tenants',
  name: '',
  names: [],
  subscriptionId: undefined,
  resourceGroup: undefined,
  parent: undefined,
}

/** The longest id Resource Manager is asked to read, in characters. */
const LONGEST_ID_CHARS = 2048
/** Characters that never stand in an id: they would make one id look like another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const FORBIDDEN = /[\u0000-\u001f\u007f\\?#%<>&:*]/

/**
 * Reads a resource id.
 * @throws Failure invalid `InvalidResourceId` when the text is not one
 */
export function parseResourceId(text: string): ResourceId {
  const id = readResourceId(text)
  if (id === undefined) {
    throw new Failure('invalid', 'InvalidResourceId', `The resource id '${text}' is not valid.`)
  }
  return id
}

/** Reads a resource id, or gives undefined when the text is not one. */
export function readResourceId(text: string): ResourceId | undefined {
  if (!text.startsWith('/') || text.length > LONGEST_ID_CHARS) return undefined
  const trimmed = text.length > 1 && text.endsWith('/') ? text.slice(0, -1) : text
  if (trimmed === '/') return TENANT
  if (FORBIDDEN.test(trimmed)) return undefined
  const segments = trimmed.slice(1).split('/')
  return segments.every(isSegment) ? readSegments(segments) : undefined
}

function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..'
}

function readSegments(segments: readonly string[]): ResourceId | undefined {
  let id: ResourceId = TENANT
  let at = 0
  if (is(segments[0], 'subscriptions')) {
    const subscriptionId = segments[1]
    if (subscriptionId === undefined || !isGuid(subscriptionId)) return undefined
    id = subscriptionResourceId(subscriptionId)
    at = 2
    const group = segments[3]
    if (is(segments[2], 'resourcegroups') && group !== undefined) {
      id = childScope(id, `resourceGroups/${group}`, 'Microsoft.Resources/resourceGroups', group)
      at = 4
    }
  }
  while (at < segments.length) {
    const next = is(segments[at], 'providers') ? readProvider(id, segments, at + 1) : undefined
    if (next === undefined) return undefined
    ;({ id, at } = next)
  }
  return id
}

/** Reads `{ns}/{type}/{name}(/{type}/{name})*` up to the next `providers`. */
function readProvider(
  scope: ResourceId,
  segments: readonly string[],
  start: number,
): { id: ResourceId; at: number } | undefined {
  const namespace = segments[start]
  if (namespace === undefined) return undefined
  let id = scope
  let at = start + 1
  let type = namespace
  while (at + 1 < segments.length && (type === namespace || !is(segments[at], 'providers'))) {
    const typeName = segments[at] ?? ''
    const name = segments[at + 1] ?? ''
    const path = type === namespace ? `providers/${namespace}/${typeName}` : typeName
    type = `${type}/${typeName}`
    id = childScope(id, `${path}/${name}`, type, name, id !== scope)
    at += 2
  }
  return id === scope ? undefined : { id, at }
}

function childScope(
  parent: ResourceId,
  path: string,
  type: string,
  name: string,
  nested = false,
): ResourceId {
  const text = parent.text === '/' ? `/${path}` : `${parent.text}/${path}`
  return {
    text,
    key: text.toLowerCase(),
    type,
    name,
    names: nested ? [...parent.names, name] : [name],
    subscriptionId: parent.subscriptionId,
    resourceGroup: type === 'Microsoft.Resources/resourceGroups' ? name : parent.resourceGroup,
    parent,
  }
}

function is(segment: string | undefined, lowerCase: string): boolean {
  // Written in lower case it is the very word; only other writings need be changed to compare.
  return segment === lowerCase || segment?.toLowerCase() === lowerCase
}

/** The id of what is directly below a resource: `{parent}/{type}/{name}`, both known to be segments. */
export function childResourceId(parent: ResourceId, type: string, name: string): ResourceId {
  return childScope(parent, `${type}/${name}`, `${parent.type}/${type}`, name, true)
}

/** The id of a subscription. */
export function subscriptionResourceId(subscriptionId: string): ResourceId {
  const text = `/subscriptions/${subscriptionId}`
  return {
    text,
    key: text.toLowerCase(),
    type: 'Microsoft.Resources/subscriptions',
    name: subscriptionId,
    names: [subscriptionId],
    subscriptionId,
    resourceGroup: undefined,
    parent: TENANT,
  }
}

/** How management groups are called, in the casing that answers show. */
export const MANAGEMENT_GROUP = 'Microsoft.Management/managementGroups'

/** The id of a management group. */
export function managementGroupResourceId(name: string): ResourceId {
  return childScope(TENANT, `providers/${MANAGEMENT_GROUP}/${name}`, MANAGEMENT_GROUP, name)
}

const roots = new Map<string, ResourceId>()

/** The root management group, which every tenant has: it is called like the tenant. */
export function rootManagementGroup({ tenantId }: { readonly tenantId: string }): ResourceId {
  const known = roots.get(tenantId)
  if (known !== undefined) return known
  const id = managementGroupResourceId(tenantId)
  roots.set(tenantId, id)
  return id
}

/** Whether the id is a management group's own. */
export function isManagementGroup({ type }: ResourceId): boolean {
  return type === MANAGEMENT_GROUP || type.toLowerCase() === MANAGEMENT_GROUP.toLowerCase()
}

/**
 * Every scope key that covers the id by its own words, the id itself first, the tenant `/` last.
 * Management groups over a subscription stand in no id: core/rbac knows them.
 */
export function scopeKeys(id: ResourceId): string[] {
  const keys: string[] = []
  for (let scope: ResourceId | undefined = id; scope; scope = scope.parent) keys.push(scope.key)
  return keys
}

/** Whether `scope` is the id itself or one of its ancestors. */
export function covers(scope: ResourceId, id: ResourceId): boolean {
  for (let at: ResourceId | undefined = id; at; at = at.parent) {
    if (at.key === scope.key) return true
  }
  return false
}
