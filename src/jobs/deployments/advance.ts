/**
 * One step of one deployment: whatever can be done now is done, and noted.
 *
 * Everything is derived from rows, so a step may be repeated: a resource whose writing was not yet
 * noted when the daemon ended is written again, with the same body.
 */
import type { Call } from '../../core/call.ts'
import {
  type Deployment,
  type DeploymentEnd,
  type ErrorDocument,
  moveDeployment,
  noteRollback,
} from '../../core/deployments/deployment.ts'
import { withFacts } from '../../core/deployments/facts.ts'
import type { Manage } from '../../core/deployments/managed.ts'
import { type DeploymentOperation, operationsOf } from '../../core/deployments/operations.ts'
import { rollBack } from '../../core/deployments/rollback.ts'
import type { Plan } from '../../core/templates/plan.ts'
import { transaction } from '../../core/transaction.ts'
import { deleteOthers } from './complete-mode.ts'
import { madeBy } from './made-resources.ts'
import { asDeployer, refusedBy } from './manage.ts'
import { readinessOf } from './readiness.ts'
import { awaitResource, writeResource } from './write-resource.ts'

/** How many resources of one deployment are written at once. */
const MOST_AT_ONCE = 8
/** How many in one step: between two steps a deployment may be cancelled. */
const MOST_A_STEP = 64

/** @returns whether anything has moved, so that another step may find more to do */
export async function advance(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  plan: Plan,
): Promise<boolean> {
  const operations = await operationsOf(call, deployment.id)
  // 1. What was begun: has it come to its end?
  const running = [...operations.values()].filter(({ progress }) => progress === 'Running')
  const ended = await bounded(running, (operation) =>
    awaitResource(call, manage, deployment, operation),
  )
  if (ended.includes(true)) return true
  // 2. What all is there for.
  if (deployment.progress === 'Accepted') await move(call, deployment, 'Running')
  if (await writeReady(call, manage, deployment, plan, operations)) return true
  // 3. When nothing is left, the end.
  const isWaiting = [...operations.values()].some(({ progress }) => progress === 'Waiting')
  if (running.length > 0 || isWaiting) return false
  return finish(call, manage, deployment, plan, operations)
}

/** @returns whether anything was written */
async function writeReady(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  plan: Plan,
  operations: ReadonlyMap<string, DeploymentOperation>,
): Promise<boolean> {
  const readiness = readinessOf(plan, operations, call.now)
  for (let count = 0; count < MOST_A_STEP; ) {
    const ready = readiness.take(MOST_AT_ONCE)
    if (ready.length === 0) return count > 0
    count += ready.length
    const noted = await Promise.all(
      ready.map((resource) => {
        const before = operations.get(resource.key)
        return writeResource(call, manage, deployment, plan, resource, before)
      }),
    )
    // It has ended or gone meanwhile.
    if (noted.includes(undefined)) return false
    for (const [at, resource] of ready.entries()) {
      if (noted[at] === 'Succeeded') readiness.made(resource)
    }
  }
  return true
}

async function finish(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  plan: Plan,
  operations: ReadonlyMap<string, DeploymentOperation>,
): Promise<boolean> {
  const failed = [...operations.values()].flatMap(({ error, target }) =>
    error ? [{ ...error, target: target.id }] : [],
  )
  if (failed.length > 0) {
    return move(call, deployment, 'Failed', { error: deploymentFailed(deployment, failed) })
  }
  const own = asDeployer(call, deployment)
  try {
    const outputs = await withFacts(own, manage, plan.outputs)
    const made = await madeBy(call, plan)
    if (deployment.facts.mode === 'Complete') {
      const refused = await deleteOthers(own, manage, deployment, made)
      if (refused.length > 0) {
        return move(call, deployment, 'Failed', { error: deploymentFailed(deployment, refused) })
      }
    }
    const outputResources = made.map((id) => ({ id }))
    return move(call, deployment, 'Succeeded', { outputs, outputResources })
  } catch (reason) {
    const { error } = refusedBy(own, reason)
    return move(call, deployment, 'Failed', { error: outputsFailed(deployment, error) })
  }
}

/** Notes how far it is; one that has failed begins what it is to go back to. */
async function move(
  call: Call,
  deployment: Deployment,
  progress: Deployment['progress'],
  end?: DeploymentEnd,
): Promise<boolean> {
  const moved = await transaction(call, async (tx) => {
    if (!(await moveDeployment(tx, deployment, progress, end))) return false
    const earlier = progress === 'Failed' ? await rollBack(tx, deployment) : undefined
    if (earlier) await noteRollback(tx, deployment.id, earlier.name)
    return true
  })
  if (moved && end) {
    call.log.info('deployment ended', { deployment: deployment.id.text, progress })
  }
  return moved
}

function deploymentFailed({ id }: Deployment, details: readonly ErrorDocument[]): ErrorDocument {
  return {
    code: 'DeploymentFailed',
    target: id.text,
    message:
      'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
    details,
  }
}

function outputsFailed(deployment: Deployment, error: ErrorDocument): ErrorDocument {
  return deploymentFailed(deployment, [
    {
      code: 'DeploymentOutputEvaluationFailed',
      message:
        'Unable to evaluate template outputs. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.',
      details: [error],
    },
  ])
}

async function bounded<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += MOST_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + MOST_AT_ONCE).map(work))))
  }
  return results
}
