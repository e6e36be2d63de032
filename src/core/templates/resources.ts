/**
 * From the resources a template writes to those it asks for: children out of their parents, each
 * turn of each loop, with ids, api-versions and conditions.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Environment, Known } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { ExpressionError, invalidTemplate, within } from './invalid.ts'
import { idOf, type Named } from './resource-scopes.ts'
import { MOST_RESOURCES, type ResourceSource, refuseMany } from './template.ts'
import { countOf, inTurn, textAt } from './tree.ts'
import { isArray, isObject, type Json, type JsonObject, member } from './value.ts'

/** A turn of a loop over a resource. */
export interface Turn {
  readonly loop: string
  readonly index: number
  /** How many turns may run at once; undefined for all. */
  readonly batchSize: number | undefined
}

export interface TemplateResource extends Known {
  readonly resourceId: ResourceId
  readonly symbolicName: string | undefined
  readonly turn: Turn | undefined
  /** Only looked at, never written. */
  readonly existing: boolean
  readonly source: JsonObject
  readonly environment: Environment
}

/** @throws Failure invalid `InvalidTemplate` */
export function expandResources(
  sources: readonly ResourceSource[],
  environment: Environment,
): TemplateResource[] {
  refuseMany('resources', sources.length, MOST_RESOURCES)
  const counted: Counted = { resources: 0 }
  const all = sources.flatMap((source) => expand(source, environment, undefined, counted))
  refuseTwice(all)
  return all
}

/** Counted as they come: loops inside loops are refused long before they are all turned. */
interface Counted {
  resources: number
}

function expand(
  { symbolicName, source }: ResourceSource,
  environment: Environment,
  parent: Named | undefined,
  counted: Counted,
): TemplateResource[] {
  const label = symbolicName ?? String(member(source, 'name') ?? '')
  return within(`The template resource '${label}'`, () =>
    turnsOf(source, environment).flatMap(({ turn, inside }) => {
      counted.resources += 1
      refuseMany('resources', counted.resources, MOST_RESOURCES)
      const resource = read(symbolicName, source, inside, turn, parent)
      const { type, name } = resource
      const own: Named = { type, names: name.split('/') }
      const children = childrenOf(source).flatMap((child) => expand(child, inside, own, counted))
      return [resource, ...(resource.deployed || resource.existing ? children : [])]
    }),
  )
}

function childrenOf(source: JsonObject): ResourceSource[] {
  const children = member(source, 'resources')
  return (isArray(children) ? children : [])
    .filter(isObject)
    .map((child) => ({ symbolicName: undefined, source: child }))
}

function turnsOf(
  source: JsonObject,
  environment: Environment,
): { turn: Turn | undefined; inside: Environment }[] {
  const copy = member(source, 'copy')
  if (!isObject(copy)) return [{ turn: undefined, inside: environment }]
  const loop = textAt(copy, 'name', environment)
  if (loop === undefined) throw new ExpressionError("The 'copy' of a resource must have a name")
  const count = countOf(member(copy, 'count') ?? null, environment)
  const isSerial = textAt(copy, 'mode', environment)?.toLowerCase() === 'serial'
  const batchSize = isSerial ? sizeOf(member(copy, 'batchSize'), environment) : undefined
  return Array.from({ length: count }, (_, index) => ({
    turn: { loop, index, batchSize },
    inside: inTurn(environment, loop, index, 'always'),
  }))
}

function sizeOf(given: Json | undefined, environment: Environment): number {
  const size = typeof given === 'string' ? evaluateText(given, environment) : (given ?? 1)
  if (typeof size === 'number' && Number.isInteger(size) && size > 0) return size
  throw new ExpressionError("The 'batchSize' of a loop must be a positive integer")
}

function read(
  symbolicName: string | undefined,
  source: JsonObject,
  environment: Environment,
  turn: Turn | undefined,
  parent: Named | undefined,
): TemplateResource {
  const named = namesOf(source, environment, parent)
  const apiVersion = textAt(source, 'apiVersion', environment)
  if (apiVersion === undefined) throw missing('apiVersion')
  const resourceId = idOf(named, source, environment)
  const existing = member(source, 'existing') === true
  return {
    id: resourceId.text,
    resourceId,
    apiVersion,
    name: named.names.join('/'),
    type: named.type,
    symbolicName,
    turn,
    existing,
    deployed: !existing && holds(member(source, 'condition'), environment),
    source,
    environment,
  }
}

function namesOf(source: JsonObject, environment: Environment, parent: Named | undefined): Named {
  const type = textAt(source, 'type', environment)
  const name = textAt(source, 'name', environment)
  if (type === undefined) throw missing('type')
  if (name === undefined || name === '') throw missing('name')
  const names = name.split('/')
  if (!parent) return { type, names }
  return { type: `${parent.type}/${type}`, names: [...parent.names, ...names] }
}

function holds(condition: Json | undefined, environment: Environment): boolean {
  if (condition === undefined || condition === null) return true
  const value = typeof condition === 'string' ? evaluateText(condition, environment) : condition
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) {
    return value.toLowerCase() === 'true'
  }
  throw new ExpressionError("The 'condition' of a resource must be a boolean")
}

function refuseTwice(all: readonly TemplateResource[]): void {
  const seen = new Set<string>()
  for (const { resourceId, deployed, id } of all) {
    if (!deployed) continue
    if (seen.has(resourceId.key)) {
      throw invalidTemplate(
        `The resource '${id}' is defined multiple times in a template. Please see https://aka.ms/arm-syntax-resources for usage details.`,
      )
    }
    seen.add(resourceId.key)
  }
}

function missing(property: string): ExpressionError {
  return new ExpressionError(
    `Required property '${property}' not found in JSON. Please see https://aka.ms/arm-syntax-resources for usage details.`,
  )
}
