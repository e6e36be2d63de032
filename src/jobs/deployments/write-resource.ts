/** One operation of a deployment: a resource written, and its own end waited for. */
import { after, SECOND_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import type { Deployment, ErrorDocument } from '../../core/deployments/deployment.ts'
import { withFacts } from '../../core/deployments/facts.ts'
import type { Manage } from '../../core/deployments/managed.ts'
import {
  type DeploymentOperation,
  type OperationFacts,
  putOperation,
} from '../../core/deployments/operations.ts'
import type { Plan, PlannedResource } from '../../core/templates/plan.ts'
import { isObject, type Json, withoutNulls } from '../../core/templates/value.ts'
import { transaction } from '../../core/transaction.ts'
import { asDeployer, refusedBy, stateOf } from './manage.ts'

/** A principal just made may not be known everywhere: its assignment is tried so often, so far apart. */
const MOST_ATTEMPTS = 5
const RETRY_AFTER_MS = 5 * SECOND_MS

/** @returns what came of it; nothing when the deployment has ended or gone meanwhile */
export async function writeResource(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  plan: Plan,
  resource: PlannedResource,
  before: DeploymentOperation | undefined,
): Promise<DeploymentOperation['progress'] | undefined> {
  const attempts = (before?.attempts ?? 0) + 1
  const facts = await attempt(call, manage, deployment, plan, resource, attempts)
  const isNoted = await transaction(call, (tx) => putOperation(tx, deployment, facts))
  return isNoted ? facts.progress : undefined
}

async function attempt(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  plan: Plan,
  resource: PlannedResource,
  attempts: number,
): Promise<OperationFacts> {
  const common = {
    kind: 'Create',
    target: targetOf(resource),
    attempts,
    retryAt: undefined,
    error: undefined,
  } as const
  const own = asDeployer(call, deployment)
  try {
    const body = await withFacts(own, manage, (facts) => plan.body(resource, facts))
    const reply = await put(own, manage, resource, withoutNulls(body))
    const progress = stateOf(reply.body)
    if (progress === 'Failed') return { ...common, ...failedEnd(reply.body) }
    return { ...common, progress, statusCode: reply.status === 201 ? 'Created' : 'OK' }
  } catch (reason) {
    const refused = refusedBy(own, reason)
    if (mayComeRight(reason) && attempts < MOST_ATTEMPTS) {
      const retryAt = after(call.now, RETRY_AFTER_MS)
      return { ...common, ...refused, progress: 'Waiting', retryAt }
    }
    return { ...common, ...refused, progress: 'Failed' }
  }
}

async function put(call: Call, manage: Manage, resource: PlannedResource, body: Json) {
  const asked = { path: resource.id, query: { 'api-version': resource.apiVersion } }
  try {
    return await manage(call, { method: 'PUT', ...asked, body })
  } catch (reason) {
    // A nested deployment that was begun just before an end of the daemon goes on by itself.
    if (!(reason instanceof Failure) || reason.code !== 'DeploymentActive') throw reason
    const reply = await manage(call, { method: 'GET', ...asked })
    const properties = isObject(reply.body) ? reply.body.properties : undefined
    if (!isObject(properties) || properties.correlationId !== call.id) throw reason
    return reply
  }
}

function mayComeRight(reason: unknown): boolean {
  return reason instanceof Failure && reason.code === 'PrincipalNotFound'
}

/** Looks whether a resource that was still being made has come to its end. */
export async function awaitResource(
  call: Call,
  manage: Manage,
  deployment: Deployment,
  operation: DeploymentOperation,
): Promise<boolean> {
  const { name: _, startedAt: __, changedAt: ___, ...facts } = operation
  const ended = await endOf(asDeployer(call, deployment), manage, facts)
  if (!ended) return false
  return transaction(call, (tx) => putOperation(tx, deployment, ended))
}

async function endOf(
  call: Call,
  manage: Manage,
  facts: OperationFacts,
): Promise<OperationFacts | undefined> {
  const { id, apiVersion } = facts.target
  try {
    const reply = await manage(call, {
      method: 'GET',
      path: id,
      query: { 'api-version': apiVersion },
    })
    const progress = stateOf(reply.body)
    if (progress === 'Running') return undefined
    if (progress === 'Failed') return { ...facts, ...failedEnd(reply.body) }
    return { ...facts, progress, statusCode: 'OK' }
  } catch (reason) {
    return { ...facts, ...refusedBy(call, reason), progress: 'Failed' }
  }
}

function failedEnd(document: unknown): Pick<OperationFacts, 'progress' | 'statusCode' | 'error'> {
  const properties = isObject(document) ? document.properties : undefined
  const inner = isObject(properties) && isObject(properties.error) ? properties.error : undefined
  return {
    progress: 'Failed',
    statusCode: 'Conflict',
    error: {
      code: 'ResourceDeploymentFailure',
      message:
        "The resource write operation failed to complete successfully, because it reached terminal provisioning state 'Failed'.",
      ...(inner && { details: [inner as unknown as ErrorDocument] }),
    },
  }
}

function targetOf({ id, resourceId, apiVersion }: PlannedResource): OperationFacts['target'] {
  return { id, type: resourceId.type, apiVersion }
}
