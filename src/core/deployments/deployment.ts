/**
 * Deployments: a template at work, kept as a resource with one child for each of its operations.
 *
 * The room reads and writes those rows; what a template means is `templates`, the rows themselves
 * are `resources`, and who carries a deployment out is a job. Template and parameter values rest
 * sealed, because secure parameters are among them.
 */
import type { Instant } from '../../base/clock.ts'
import type { Failure } from '../../base/failure.ts'
import { azureNames, localNames, type Names } from '../../base/names.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId, type PrincipalCaller } from '../call.ts'
import { listResources, resourcesBelow, resourcesInState } from '../resources/lists.ts'
import { findResource, putResource, type Resource, removeResource } from '../resources/resource.ts'
import type { Place } from '../templates/environment.ts'
import { isSecret, type Parameter } from '../templates/parameters.ts'
import { type Plan, planDeployment } from '../templates/plan.ts'
import { readTemplate, type Template } from '../templates/template.ts'
import type { Json, JsonObject } from '../templates/value.ts'
import type { Transaction } from '../transaction.ts'

export const DEPLOYMENT_TYPE = 'microsoft.resources/deployments'

export type Mode = 'Incremental' | 'Complete'
export const ON_ERROR_TYPES = ['LastSuccessful', 'SpecificDeployment'] as const

/** What is deployed again when a deployment fails. */
export interface OnError {
  readonly type: (typeof ON_ERROR_TYPES)[number]
  readonly deploymentName: string | undefined
}

/** `Accepted` and `Running` are under way; the others are ends. */
export type Progress = 'Accepted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled'
const HTTPS_PORT = 443
const UNDER_WAY: readonly Progress[] = ['Accepted', 'Running']

/** What was asked for, whole: never shown. */
export interface Content {
  readonly template: Json
  readonly parameters: readonly Parameter[]
  readonly place: Place
}

/** What answers show of a deployment beside its place and its end. */
export interface DeploymentFacts {
  readonly mode: Mode
  readonly correlationId: string
  readonly templateHash: string
  readonly parameters: JsonObject
  /** `{ id, contentVersion }` of the template spec's version that is deployed. */
  readonly templateLink?: JsonObject
  readonly onError?: OnError
  readonly providers: Json
  readonly dependencies: Json
}

export interface DeploymentEnd {
  readonly outputs?: JsonObject
  readonly outputResources?: readonly { readonly id: string }[]
  readonly error?: ErrorDocument
  /** The name of the deployment that was begun again after this one had failed. */
  readonly rolledBackTo?: string
}

/** As answers show it; a nested deployment's error is a detail of the outer one's. */
export interface ErrorDocument {
  readonly code: string
  readonly message: string
  readonly target?: string
  readonly details?: readonly ErrorDocument[]
}

/** A failure as an error inside an answer. */
export function errorDocumentOf({ code, message, target, details }: Failure): ErrorDocument {
  return {
    code,
    message,
    ...(target !== undefined && { target }),
    ...(details.length > 0 && { details: details.map(errorDocumentOf) }),
  }
}

export interface Deployment {
  readonly resource: Resource
  readonly id: ResourceId
  readonly progress: Progress
  readonly facts: DeploymentFacts
  readonly end: DeploymentEnd
  /** Who deploys: every resource is written in this name. */
  readonly deployer: PrincipalCaller
  /** By which names the deployer reaches us: outputs have URLs in them. */
  readonly names: Names
  readonly startedAt: Instant
}

export async function findDeployment(call: Call, id: ResourceId): Promise<Deployment | undefined> {
  const resource = await findResource(call, id)
  return resource && deploymentOf(resource)
}

/** Every deployment under way, in the order of their keys. */
export async function deploymentsUnderWay(call: Call): Promise<Deployment[]> {
  return (await resourcesInState(call, DEPLOYMENT_TYPE, UNDER_WAY)).map(deploymentOf)
}

/** Those of one scope, in the order of their keys. */
export async function deploymentsAt(call: Call, scope: ResourceId): Promise<Deployment[]> {
  const all: Deployment[] = []
  let after: string | undefined
  do {
    const asked = { types: [DEPLOYMENT_TYPE], parentKey: scope.key, after }
    const page = await listResources(call, asked)
    all.push(...page.items.map(deploymentOf))
    after = page.next
  } while (after !== undefined)
  return all
}

export function isUnderWay({ progress }: Deployment): boolean {
  return UNDER_WAY.includes(progress)
}

