/**
 * A deployment carried out inside a transaction that will be undone: each resource is written after
 * what it waits for, and deployments inside it are opened in their turn. A refusal is kept with its
 * resource, and the rehearsal goes on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { after as later, SECOND_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { mapTexts } from '../../base/json.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { withFacts } from '../../core/deployments/facts.ts'
import type { Manage } from '../../core/deployments/managed.ts'
import { inOrder } from '../../core/templates/dependencies.ts'
import { masked, type Parameter, starsFor } from '../../core/templates/parameters.ts'
import { type Plan, type PlannedResource, planDeployment } from '../../core/templates/plan.ts'
import { isDeployment } from '../../core/templates/resource-scopes.ts'
import { readTemplate } from '../../core/templates/template.ts'
import {
  isArray,
  isEqual,
  isObject,
  type Json,
  type JsonObject,
  member,
  withoutNulls,
} from '../../core/templates/value.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Lent } from '../provider.ts'
import { readInside } from './deployment-preflight.ts'
import { type Prepared, prepare } from './deployment-preparation.ts'

/** Far enough for times that are written in whole seconds to differ. */
const AGAIN_AFTER_MS = 10 * SECOND_MS

export interface Rehearsed {
  readonly resource: PlannedResource
  /** The body as it may be shown: secrets as stars, what is not known as expressions. */
  readonly draft: JsonObject
  /** Why it could not be written, or its body not known. */
  readonly refusal: Failure | undefined
  /** By each text of the body that may not be shown, what is shown in its place. */
  readonly stars: ReadonlyMap<string, string>
  /** Writes it once more, some seconds later. */
  again(): Promise<void>
}

export interface Rehearsal {
  readonly steps: readonly Rehearsed[]
  /** Other groups into which deployments inside this one go. */
  readonly groups: readonly ResourceId[]
}

interface Stage {
  readonly tx: Transaction
  readonly lent: Lent
  readonly steps: Rehearsed[]
  readonly groups: Map<string, ResourceId>
  /** Documents of the deployments inside, for those who refer to them. */
  readonly inside: Map<string, JsonObject>
}

export async function rehearse(
  tx: Transaction,
  lent: Lent,
  prepared: Prepared,
): Promise<Rehearsal> {
  const stage: Stage = { tx, lent, steps: [], groups: new Map(), inside: new Map() }
  await play(stage, prepared, prepared.content.parameters)
  stage.groups.delete(prepared.id.parent?.key ?? '')
  return { steps: stage.steps, groups: [...stage.groups.values()] }
}

async function play(
  stage: Stage,
  { id, plan, content }: Prepared,
  secrets: readonly Parameter[],
): Promise<void> {
  const { parent } = id
  if (parent?.resourceGroup) stage.groups.set(parent.key, parent)
  const open = planDeployment(readTemplate(content.template), secrets.map(masked), content.place)
  const drafts = new Map(open.resources.map((resource) => [resource.key, resource]))
  for (const resource of inOrder(plan.resources)) {
    if (!resource.deployed) continue
    // Whoever only reads need not wait for all of it.
    await nextTurn()
    const draft = draftOf(open, drafts.get(resource.key) ?? resource)
    if (isDeployment(resource.type)) await playInside(stage, plan, resource, draft)
    else stage.steps.push(await playOne(stage, plan, resource, draft))
  }
}

function draftOf(open: Plan, resource: PlannedResource): JsonObject {
  return withoutNulls(open.draft(resource, () => undefined)) as JsonObject
}

async function playOne(
  stage: Stage,
  plan: Plan,
  resource: PlannedResource,
  draft: JsonObject,
): Promise<Rehearsed> {
  const { tx, lent } = stage
  let body: Json = null
  const write = async (call: Call) => {
    const { id: path, apiVersion } = resource
    const asked = { method: 'PUT', path, query: { 'api-version': apiVersion }, body } as const
    await tx.db.part(() => lent.manage(call, asked))
  }
  const refusal = await refusalOf(async () => {
    body = withoutNulls(await withFacts(tx, managing(stage), (facts) => plan.body(resource, facts)))
    await write(tx)
  })
  const again = () => write({ ...tx, now: later(tx.now, AGAIN_AFTER_MS) })
  return { resource, draft, refusal, stars: starsIn(body, draft), again }
}

