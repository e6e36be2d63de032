/**
 * The plan of a deployment: which resources, in which order, with which bodies, and what comes out.
 * It is made anew whenever it is needed, from the same text and the same values; what has become
 * known meanwhile is handed in.
 */

import {
  batchBefore,
  declaredDependencies,
  impliedDependencies,
  type Names,
  namesOf,
  refuseCircles,
} from './dependencies.ts'
import type { Environment, Place, Wanted } from './environment.ts'
import { hash64 } from './functions/hashes.ts'
import { within } from './invalid.ts'
import { nestedProperties } from './nested.ts'
import type { Parameter } from './parameters.ts'
import { isDeployment } from './resource-scopes.ts'
import { expandResources, type TemplateResource } from './resources.ts'
import type { Template } from './template.ts'
import { evaluateTree } from './tree.ts'
import { hasSecure } from './types.ts'
import { isObject, type Json, type JsonObject, member } from './value.ts'
import { openEnvironment, variableNames } from './variables.ts'

/** What is known of the running estate; undefined for what is not. */
export type Facts = (wanted: Wanted) => Json | undefined

/** A value, or the facts it still needs. */
export type Outcome<Result> =
  | { readonly kind: 'known'; readonly value: Result }
  | { readonly kind: 'wants'; readonly wanted: readonly Wanted[] }

export interface PlannedResource extends TemplateResource {
  readonly key: string
  /** Keys of all that must be there first. */
  readonly waitsFor: ReadonlySet<string>
  /** The part of `waitsFor` that only references say. */
  readonly implied: readonly { readonly key: string; readonly apiVersion: string }[]
}

export interface Plan {
  readonly resources: readonly PlannedResource[]
  /** What is sent to write the resource. @throws Failure invalid `InvalidTemplate` */
  body(resource: PlannedResource, facts: Facts): Outcome<JsonObject>
  /** The same as far as it is known; what is not stays an expression, as text. */
  draft(resource: PlannedResource, facts: Facts): JsonObject
  /** @throws Failure invalid `InvalidTemplate` */
  outputs(facts: Facts): Outcome<JsonObject>
}

/** @throws Failure invalid `InvalidTemplate` */
export function planDeployment(
  template: Template,
  parameters: readonly Parameter[],
  place: Place,
): Plan {
  const top = openEnvironment(template, place, parameters)
  let names: Names = new Map()
  const environment: Environment = {
    ...top,
    known: (name) => names.get(name.toLowerCase()) ?? [],
  }
  for (const name of variableNames(template)) {
    within(`The template variable '${name}'`, () => top.variable(name))
  }
  const expanded = expandResources(template.resources, environment)
  names = withLoops(namesOf(expanded), template)
  const around = { template, parameters }
  const body: Plan['body'] = (resource, facts) =>
    within(`The template resource '${resource.name}'`, () =>
      collect(facts, resource.environment, (inside, deferred) =>
        bodyOf(resource, inside, around, deferred),
      ),
    )
  const draft: Plan['draft'] = (resource, facts) =>
    within(`The template resource '${resource.name}'`, () => {
      const inside = { ...resource.environment, noReferences: false, fact: facts }
      return bodyOf(resource, inside, around, (expression) => expression)
    })
  const resources = expanded.map((resource) => planned(resource, names, body))
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  refuseCircles(expanded, (key) => byKey.get(key)?.waitsFor ?? [])
  const outputs: Plan['outputs'] = (facts) =>
    collect(facts, environment, (inside, deferred) => outputsOf(template, inside, deferred))
  // What is wrong with an output is said before anything is deployed.
  outputs(() => undefined)
  return { resources, body, draft, outputs }
}

/** A loop of no turns has a name too, for those who depend on it. */
function withLoops(names: Names, { resources }: Template): Names {
  const all = new Map(names)
  for (const { symbolicName, source } of resources) {
    const copy = member(source, 'copy')
    if (!isObject(copy)) continue
    for (const name of [symbolicName, member(copy, 'name')]) {
      if (typeof name === 'string') all.set(`loop:${name.toLowerCase()}`, [])
    }
  }
  return all
}

