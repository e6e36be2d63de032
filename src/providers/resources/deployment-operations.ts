/** What lies below a deployment: its operations, and the status that clients poll. */
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { isUnderWay } from '../../core/deployments/deployment.ts'
import { operationsOf } from '../../core/deployments/operations.ts'
import type { DerivedType } from '../provider.ts'
import { RETRY_SOON } from '../retry-soon.ts'
import { RESOURCES_API_VERSIONS } from './api-versions.ts'
import { operationDocument, statusDocument } from './deployment-documents.ts'
import { operationNumber, required } from './deployments.ts'

export const deploymentOperations: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Resources/deployments/operations',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'extension',
  async list(call, at) {
    const { id } = await required(call, at)
    const operations = await operationsOf(call, id)
    const value = [...operations.values()].map((operation) => operationDocument(id, operation))
    return { status: 200, body: { value } }
  },
  async get(call, id) {
    const deployment = await required(call, parentOf(id))
    const operations = await operationsOf(call, deployment.id)
    const found = [...operations.values()].find(
      ({ name }) => name.toLowerCase() === id.name.toLowerCase(),
    )
    if (found) return { status: 200, body: operationDocument(deployment.id, found) }
    throw new Failure(
      'missing',
      'DeploymentOperationNotFound',
      `The deployment operation '${id.name}' could not be found.`,
    )
  },
}

export const deploymentStatuses: DerivedType = {
  kind: 'derived',
  name: 'Microsoft.Resources/deployments/operationStatuses',
  apiVersions: RESOURCES_API_VERSIONS,
  place: 'extension',
  async get(call, id) {
    const deployment = await required(call, parentOf(id))
    if (operationNumber(deployment.startedAt) !== id.name) {
      throw new Failure('missing', 'NotFound', `The operation '${id.name}' was not found.`)
    }
    const headers = isUnderWay(deployment) ? RETRY_SOON : {}
    return { status: 200, headers, body: statusDocument(deployment) }
  },
}

function parentOf({ parent, text }: ResourceId): ResourceId {
  return parent ?? parseResourceId(text)
}
