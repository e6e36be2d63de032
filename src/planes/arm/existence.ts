/**
 * What must be there before a resource can be: its subscription, its group, its parent.
 */
import { Failure } from '../../base/failure.ts'
import { isManagementGroup, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { type Resource, resourceExists } from '../../core/resources/resource.ts'

/** @throws Failure missing, naming the outermost scope that is not there */
export async function requireScope(call: Call, scope: ResourceId): Promise<void> {
  if (await resourceExists(call, scope)) return
  if (scope.parent) await requireScope(call, scope.parent)
  throw missingScope(scope)
}

/** The 404 of a scope, in the words for its kind. */
export function missingScope(id: ResourceId): Failure {
  if (id.type === 'Microsoft.Resources/subscriptions') {
    return new Failure(
      'missing',
      'SubscriptionNotFound',
      `The subscription '${id.name}' could not be found.`,
    )
  }
  if (id.type === 'Microsoft.Resources/resourceGroups') {
    return new Failure(
      'missing',
      'ResourceGroupNotFound',
      `Resource group '${id.name}' could not be found.`,
    )
  }
  if (isManagementGroup(id)) {
    return new Failure(
      'missing',
      'ManagementGroupNotFound',
      `The management group '${id.name}' cannot be found.`,
    )
  }
  const slash = id.type.indexOf('/')
  const path = id.type
    .slice(slash + 1)
    .split('/')
    .map((part, at) => `${part}/${id.names[at]}`)
  return new Failure(
    'missing',
    'ResourceNotFound',
    `The Resource '${id.type.slice(0, slash)}/${path.join('/')}' under resource group ` +
      `'${id.resourceGroup ?? '<null>'}' was not found. For more details please go to ` +
      'https://aka.ms/ARMResourceNotFoundFix',
  )
}

/**
 * Holds If-Match and If-None-Match against the resource's version.
 * @throws Failure stale `PreconditionFailed`
 */
export function checkPreconditions(
  headers: {
    readonly 'if-match'?: string | undefined
    readonly 'if-none-match'?: string | undefined
  },
  before: Resource | undefined,
): void {
  // Clients send the headers empty where they have no condition.
  const match = headers['if-match'] || undefined
  const noneMatch = headers['if-none-match'] || undefined
  const fits = (tags: string) =>
    before !== undefined &&
    tags.split(',').some((tag) => ['*', etagOf(before)].includes(tag.trim().replace(/^W\//, '')))
  if ((match !== undefined && !fits(match)) || (noneMatch !== undefined && fits(noneMatch))) {
    throw new Failure(
      'stale',
      'PreconditionFailed',
      'The condition in the If-Match or If-None-Match header does not hold for the resource.',
    )
  }
}

export function etagOf(resource: Resource): string {
  return `"${resource.version}"`
}
