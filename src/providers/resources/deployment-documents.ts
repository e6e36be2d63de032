/** Deployments and their operations as documents of Resource Manager. */
import { type Instant, isoSevenDigits } from '../../base/clock.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Deployment, ErrorDocument } from '../../core/deployments/deployment.ts'
import { isUnderWay, shownParameters } from '../../core/deployments/deployment.ts'
import type { DeploymentOperation } from '../../core/deployments/operations.ts'
import { type PlannedResource, templateHash } from '../../core/templates/plan.ts'
import type { Json } from '../../core/templates/value.ts'
import type { Checked } from './deployment-preflight.ts'

/** @param earlier what was begun again after this one had failed */
export function deploymentDocument(
  call: { now: Instant },
  deployment: Deployment,
  earlier?: Deployment,
): object {
  const { id, resource, progress, facts, end, startedAt } = deployment
  const until = isUnderWay(deployment) ? call.now : resource.changedAt
  return {
    id: id.text,
    name: id.name,
    type: 'Microsoft.Resources/deployments',
    ...(resource.location !== undefined && { location: resource.location }),
    ...(resource.tags && { tags: resource.tags }),
    properties: {
      ...(facts.templateLink && { templateLink: facts.templateLink }),
      templateHash: facts.templateHash,
      parameters: facts.parameters,
      mode: facts.mode,
      provisioningState: progress,
      timestamp: isoSevenDigits(resource.changedAt),
      duration: durationOf(startedAt, until),
      correlationId: facts.correlationId,
      providers: facts.providers,
      dependencies: facts.dependencies,
      ...(facts.onError && { onErrorDeployment: onErrorDocument(deployment, earlier) }),
      ...(end.outputs && { outputs: camelNamed(end.outputs) }),
      ...(end.outputResources && { outputResources: end.outputResources }),
      ...(end.error && { error: end.error }),
    },
  }
}

/** Outputs are shown as `vmName` and `vmss` whatever the template writes, `VMName` or `VMSS`. */
function camelNamed(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = Object.entries(outputs).map(([name, output]) => {
    const capitals = /^(?:[A-Z]+$|[A-Z](?![A-Z])|[A-Z]+(?=[A-Z]))/.exec(name)?.[0] ?? ''
    return [capitals.toLowerCase() + name.slice(capitals.length), output]
  })
  return Object.fromEntries(named)
}

function onErrorDocument({ facts, end }: Deployment, earlier: Deployment | undefined): object {
  const name = end.rolledBackTo ?? facts.onError?.deploymentName
  return {
    type: facts.onError?.type,
    ...(name !== undefined && { deploymentName: name }),
    ...(earlier && { provisioningState: earlier.progress }),
  }
}

/** What came of a validation: the deployment as it would begin. */
export function validationDocument(call: { id: string }, checked: Checked): object {
  const { id, asked, content, plan, resources } = checked
  return {
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
      correlationId: call.id,
      providers: providersOf(plan.resources),
      dependencies: dependenciesOf(plan.resources),
      validatedResources: resources.map((resource) => ({ id: resource.id })),
    },
  }
}

export function operationDocument(deployment: ResourceId, operation: DeploymentOperation): object {
  const { name, kind, target, progress, statusCode, error } = operation
  const names = target.id.split('/').slice(-1)
  return {
    id: `${deployment.text}/operations/${name}`,
    operationId: name,
    properties: {
      provisioningOperation: kind,
      provisioningState: progress === 'Waiting' ? 'Running' : progress,
      timestamp: isoSevenDigits(operation.changedAt),
      duration: durationOf(operation.startedAt, operation.changedAt),
      trackingId: trackingId(name),
      statusCode,
      ...(error && { statusMessage: { status: 'Failed', error } }),
      targetResource: {
        id: target.id,
        resourceType: target.type,
        resourceName: names[0],
        apiVersion: target.apiVersion,
      },
    },
  }
}

/** What pollers read. */
export function statusDocument({ progress, end }: Deployment): object {
  return { status: progress, ...(end.error && { error: end.error as ErrorDocument }) }
}

/** `PT1.25S`, as Azure writes how long something took. */
function durationOf(from: Instant, until: Instant): string {
  return `PT${Math.max(0, until - from) / 1000}S`
}

/** A GUID of the operation's sixteen digits, the same each time. */
function trackingId(name: string): string {
  const digits = `${name}${name}`.toLowerCase()
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-')
}

/** The namespaces and types a plan writes, with the locations it names. */
export function providersOf(resources: readonly PlannedResource[]): Json {
  const byNamespace = new Map<string, Map<string, Set<string | null>>>()
  for (const { resourceId, source, deployed } of resources) {
    if (!deployed) continue
    const [namespace = '', ...rest] = resourceId.type.split('/')
    const types = byNamespace.get(namespace) ?? new Map<string, Set<string | null>>()
    const type = rest.join('/')
    const { location } = source
    const isPlain = typeof location === 'string' && !location.startsWith('[')
    types.set(type, (types.get(type) ?? new Set()).add(isPlain ? location : null))
    byNamespace.set(namespace, types)
  }
  return [...byNamespace].map(([namespace, types]) => ({
    namespace,
    resourceTypes: [...types].map(([resourceType, locations]) => ({
      resourceType,
      locations: [...locations],
    })),
  }))
}

export function dependenciesOf(resources: readonly PlannedResource[]): Json {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  return resources.flatMap(({ deployed, waitsFor, implied, ...resource }) => {
    if (!deployed || waitsFor.size === 0) return []
    const on = [...waitsFor].flatMap((key) => {
      const other = byKey.get(key)
      const apiVersion = implied.find((one) => one.key === key)?.apiVersion
      return other ? [{ ...linkOf(other), ...(apiVersion !== undefined && { apiVersion }) }] : []
    })
    return [{ dependsOn: on, ...linkOf(resource) }]
  })
}

function linkOf({ id, resourceId, name }: Pick<PlannedResource, 'id' | 'resourceId' | 'name'>) {
  return { id, resourceType: resourceId.type, resourceName: name }
}
