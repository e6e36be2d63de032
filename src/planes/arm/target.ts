/**
 * From a path to what it names: a resource, or something at the end of one (a collection, an action).
 */
import { Failure } from '../../base/failure.ts'
import { type ResourceId, readResourceId } from '../../base/resource-id.ts'

export type Target =
  | { readonly kind: 'resource'; readonly id: ResourceId }
  /** `{at}/{tail}`: a collection of `type`, or an action or read named `tail` of `at` itself. */
  | { readonly kind: 'tail'; readonly at: ResourceId; readonly tail: string; readonly type: string }

/**
 * Reads a path as it was sent.
 * @throws Failure invalid when a segment decodes to what cannot stand in one; missing when no
 *   grammar of Resource Manager fits
 */
export function readTarget(path: string): Target {
  const target = findTarget(path)
  if (target) return target
  throw new Failure('missing', 'NotFound', `The path '${path}' is not one of Resource Manager.`)
}

/** The same, undefined when no grammar fits. @throws Failure invalid */
export function findTarget(path: string): Target | undefined {
  const segments = withProvider(
    withScopeOpened(path)
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeSegment),
  )
  const id = readResourceId(`/${segments.join('/')}`)
  if (id) return { kind: 'resource', id }
  return readCollection(segments) ?? readTail(segments)
}

/**
 * Clients that take a scope as one parameter escape its slashes: it then stands first, in one piece.
 * Its parts are read like any others.
 */
function withScopeOpened(path: string): string {
  return path.replace(/^\/+(?:%2f)?(?:subscriptions|providers)%2f[^/]*/i, (scope) =>
    scope.replaceAll(/%2f/gi, '/'),
  )
}

/** A group's deployments are older than providers: their paths may leave the provider out. */
function withProvider(segments: string[]): string[] {
  const isOld =
    segments[2]?.toLowerCase() === 'resourcegroups' && segments[4]?.toLowerCase() === 'deployments'
  return isOld ? segments.toSpliced(4, 0, 'providers', 'Microsoft.Resources') : segments
}

/** A segment may hold anything but what would make it two segments, or climb. */
function decodeSegment(segment: string): string {
  let decoded: string | undefined
  try {
    decoded = decodeURIComponent(segment)
  } catch {
    decoded = undefined
  }
  if (decoded === undefined || /[/\\]/.test(decoded) || decoded === '.' || decoded === '..') {
    throw new Failure('invalid', 'InvalidRequestUri', `The path segment '${segment}' is not valid.`)
  }
  return decoded
}

/** `{scope}/providers/{namespace}/{type}`. */
function readCollection(segments: readonly string[]): Target | undefined {
  const [marker, namespace, tail] = segments.slice(-3)
  if (marker?.toLowerCase() !== 'providers' || !namespace || !tail) return undefined
  const at = readResourceId(`/${segments.slice(0, -3).join('/')}`)
  return at && { kind: 'tail', at, tail, type: `${namespace}/${tail}` }
}

/** `{resource}/{tail}`, and `/subscriptions/{s}/resourceGroups`. */
function readTail(segments: readonly string[]): Target | undefined {
  const tail = segments.at(-1)
  const at = readResourceId(`/${segments.slice(0, -1).join('/')}`)
  if (!at || at.key === '/' || !tail) return undefined
  if (at.type === 'Microsoft.Resources/subscriptions') {
    return tail.toLowerCase() === 'resourcegroups'
      ? { kind: 'tail', at, tail, type: 'Microsoft.Resources/resourceGroups' }
      : undefined
  }
  return { kind: 'tail', at, tail, type: `${at.type}/${tail}` }
}
