/**
 * `{scope}/providers/Microsoft.Resources/deployments/{name}`: templates put to work, at a group, a
 * subscription, a management group or the tenant.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import {
  beginDeployment,
  contentOf,
  type Deployment,
  deploymentsAt,
  findDeployment,
  isUnderWay,
  moveDeployment,
  planOf,
  removeDeployment,
  shownParameters,
} from '../../core/deployments/deployment.ts'
import { masked } from '../../core/templates/parameters.ts'
import { templateHash } from '../../core/templates/plan.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType, Query } from '../provider.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'
import { type DeploymentAsked, readDeployment } from './deployment-body.ts'
import { dependenciesOf, deploymentDocument, providersOf } from './deployment-documents.ts'
import { prepare } from './deployment-preflight.ts'
import { whatIf } from './what-if.ts'

/** On every answer of a deployment under way: clients wait 30 s between polls unless told. */
export const RETRY_SOON: Readonly<Record<string, string>> = { 'retry-after': '1' }

export const deploymentType: DerivedType = {
  kind: 'derived',
  body: 'template',
  name: 'Microsoft.Resources/deployments',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    return { status: 200, body: deploymentDocument(call, await required(call, id)) }
  },
  async list(call, scope, query) {
    const all = await deploymentsAt(call, scope)
    const state = /provisioningState eq '(\w+)'/i.exec(query.$filter ?? '')?.[1]?.toLowerCase()
    const value = all
      .filter(({ progress }) => state === undefined || progress.toLowerCase() === state)
      .slice(0, Number(query.$top) > 0 ? Number(query.$top) : undefined)
      .map((deployment) => deploymentDocument(call, deployment))
    return { status: 200, body: { value } }
  },
  put,
  async remove(tx, id) {
    const deployment = await findDeployment(tx, id)
    if (deployment && isUnderWay(deployment)) throw active(deployment, 'delete')
    await removeDeployment(tx, id)
    return { status: 204 }
  },
  actions: {
    async validate(tx, id, body) {
      checkName(id)
      const asked = readDeployment(id, body)
      const { content, plan } = await prepare(tx, id, asked)
      return {
        status: 200,
        body: {
          id: id.text,
          name: id.name,
          type: 'Microsoft.Resources/deployments',
          ...(asked.location !== undefined && { location: asked.location }),
          properties: {
            templateHash: templateHash(asked.template),
            parameters: shownParameters(content.parameters),
            mode: asked.mode,
            provisioningState: 'Succeeded',
            duration: 'PT0S',
            correlationId: tx.id,
            providers: providersOf(plan.resources),
            dependencies: dependenciesOf(plan.resources),
            validatedResources: plan.resources
              .filter(({ deployed }) => deployed)
              .map(({ id: resource }) => ({ id: resource })),
          },
        },
      }
    },
    async whatIf(tx, id, body) {
      checkName(id)
      const asked = readDeployment(id, body)
      const { content } = await prepare(tx, id, asked)
      // What is shown of bodies must not show what secure parameters put into them.
      const plan = planOf({ ...content, parameters: content.parameters.map(masked) })
      const changes = await whatIf(tx, id, asked.mode, plan)
      return { status: 200, body: { status: 'Succeeded', properties: { changes } } }
    },
    async cancel(tx, id) {
      const deployment = await required(tx, id)
      if (!(await moveDeployment(tx, deployment, 'Canceled'))) {
        throw new Failure(
          'conflict',
          'DeploymentCannotBeCancelled',
          `The deployment '${id.name}' cannot be cancelled because its provisioning state is '${deployment.progress}'.`,
        )
      }
      return { status: 204 }
    },
    async exportTemplate(tx, id) {
      const { template } = contentOf(tx, await required(tx, id))
      return { status: 200, body: { template } }
    },
  },
}

async function put(tx: Transaction, id: ResourceId, body: unknown, query: Query): Promise<Answer> {
  checkName(id)
  const asked = readDeployment(id, body)
  const before = await findDeployment(tx, id)
  if (before) refuseChange(before, asked)
  const { content, plan } = await prepare(tx, id, asked)
  const deployment = await beginDeployment(tx, {
    id,
    location: asked.location,
    tags: asked.tags,
    content,
    deployer: deployerOf(tx),
    facts: {
      mode: asked.mode,
      correlationId: tx.id,
      templateHash: templateHash(asked.template),
      parameters: shownParameters(content.parameters),
      providers: providersOf(plan.resources),
      dependencies: dependenciesOf(plan.resources),
    },
  })
  return {
    status: before ? 200 : 201,
    headers: {
      'azure-asyncoperation': statusUrl(tx, deployment, query),
      ...RETRY_SOON,
    },
    body: deploymentDocument(tx, deployment),
  }
}

const NAME = /^[-\w._()]{1,64}$/

function checkName({ name }: ResourceId): void {
  if (NAME.test(name)) return
  throw new Failure(
    'invalid',
    'InvalidDeploymentName',
    `The provided deployment name '${name}' has these invalid characters or is longer than 64: only letters, digits, '-', '_', '.', '(' and ')' are allowed.`,
  )
}

function refuseChange(before: Deployment, { location }: DeploymentAsked): void {
  if (isUnderWay(before)) throw active(before, 'edit or replace')
  const was = before.resource.location
  if (was !== location) {
    throw new Failure(
      'conflict',
      'InvalidDeploymentLocation',
      `Invalid deployment location '${location}'. The deployment '${before.id.name}' already exists in location '${was}'.`,
    )
  }
}

function active({ id, startedAt }: Deployment, verb: string): Failure {
  const since = new Date(startedAt).toISOString()
  return new Failure(
    'conflict',
    'DeploymentActive',
    `Unable to ${verb} deployment '${id.name}': previous deployment from '${since}' is still active. Please see https://aka.ms/arm-deploy for usage details.`,
  )
}

function statusUrl(call: Call, { id, startedAt }: Deployment, query: Query): string {
  const origin = call.names.origin('management')
  const version = encodeURIComponent(query['api-version'] ?? '')
  return `${origin}${id.text}/operationStatuses/${operationNumber(startedAt)}?api-version=${version}`
}

/** Nineteen digits, of when the deployment began. */
export function operationNumber(startedAt: number): string {
  return `0858${String(startedAt).padStart(15, '0')}`
}

function deployerOf({ caller }: Call) {
  if (caller.kind === 'principal') return caller
  throw new Failure('forbidden', 'AuthorizationFailed', 'Only a principal can deploy a template.')
}

export async function required(call: Call, id: ResourceId): Promise<Deployment> {
  const deployment = await findDeployment(call, id)
  if (deployment) return deployment
  throw new Failure('missing', 'DeploymentNotFound', `Deployment '${id.name}' could not be found.`)
}
