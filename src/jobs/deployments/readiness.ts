/** Which resources of a plan can be written now: all that they wait for is there. */
import type { Instant } from '../../base/clock.ts'
import type { DeploymentOperation } from '../../core/deployments/operations.ts'
import type { Plan, PlannedResource } from '../../core/templates/plan.ts'

export interface Readiness {
  /** Takes so many at most off what is ready. */
  take(most: number): PlannedResource[]
  /** Says that one is there, which others may have waited for. */
  made(resource: PlannedResource): void
}

/** @param operations by the key of their target */
export function readinessOf(
  { resources }: Plan,
  operations: ReadonlyMap<string, DeploymentOperation>,
  now: Instant,
): Readiness {
  const missing = new Map<PlannedResource, number>()
  const waiting = new Map<string, PlannedResource[]>()
  const ready: PlannedResource[] = []
  const isThere = ({ key, deployed }: PlannedResource) =>
    !deployed || operations.get(key)?.progress === 'Succeeded'
  const there = new Set(resources.filter(isThere).map(({ key }) => key))
  for (const resource of resources) {
    const operation = operations.get(resource.key)
    const isDue = operation?.progress === 'Waiting' && (operation.retryAt ?? now) <= now
    if (!resource.deployed || (operation && !isDue)) continue
    const before = [...resource.waitsFor].filter((key) => !there.has(key))
    missing.set(resource, before.length)
    if (before.length === 0) ready.push(resource)
    for (const key of before) {
      const others = waiting.get(key)
      if (others) others.push(resource)
      else waiting.set(key, [resource])
    }
  }
  return {
    take: (most) => ready.splice(0, most),
    made({ key }) {
      for (const other of waiting.get(key) ?? []) {
        const left = (missing.get(other) ?? 0) - 1
        missing.set(other, left)
        if (left === 0) ready.push(other)
      }
    },
  }
}
