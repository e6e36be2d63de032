/** The operations of a deployment: one for each resource it writes, and what came of it. */
import { createHash } from 'node:crypto'
import type { Instant } from '../../base/clock.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../call.ts'
import { listResources } from '../resources/lists.ts'
import { findResource, putResource, type Resource } from '../resources/resource.ts'
import type { Transaction } from '../transaction.ts'
import { type Deployment, type ErrorDocument, findDeployment, isUnderWay } from './deployment.ts'

const OPERATION_TYPE = 'microsoft.resources/deployments/operations'

export interface DeploymentOperation {
  /** Sixteen hexadecimal digits, the same for the same target. */
  readonly name: string
  readonly kind: 'Create' | 'Read' | 'Delete' | 'EvaluateDeploymentOutput'
  readonly target: { readonly id: string; readonly type: string; readonly apiVersion: string }
  /** `Running` until the resource has reached an end of its own. */
  readonly progress: 'Running' | 'Waiting' | 'Succeeded' | 'Failed'
  /** `OK`, `Created`, `BadRequest`, … */
  readonly statusCode: string
  readonly error: ErrorDocument | undefined
  /** How often it was tried; waits until `retryAt` for the next time. */
  readonly attempts: number
  readonly retryAt: Instant | undefined
  readonly startedAt: Instant
  readonly changedAt: Instant
}

export type OperationFacts = Omit<DeploymentOperation, 'name' | 'startedAt' | 'changedAt'>

/** By the key of their target. */
export async function operationsOf(
  call: Call,
  deployment: ResourceId,
): Promise<Map<string, DeploymentOperation>> {
  const all = new Map<string, DeploymentOperation>()
  let after: string | undefined
  do {
    const page = await listResources(call, {
      types: [OPERATION_TYPE],
      parentKey: deployment.key,
      after,
    })
    for (const resource of page.items) {
      const operation = operationOf(resource)
      all.set(operation.target.id.toLowerCase(), operation)
    }
    after = page.next
  } while (after !== undefined)
  return all
}

/**
 * Notes what came of an operation, unless the deployment has ended or gone meanwhile.
 * @returns whether it was noted
 */
export async function putOperation(
  tx: Transaction,
  deployment: Deployment,
  facts: OperationFacts,
): Promise<boolean> {
  const now = await findDeployment(tx, deployment.id)
  if (!now || !isUnderWay(now) || now.startedAt !== deployment.startedAt) return false
  const id = parseResourceId(`${deployment.id.text}/operations/${nameOf(facts)}`)
  const before = await findResource(tx, id)
  await putResource(tx, {
    id,
    type: OPERATION_TYPE,
    location: undefined,
    kind: undefined,
    tags: undefined,
    sku: undefined,
    envelope: {},
    properties: { ...facts },
    state: {},
    provisioningState: facts.progress,
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? tx.now,
    createdBy: undefined,
    changedAt: tx.now,
    changedBy: undefined,
  })
  return true
}

export function operationOf(resource: Resource): DeploymentOperation {
  const facts = resource.properties as unknown as OperationFacts
  return {
    ...facts,
    name: resource.id.name,
    startedAt: resource.createdAt,
    changedAt: resource.changedAt,
  }
}

function nameOf({ kind, target }: OperationFacts): string {
  const hash = createHash('sha256').update(`${kind} ${target.id.toLowerCase()}`).digest('hex')
  return hash.slice(0, 16).toUpperCase()
}