function planned(resource: TemplateResource, names: Names, body: Plan['body']): PlannedResource {
  const { key } = resource.resourceId
  const declared = declaredDependencies(resource, names)
  const plain = { ...resource, key, waitsFor: declared, implied: [] }
  const first = resource.deployed ? body(plain, () => undefined) : undefined
  const wanted = first?.kind === 'wants' ? first.wanted : []
  const implied = impliedDependencies(resource, wanted, names)
  const waitsFor = new Set([
    ...declared,
    ...implied.map((one) => one.key),
    ...batchBefore(resource, names),
  ])
  waitsFor.delete(key)
  return { ...plain, waitsFor, implied: implied.filter((one) => !declared.has(one.key)) }
}

/** Evaluates with what is known; all that is missing is asked for at once. */
function collect<Result>(
  facts: Facts,
  environment: Environment,
  work: (inside: Environment, deferred: () => Json) => Result,
): Outcome<Result> {
  const wanted = new Map<string, Wanted>()
  let isDeferred = false
  const inside: Environment = {
    ...environment,
    noReferences: false,
    fact(one) {
      const known = facts(one)
      if (known === undefined) wanted.set(JSON.stringify(one), one)
      return known
    },
  }
  const value = work(inside, () => {
    isDeferred = true
    return null
  })
  return isDeferred ? { kind: 'wants', wanted: [...wanted.values()] } : { kind: 'known', value }
}

/** Members that speak to the deployment, not to the resource. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'apiversion',
  'comments',
  'condition',
  'copy',
  'dependson',
  'existing',
  'metadata',
  'name',
  'resourcegroup',
  'resources',
  'scope',
  'subscriptionid',
  'type',
])

function bodyOf(
  { type, source }: TemplateResource,
  environment: Environment,
  around: { template: Template; parameters: readonly Parameter[] },
  deferred: (expression: string) => Json,
): JsonObject {
  const sent = Object.fromEntries(
    Object.entries(source).filter(([name]) => !NOT_SENT.has(name.toLowerCase())),
  )
  const properties = member(sent, 'properties')
  if (!isDeployment(type) || !isObject(properties)) {
    return evaluateTree(sent, environment, deferred) as JsonObject
  }
  const { properties: _, ...others } = sent
  return {
    ...(evaluateTree(others, environment, deferred) as JsonObject),
    properties: nestedProperties(properties, environment, around, deferred),
  }
}

/** Outputs as answers show them; secure ones have no value. */
function outputsOf(
  { outputs, definitions }: Template,
  environment: Environment,
  deferred: (expression: string) => Json,
): JsonObject {
  const shown = outputs.flatMap(({ name, type, definition }): [string, Json][] =>
    within(`The template output '${name}'`, () => {
      const { value, condition, copy, type: _, metadata: __ } = definition
      const holds = condition === undefined || evaluateTree(condition, environment, deferred)
      if (holds === false) return []
      const loop = isObject(copy) ? member(copy, 'input') : undefined
      const result =
        isObject(copy) && loop !== undefined
          ? loopOutput(name, copy, environment, deferred)
          : evaluateTree(value ?? null, environment, deferred)
      return [[name, hasSecure(definition, definitions) ? { type } : { type, value: result }]]
    }),
  )
  return Object.fromEntries(shown)
}

function loopOutput(
  name: string,
  copy: JsonObject,
  environment: Environment,
  deferred: (expression: string) => Json,
): Json {
  const loop = { name, count: member(copy, 'count') ?? null, input: member(copy, 'input') ?? null }
  const made = evaluateTree({ copy: [loop] }, environment, deferred)
  return isObject(made) ? (made[name] ?? []) : []
}

/** The same text has the same hash: a decimal number of 64 bits. */
export function templateHash(source: Json): string {
  return hash64(JSON.stringify(source).toUpperCase()).toString()
}
