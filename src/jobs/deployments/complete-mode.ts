/** Mode Complete: what a group has and its template does not, goes. */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Deployment, ErrorDocument } from '../../core/deployments/deployment.ts'
import { DEPLOYMENT_TYPE } from '../../core/deployments/deployment.ts'
import type { Manage } from '../../core/deployments/managed.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { NEWEST_API_VERSION } from '../../core/templates/functions/references.ts'
import { refusedBy } from './manage.ts'

/** What lives beside resources and not among them. */
const KEPT: ReadonlySet<string> = new Set([DEPLOYMENT_TYPE, 'microsoft.authorization/locks'])

/**
 * Deletes, in rounds: what others hold on to goes after them.
 * @param made ids of what the deployment has made, with those inside it
 * @returns why the rest could not be deleted
 */
export async function deleteOthers(
  call: Call,
  manage: Manage,
  { id }: Deployment,
  made: readonly string[],
): Promise<ErrorDocument[]> {
  if (!id.parent?.resourceGroup) return []
  const wanted = new Set(made.map((one) => one.toLowerCase()))
  let left = (await everyResource(call, id.parent))
    .filter((resource) => !KEPT.has(resource.type) && !wanted.has(resource.id.key))
    .map((resource) => resource.id.text)
  for (;;) {
    const refused = new Map<string, ErrorDocument>()
    for (const path of left) {
      try {
        await manage(call, {
          method: 'DELETE',
          path,
          query: { 'api-version': NEWEST_API_VERSION },
        })
      } catch (reason) {
        refused.set(path, refusedBy(call, reason).error)
      }
    }
    if (refused.size === 0 || refused.size === left.length) return [...refused.values()]
    left = [...refused.keys()]
  }
}

async function everyResource(call: Call, group: ResourceId): Promise<Resource[]> {
  const all: Resource[] = []
  let after: string | undefined
  do {
    const page = await listResources(call, { parentKey: group.key, after })
    all.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return all
}
