import type { ResourceId } from '../../base/resource-id.ts'

/**
 * The names of an id by the segments of its type, lower case:
 * `…/locations/westeurope/publishers/Canonical` gives `{ locations, publishers }`.
 */
export function namedSegments({ type, names }: ResourceId): Readonly<Record<string, string>> {
  const segments = type.toLowerCase().split('/').slice(1)
  return Object.fromEntries(segments.map((segment, at) => [segment, names[at] ?? '']))
}
