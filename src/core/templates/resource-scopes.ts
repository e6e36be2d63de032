/** Where a resource of a template is deployed to, and so its id. */
import { type ResourceId, readResourceId } from '../../base/resource-id.ts'
import type { Environment } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { ExpressionError } from './invalid.ts'
import { realType, scopedId, wrongSegments } from './resource-names.ts'
import { textAt } from './tree.ts'
import { isObject, type JsonObject, member } from './value.ts'

export interface Named {
  /** As in the template, parents' types and names in front. */
  readonly type: string
  readonly names: readonly string[]
}

const DEPLOYMENTS = 'microsoft.resources/deployments'
const TENANT_TYPES: ReadonlySet<string> = new Set(['microsoft.management/managementgroups'])

/** @throws ExpressionError when the names do not fit the type, or the scope is none */
export function idOf(named: Named, source: JsonObject, environment: Environment): ResourceId {
  const { type, names } = named
  const scope = scopeOf(named, source, environment)
  const text = scopedId(scope, type, names)
  const id = readResourceId(text)
  if (id === undefined) throw wrongSegments(names.join('/'), type)
  if (id.type.toLowerCase() !== realType(type, names).toLowerCase()) {
    throw wrongSegments(names.join('/'), type)
  }
  return id
}

function scopeOf({ type }: Named, source: JsonObject, environment: Environment): string {
  const { place } = environment
  const given = textAt(source, 'scope', environment) ?? legacyScope(type, source, environment)
  if (given !== undefined) return absolute(given, place.scope)
  const group = textAt(source, 'resourceGroup', environment)
  const subscriptionId = textAt(source, 'subscriptionId', environment)
  if (group !== undefined || subscriptionId !== undefined) {
    const own = place.subscription?.subscriptionId
    const subscription = `/subscriptions/${subscriptionId ?? String(own)}`
    return group === undefined ? subscription : `${subscription}/resourceGroups/${group}`
  }
  const isOfTenant = TENANT_TYPES.has(type.toLowerCase())
  if (isOfTenant) return '/'
  const isGroup = type.toLowerCase() === 'microsoft.resources/resourcegroups'
  if (isGroup && place.subscription) return `/subscriptions/${place.subscription.subscriptionId}`
  return place.scope
}

/** A scope may be written from the deployment's own: `Microsoft.Storage/storageAccounts/x`. */
function absolute(scope: string, own: string): string {
  if (scope.startsWith('/')) return scope
  const stem = own === '/' ? '' : own
  return `${stem}/providers/${scope}`
}

/** Before 2018 a role assignment said in its properties where it belongs. */
function legacyScope(
  type: string,
  source: JsonObject,
  environment: Environment,
): string | undefined {
  if (type.toLowerCase() !== 'microsoft.authorization/roleassignments') return undefined
  const properties = member(source, 'properties')
  const scope = isObject(properties) ? member(properties, 'scope') : undefined
  if (typeof scope !== 'string') return undefined
  const value = evaluateText(scope, environment)
  if (typeof value === 'string') return value
  throw new ExpressionError("The 'scope' of a role assignment must be known before the deployment")
}

export function isDeployment(type: string): boolean {
  return type.toLowerCase() === DEPLOYMENTS
}
