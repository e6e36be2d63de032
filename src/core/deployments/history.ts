/** How many deployments a scope remembers: near the limit the oldest are forgotten. */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { countChildren } from '../resources/lists.ts'
import { isLocked } from '../resources/locks.ts'
import type { Transaction } from '../transaction.ts'
import { DEPLOYMENT_TYPE, deploymentsAt, isUnderWay, removeDeployment } from './deployment.ts'

const MOST_DEPLOYMENTS = 800
/** From so many on, so many stay. */
const FORGETS_FROM = 775
const KEEPS = 750

/**
 * Makes room for one more. A lock against deletion keeps the old ones too.
 * @throws Failure conflict `DeploymentQuotaExceeded` when there is no room
 */
export async function makeRoom(tx: Transaction, scope: ResourceId, name: string): Promise<void> {
  const count = await countChildren(tx, DEPLOYMENT_TYPE, scope)
  if (count < FORGETS_FROM) return
  if (!(await isLocked(tx, scope, 'delete'))) return forgetOldest(tx, scope, count - KEEPS)
  if (count < MOST_DEPLOYMENTS) return
  throw new Failure(
    'conflict',
    'DeploymentQuotaExceeded',
    `Creating the deployment '${name}' would exceed the quota of '${MOST_DEPLOYMENTS}'. The current deployment count is '${count}'. Please delete some deployments before creating a new one, or see https://aka.ms/800LimitFix for information on managing deployment limits.`,
  )
}

async function forgetOldest(tx: Transaction, scope: ResourceId, most: number): Promise<void> {
  const ended = (await deploymentsAt(tx, scope)).filter((one) => !isUnderWay(one))
  ended.sort((left, right) => left.startedAt - right.startedAt)
  for (const { id } of ended.slice(0, most)) await removeDeployment(tx, id)
}
