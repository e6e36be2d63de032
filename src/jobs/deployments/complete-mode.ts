/** Mode Complete: what a group has and its template does not, goes. */
import { Failure } from '../../base/failure.ts'
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
  let left: string[] = []
  for (const { id: other, type } of await everyResource(call, id.parent)) {
    if (KEPT.has(type) || wanted.has(other.key)) continue
    const managedBy = await managerOf(call, manage, other.text)
    if (managedBy === undefined || !wanted.has(managedBy)) left.push(other.text)
  }
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

/** The key of what manages the resource, such as a machine its disk: it goes or stays with that. */
async function managerOf(call: Call, manage: Manage, path: string): Promise<string | undefined> {
  const query = { 'api-version': NEWEST_API_VERSION }
  try {
    const { body } = await manage(call, { method: 'GET', path, query })
    const { managedBy } = (body ?? {}) as { managedBy?: unknown }
    return typeof managedBy === 'string' ? managedBy.toLowerCase() : undefined
  } catch (reason) {
    if (reason instanceof Failure) return undefined
    throw reason
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