/**
 * Texts that the draft has otherwise than the body: secrets, and what was made of them. An expression
 * in the draft is what the running estate was asked for.
 */
function starsIn(body: Json, draft: Json | undefined, found = new Map<string, string>()) {
  if (typeof body === 'string') {
    const isKnown = typeof draft === 'string' && !/^\[(?!\[)/.test(draft)
    if (isKnown && draft !== body) found.set(body, draft)
  } else if (isArray(body)) {
    for (const [at, item] of body.entries()) {
      starsIn(item, isArray(draft) ? draft[at] : undefined, found)
    }
  } else if (isObject(body)) {
    for (const [name, item] of Object.entries(body)) {
      starsIn(item, isObject(draft) ? member(draft, name) : undefined, found)
    }
  }
  return found
}

/** The value as it may be shown: texts of the body that are secret, replaced wherever they ended. */
export function shownWith<Value>(value: Value, stars: ReadonlyMap<string, string>): Value {
  return mapTexts(value, (text) => stars.get(text) ?? text)
}

async function playInside(
  stage: Stage,
  plan: Plan,
  resource: PlannedResource,
  draft: JsonObject,
): Promise<void> {
  const { tx, lent } = stage
  const refusal = await refusalOf(async () => {
    const manage = managing(stage)
    const body = await withFacts(tx, manage, (facts) => plan.body(resource, facts))
    const asked = await readInside(tx, lent, resource, body)
    const prepared = await prepare(tx, lent, resource.resourceId, asked)
    await play(stage, prepared, prepared.content.parameters.map(keptFrom(body, draft)))
    const outputs = await withFacts(tx, manage, prepared.plan.outputs)
    stage.inside.set(resource.key, {
      id: resource.id,
      name: resource.resourceId.name,
      type: resource.resourceId.type,
      properties: { outputs, provisioningState: 'Succeeded' },
    })
  })
  if (!refusal) return
  stage.steps.push({ resource, draft: {}, refusal, stars: new Map(), again: async () => {} })
}

/** What came in secret from around is no more to be shown inside, whatever type it has there. */
function keptFrom(body: JsonObject, draft: JsonObject): (parameter: Parameter) => Parameter {
  const [given, shown] = [body, draft].map((one) => member(one, 'properties')).map(parametersOf)
  return (parameter) => {
    const [real, open] = [given, shown].map((all) => member(all ?? {}, parameter.name) ?? null)
    if (isEqual(real ?? null, open ?? null)) return parameter
    return { ...parameter, value: starsFor(parameter.value) }
  }
}

function parametersOf(properties: Json | undefined): JsonObject {
  const parameters = isObject(properties) ? member(properties, 'parameters') : undefined
  return isObject(parameters) ? parameters : {}
}

/** Resource Manager, with the deployments that were only opened as if they had been deployed. */
function managing({ lent, inside }: Stage): Manage {
  return async (call, asked) => {
    const document = asked.method === 'GET' ? inside.get(asked.path.toLowerCase()) : undefined
    return document ? { status: 200, body: document } : lent.manage(call, asked)
  }
}

async function refusalOf(work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work()
    return undefined
  } catch (reason) {
    if (reason instanceof Failure) return reason
    throw reason
  }
}

/** The document of a resource; undefined where there is none, or where none can be read. */
export async function readOrNothing(
  call: Call,
  { manage }: Lent,
  path: string,
  apiVersion: string,
): Promise<JsonObject | undefined> {
  const asked = { method: 'GET', path, query: { 'api-version': apiVersion } } as const
  const unreadable: readonly string[] = ['missing', 'unsupported']
  try {
    const { body } = await manage(call, asked)
    return JSON.parse(JSON.stringify(body ?? {}))
  } catch (reason) {
    if (reason instanceof Failure && unreadable.includes(reason.fault)) return undefined
    throw reason
  }
}
