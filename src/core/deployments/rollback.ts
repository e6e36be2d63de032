/** What a deployment that fails goes back to: an earlier one that succeeded, deployed once more. */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import {
  beginDeployment,
  contentOf,
  type Deployment,
  deploymentsAt,
  isUnderWay,
  type OnError,
} from './deployment.ts'

/** The deployment meant, if there is one that succeeded, beside the one that may fail. */
export async function findEarlier(
  call: Call,
  of: ResourceId,
  { deploymentName }: OnError,
): Promise<Deployment | undefined> {
  if (!of.parent) return undefined
  const succeeded = (await deploymentsAt(call, of.parent)).filter(
    ({ id, progress }) => progress === 'Succeeded' && id.key !== of.key,
  )
  if (deploymentName === undefined) {
    return succeeded.sort((a, b) => b.resource.changedAt - a.resource.changedAt)[0]
  }
  const name = deploymentName.toLowerCase()
  return succeeded.find(({ id }) => id.name.toLowerCase() === name)
}

/**
 * Begins the earlier deployment again, as it was, but that what it does not name goes: in the name
 * of who deployed what has failed.
 * @returns its id, or nothing where it has gone or is under way again
 */
export async function rollBack(
  tx: Transaction,
  failed: Deployment,
): Promise<ResourceId | undefined> {
  const { onError, correlationId } = failed.facts
  const earlier = onError && (await findEarlier(tx, failed.id, onError))
  if (!earlier || isUnderWay(earlier)) return undefined
  const { id, resource, facts } = earlier
  const { onError: _, ...kept } = facts
  await beginDeployment(
    { ...tx, caller: failed.deployer, names: failed.names },
    {
      id,
      location: resource.location,
      tags: resource.tags,
      facts: { ...kept, mode: 'Complete', correlationId },
      content: contentOf(tx, earlier),
      deployer: failed.deployer,
    },
  )
  return id
}
