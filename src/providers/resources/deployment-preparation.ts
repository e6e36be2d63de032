/** From what is asked of a deployment to its plan: place, parameters with their secrets, resources. */
import { randomUUID } from 'node:crypto'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Content } from '../../core/deployments/deployment.ts'
import type { Environment } from '../../core/templates/environment.ts'
import { ExpressionError } from '../../core/templates/invalid.ts'
import { settleParameters } from '../../core/templates/parameters.ts'
import { type Plan, planDeployment } from '../../core/templates/plan.ts'
import { readTemplate } from '../../core/templates/template.ts'
import { openEnvironment } from '../../core/templates/variables.ts'
import type { Lent } from '../provider.ts'
import type { DeploymentAsked } from './deployment-body.ts'
import { type GroupsToCome, placeOf } from './deployment-place.ts'
import { withSecrets } from './deployment-secrets.ts'

export interface Prepared {
  readonly id: ResourceId
  readonly asked: DeploymentAsked
  readonly content: Content
  readonly plan: Plan
}

/** @throws Failure invalid `InvalidTemplate`, `KeyVaultParameterReference…`; missing for its scope */
export async function prepare(
  call: Call,
  lent: Lent,
  id: ResourceId,
  asked: DeploymentAsked,
  toCome: GroupsToCome = new Map(),
): Promise<Prepared> {
  const place = await placeOf(call, id, asked, toCome)
  const template = readTemplate(asked.template)
  const environment: Environment = {
    ...openEnvironment(template, place, []),
    fresh: { now: call.now, newGuid: randomUUID },
    variable(name) {
      throw new ExpressionError(`The template variable '${name}' is not found`)
    },
  }
  const { given, references } = await withSecrets(call, lent, asked.parameters)
  const parameters = settleParameters(template, given, environment).map((parameter) => {
    const reference = references.get(parameter.name.toLowerCase())
    return reference ? { ...parameter, reference } : parameter
  })
  const plan = planDeployment(template, parameters, place)
  return { id, asked, content: { template: asked.template, parameters, place }, plan }
}
