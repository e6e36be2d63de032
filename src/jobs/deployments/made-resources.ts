/** What a deployment has made, with those inside it: they stand in for nothing of their own. */
import type { Call } from '../../core/call.ts'
import { findDeployment } from '../../core/deployments/deployment.ts'
import type { Plan } from '../../core/templates/plan.ts'
import { isDeployment } from '../../core/templates/resource-scopes.ts'

/** Ids of resources, each once, in the order of their keys. */
export async function madeBy(call: Call, { resources }: Plan): Promise<string[]> {
  const ids = new Map<string, string>()
  for (const { id, type, deployed, resourceId } of resources) {
    if (!deployed) continue
    const inside = isDeployment(type) ? await findDeployment(call, resourceId) : undefined
    const made = isDeployment(type) ? (inside?.end.outputResources ?? []) : [{ id }]
    for (const one of made) ids.set(one.id.toLowerCase(), one.id)
  }
  return [...ids].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, id]) => id)
}
