/**
 * `{scope}/providers/Microsoft.Resources/deployments/{name}`: templates put to work, at a group, a
 * subscription, a management group or the tenant.
 */
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId, TENANT } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import {
  beginDeployment,
  contentOf,
  type Deployment,
  deploymentsAt,
  errorDocumentOf,
  findDeployment,
  isUnderWay,
  moveDeployment,
  removeDeployment,
  shownParameters,
} from '../../core/deployments/deployment.ts'
import { makeRoom } from '../../core/deployments/history.ts'
import { findEarlier } from '../../core/deployments/rollback.ts'
import { templateHash } from '../../core/templates/plan.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType, Lent, Query } from '../provider.ts'
import { RETRY_SOON } from '../retry-soon.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'
import { type DeploymentAsked, invalidDeployment, readDeployment } from './deployment-body.ts'
import {
  dependenciesOf,
  deploymentDocument,
  providersOf,
  validationDocument,
} from './deployment-documents.ts'
import { preflight } from './deployment-preflight.ts'
import { whatIf, withIdsOnly } from './what-if.ts'

export const deploymentType: DerivedType = {
  kind: 'derived',
  body: 'template',
  name: 'Microsoft.Resources/deployments',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'group',
  async get(call, id) {
    const deployment = await required(call, id)
    const { rolledBackTo } = deployment.end
    const earlier =
      rolledBackTo === undefined ? undefined : await besides(call, deployment, rolledBackTo)
    return { status: 200, body: deploymentDocument(call, deployment, earlier) }
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
  rehearsed: new Set(['whatIf']),
  // What is wrong with a template is what was asked; what is wrong with the question is refused.
  found(action, failure) {
    const isOfTemplate = /^(InvalidTemplate|KeyVaultParameterReference)/.test(failure.code)
    if (action !== 'whatIf' || !isOfTemplate) return undefined
    return { status: 200, body: { status: 'Failed', error: errorDocumentOf(failure) } }
  },
  actions: {
    async validate(tx, id, body, lent) {
      checkName(id)
      const asked = await readDeployment(tx, lent, id, body)
      await requireEarlier(tx, id, asked.onError)
      const checked = await preflight(tx, lent, id, asked)
      return { status: 200, body: validationDocument(tx, checked) }
    },
    async whatIf(tx, id, body, lent) {
      checkName(id)
      const asked = await readDeployment(tx, lent, id, body)
      const checked = await preflight(tx, lent, id, asked)
      const seen = await whatIf(tx, lent, checked)
      const properties = checked.asked.resultFormat === 'ResourceIdOnly' ? withIdsOnly(seen) : seen
      return { status: 200, body: { status: 'Succeeded', properties } }
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

async function put(
  tx: Transaction,
  id: ResourceId,
  body: unknown,
  query: Query,
  lent: Lent,
): Promise<Answer> {
  checkName(id)
  const asked = await readDeployment(tx, lent, id, body)
  const before = await findDeployment(tx, id)
  if (before) refuseChange(before, asked)
  else await makeRoom(tx, id.parent ?? TENANT, id.name)
  await requireEarlier(tx, id, asked.onError)
  const { content, plan } = await preflight(tx, lent, id, asked)
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
      ...(asked.templateLink && { templateLink: asked.templateLink }),
      ...(asked.onError && { onError: asked.onError }),
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

/** Another deployment at the same scope. */
function besides(call: Call, { id }: Deployment, name: string): Promise<Deployment | undefined> {
  return findDeployment(call, parseResourceId(id.text.replace(/[^/]+$/, name)))
}

/** @throws Failure when there is nothing to go back to */
async function requireEarlier(
  call: Call,
  id: ResourceId,
  onError: DeploymentAsked['onError'],
): Promise<void> {
  if (!onError || (await findEarlier(call, id, onError))) return
  const { deploymentName } = onError
  throw deploymentName === undefined
    ? invalidDeployment('There is no earlier deployment that succeeded to go back to on an error.')
    : new Failure(
        'missing',
        'DeploymentNotFound',
        `Deployment '${deploymentName}' could not be found, or has not succeeded: it cannot be gone back to on an error.`,
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
