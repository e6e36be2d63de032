/** Before anything is deployed: what the template says, and whether the caller may do all of it. */
import { randomUUID } from 'node:crypto'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Content } from '../../core/deployments/deployment.ts'
import { isAllowed } from '../../core/rbac/check.ts'
import type { Environment } from '../../core/templates/environment.ts'
import { ExpressionError } from '../../core/templates/invalid.ts'
import { settleParameters } from '../../core/templates/parameters.ts'
import { type Plan, planDeployment } from '../../core/templates/plan.ts'
import { readTemplate } from '../../core/templates/template.ts'
import { openEnvironment } from '../../core/templates/variables.ts'
import type { DeploymentAsked } from './deployment-body.ts'
import { placeOf } from './deployment-place.ts'

export interface Prepared {
  readonly content: Content
  readonly plan: Plan
}

/** @throws Failure invalid `InvalidTemplate`; forbidden `InvalidTemplateDeployment` */
export async function prepare(
  call: Call,
  id: ResourceId,
  asked: DeploymentAsked,
): Promise<Prepared> {
  const place = await placeOf(call, id, asked)
  const template = readTemplate(asked.template)
  const environment: Environment = {
    ...openEnvironment(template, place, []),
    fresh: { now: call.now, newGuid: randomUUID },
    variable(name) {
      throw new ExpressionError(`The template variable '${name}' is not found`)
    },
  }
  const parameters = settleParameters(template, asked.parameters, environment)
  const plan = planDeployment(template, parameters, place)
  await permitAll(call, plan)
  return { content: { template: asked.template, parameters, place }, plan }
}

/** Types whose actions have another name than they have. */
const ACTION_PREFIXES: Readonly<Record<string, string>> = {
  'microsoft.resources/resourcegroups': 'Microsoft.Resources/subscriptions/resourceGroups',
}

/** Every refusal at once, so that one round of granting is enough. */
async function permitAll(call: Call, { resources }: Plan): Promise<void> {
  const { caller } = call
  if (caller.kind !== 'principal') return
  const refusals: string[] = []
  for (const { resourceId, name, deployed } of resources) {
    if (!deployed) continue
    const { type } = resourceId
    const action = `${ACTION_PREFIXES[type.toLowerCase()] ?? type}/write`
    const asked = {
      principalId: caller.objectId,
      action,
      kind: 'action',
      scope: resourceId,
    } as const
    const decision = await isAllowed(call, asked)
    // A condition is held against the whole request, which is not there yet.
    if (decision.allowed || decision.conditionFailed) continue
    refusals.push(
      `Authorization failed for template resource '${name}' of type '${type}'. The client '${caller.label}' with object id '${caller.objectId}' does not have permission to perform action '${action}' at scope '${resourceId.text}'.`,
    )
  }
  if (refusals.length === 0) return
  throw new Failure(
    'forbidden',
    'InvalidTemplateDeployment',
    `Deployment failed with multiple errors: '${refusals.join(':')}'`,
  )
}