export interface Begun {
  readonly id: ResourceId
  readonly location: string | undefined
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly facts: DeploymentFacts
  readonly content: Content
  readonly deployer: PrincipalCaller
}

/** Begins a deployment, in the place of an ended one of the same name, and wakes the job. */
export async function beginDeployment(tx: Transaction, begun: Begun): Promise<Deployment> {
  const { id } = begun
  const before = await findResource(tx, id)
  if (before) await removeOperations(tx, id)
  const sealed = tx.seal.close(Buffer.from(JSON.stringify(begun.content)), contextOf(id))
  const resource: Resource = {
    id: before?.id ?? id,
    type: DEPLOYMENT_TYPE,
    location: begun.location,
    kind: undefined,
    tags: begun.tags,
    sku: undefined,
    envelope: {},
    properties: { facts: begun.facts, end: {} },
    state: {
      content: Buffer.from(sealed).toString('base64'),
      deployer: begun.deployer,
      management: tx.names.origin('management'),
      startedAt: tx.now,
    },
    provisioningState: 'Accepted',
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? tx.now,
    createdBy: before ? before.createdBy : callerObjectId(tx),
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
  await putResource(tx, resource)
  tx.wake('deployments')
  return deploymentOf(resource)
}

/**
 * Notes how far a deployment is, unless it has ended or gone meanwhile.
 * @returns whether it was noted
 */
export async function moveDeployment(
  tx: Transaction,
  { id, startedAt }: Deployment,
  progress: Progress,
  end: DeploymentEnd = {},
): Promise<boolean> {
  const now = await findDeployment(tx, id)
  if (!now || !isUnderWay(now) || now.startedAt !== startedAt) return false
  const { resource } = now
  await putResource(tx, {
    ...resource,
    properties: { ...resource.properties, end },
    provisioningState: progress,
    version: resource.version + 1,
    changedAt: tx.now,
  })
  // A deployment around this one may be waiting for it.
  tx.wake('deployments')
  return true
}

/** Notes what was begun again after the deployment had failed. */
export async function noteRollback(
  tx: Transaction,
  id: ResourceId,
  rolledBackTo: string,
): Promise<void> {
  const resource = await findResource(tx, id)
  if (!resource) return
  const { end } = deploymentOf(resource)
  const properties = { ...resource.properties, end: { ...end, rolledBackTo } }
  await putResource(tx, { ...resource, properties })
}

export async function removeDeployment(tx: Transaction, id: ResourceId): Promise<void> {
  await removeOperations(tx, id)
  await removeResource(tx, id)
}

async function removeOperations(tx: Transaction, id: ResourceId): Promise<void> {
  for (const below of await resourcesBelow(tx, id)) await removeResource(tx, below.id)
}

/** What was asked for. @throws Error when the instance's key is not the one that sealed it */
export function contentOf(call: Call, { id, resource }: Deployment): Content {
  const sealed = Buffer.from(String(resource.state.content), 'base64')
  return JSON.parse(call.seal.open(sealed, contextOf(id)).toString('utf8'))
}

function templateOf({ template }: Content): Template {
  return readTemplate(template)
}

export function planOf(content: Content): Plan {
  return planDeployment(templateOf(content), content.parameters, content.place)
}

/** Parameters as answers show them: of secure ones only that there is one. */
export function shownParameters(parameters: readonly Parameter[]): JsonObject {
  const shown = (parameter: Parameter): JsonObject => {
    const { type, value, reference } = parameter
    if (!isSecret(parameter)) return { type, value }
    return { type, ...(reference && { reference }) }
  }
  return Object.fromEntries(parameters.map((one) => [one.name, shown(one)]))
}

function contextOf(id: ResourceId): string {
  return `deployment:${id.key}`
}

function deploymentOf(resource: Resource): Deployment {
  const { facts, end } = resource.properties as unknown as {
    facts: DeploymentFacts
    end: DeploymentEnd
  }
  const { deployer, startedAt } = resource.state as unknown as Pick<
    Deployment,
    'deployer' | 'startedAt'
  >
  return {
    resource,
    id: resource.id,
    progress: resource.provisioningState as Progress,
    facts,
    end,
    deployer,
    names: namesAt(String(resource.state.management)),
    startedAt,
  }
}

/** The names of which this is Resource Manager's origin. */
function namesAt(management: string): Names {
  if (management === azureNames.origin('management')) return azureNames
  const { hostname, port } = new URL(management)
  return localNames(hostname.replace(/^[^.]+\./, ''), Number(port || HTTPS_PORT))
}
