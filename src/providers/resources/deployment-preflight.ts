/**
 * Before anything is deployed: what the template and those inside it say, whether everything they
 * name can be deployed here at all, and whether the caller may do all of it.
 */
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { isAllowed } from '../../core/rbac/check.ts'
import { inOrder } from '../../core/templates/dependencies.ts'
import { invalidTemplate } from '../../core/templates/invalid.ts'
import type { PlannedResource } from '../../core/templates/plan.ts'
import { isDeployment } from '../../core/templates/resource-scopes.ts'
import type { JsonObject } from '../../core/templates/value.ts'
import type { Lent } from '../provider.ts'
import { type DeploymentAsked, readDeployment } from './deployment-body.ts'
import { groupToCome } from './deployment-place.ts'
import { type Prepared, prepare } from './deployment-preparation.ts'

/** So many templates inside a template are looked into; the others are when they are deployed. */
const MOST_INSIDE = 500

export interface Checked extends Prepared {
  /** Of this template and of those inside it whose parameters are known by now. */
  readonly resources: readonly PlannedResource[]
}

/** @throws Failure invalid `InvalidTemplate`, invalid or forbidden `InvalidTemplateDeployment` */
export async function preflight(
  call: Call,
  lent: Lent,
  id: ResourceId,
  asked: DeploymentAsked,
): Promise<Checked> {
  const prepared = await prepare(call, lent, id, asked)
  const all = await withInside(call, lent, prepared)
  const resources = all.flatMap(({ plan }) => plan.resources).filter(({ deployed }) => deployed)
  if (asked.validationLevel !== 'Template') {
    requireTypes(call, lent, id, resources)
    if (asked.validationLevel === 'Provider') await permitAll(call, resources)
  }
  return { ...prepared, resources }
}

/** What a walk through templates inside templates has seen. */
interface Walk {
  readonly call: Call
  readonly lent: Lent
  readonly all: Prepared[]
  /** Groups that will have been made, by key. */
  readonly toCome: Map<string, JsonObject>
  /** Whether a template inside was left out, because what it is given is not known yet. */
  hasGaps: boolean
}

/** The deployment and those inside it, to any depth, as far as they can be known before. */
async function withInside(call: Call, lent: Lent, outermost: Prepared): Promise<Prepared[]> {
  const walk: Walk = { call, lent, all: [outermost], toCome: new Map(), hasGaps: false }
  await lookInside(walk, outermost)
  return walk.all
}

async function lookInside(walk: Walk, { plan }: Prepared): Promise<void> {
  for (const resource of inOrder(plan.resources)) {
    const { resourceId, key, deployed } = resource
    const isGroup = resourceId.type === 'Microsoft.Resources/resourceGroups'
    if (!deployed || !(isGroup || isDeployment(resource.type))) continue
    const body = plan.body(resource, () => undefined)
    if (body.kind !== 'known' || walk.all.length > MOST_INSIDE) walk.hasGaps = true
    else if (isGroup) walk.toCome.set(key, groupToCome(resourceId, body.value))
    else await enter(walk, resource, body.value)
  }
}

async function enter(walk: Walk, resource: PlannedResource, body: unknown): Promise<void> {
  const { call, lent, all, toCome } = walk
  const asked = await readInside(call, lent, resource, body)
  try {
    const prepared = await prepare(call, lent, resource.resourceId, asked, toCome)
    all.push(prepared)
    await lookInside(walk, prepared)
  } catch (reason) {
    // Its group may be one that a template which could not be looked into makes.
    const isLate = reason instanceof Failure && reason.code === 'ResourceGroupNotFound'
    if (!isLate || !walk.hasGaps) throw reason
  }
}

/** @throws Failure invalid: only the outermost deployment can be complete */
export async function readInside(
  call: Call,
  lent: Lent,
  { resourceId, name }: PlannedResource,
  body: unknown,
): Promise<DeploymentAsked> {
  const asked = await readDeployment(call, lent, resourceId, body)
  if (asked.mode !== 'Complete') return asked
  throw invalidTemplate(
    `The deployment '${name}' inside the template cannot be of mode 'Complete': only the outermost template can. Please see https://aka.ms/arm-deploy-nested for usage details`,
  )
}

/** What is no type here would fail in the middle of a deployment: it is said before. */
function requireTypes(
  call: Call,
  lent: Lent,
  { name }: ResourceId,
  resources: readonly PlannedResource[],
): void {
  const details: Failure[] = []
  for (const { resourceId, apiVersion } of resources) {
    try {
      lent.requireType(resourceId.type, apiVersion)
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason
      const { fault, code, message } = reason
      details.push(new Failure(fault, code, message, { target: resourceId.text }))
    }
  }
  if (details.length === 0) return
  throw new Failure(
    'invalid',
    'InvalidTemplateDeployment',
    `The template deployment '${name}' is not valid according to the validation procedure. The tracking id is '${call.id}'. See inner errors for details.`,
    { details },
  )
}

/** Types whose actions have another name than they have. */
const ACTION_PREFIXES: Readonly<Record<string, string>> = {
  'microsoft.resources/resourcegroups': 'Microsoft.Resources/subscriptions/resourceGroups',
}

/** Every refusal at once, so that one round of granting is enough. */
async function permitAll(call: Call, resources: readonly PlannedResource[]): Promise<void> {
  const { caller } = call
  if (caller.kind !== 'principal') return
  const refusals: string[] = []
  for (const { resourceId, name } of resources) {
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
