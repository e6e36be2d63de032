/**
 * What only the running estate knows: `reference`, `list…` and their like. They ask the environment
 * for a fact, and are deferred until it is there.
 */
import type { Environment, Known, Wanted } from '../environment.ts'
import { ExpressionError } from '../invalid.ts'
import { DEFERRED, isObject, type Json, type JsonObject, type Value } from '../value.ts'
import { type Family, integer, object, row, text } from './function.ts'

/** Asked with where nothing says which: answered as by the newest a type has. */
export const NEWEST_API_VERSION = '9999-12-31'

export const referenceFunctions: Family = {
  reference: row([1, 3], ([target, version, full], environment) => {
    refuseEarly('reference', environment)
    return referred(text(target), version, isFull(full), environment)
  }),
  references: row([1, 2], ([name, full], environment) => {
    refuseEarly('references', environment)
    const values = environment
      .known(text(name))
      .map(({ id, apiVersion }) => referred(id, apiVersion, isFull(full), environment))
    return values.includes(DEFERRED) ? DEFERRED : (values as Json[])
  }),
  resourceInfo: row(1, ([name], environment) => {
    const [known] = environment.known(text(name))
    if (!known) throw notDefined(text(name))
    const { id, type, apiVersion } = known
    return { id, name: known.name, type, apiVersion }
  }),
  providers: row([1, 2], ([namespace, type]) => ({
    namespace: text(namespace),
    // Every type understands the newest version, and templates take the first one there is.
    ...(type !== undefined && {
      resourceType: text(type),
      locations: [],
      apiVersions: [NEWEST_API_VERSION],
    }),
  })),
  /** Every name that begins with `list`; the name itself comes first. */
  'list*': row([1, 4], ([name, target, version, body = null], environment) => {
    refuseEarly(text(name), environment)
    const known = find(text(target), environment)
    const wanted: Wanted = {
      kind: 'list',
      action: text(name),
      id: known?.id ?? absolute(text(name), text(target)),
      apiVersion: version === undefined ? (known?.apiVersion ?? NEWEST_API_VERSION) : text(version),
      body,
    }
    return environment.fact(wanted) ?? DEFERRED
  }),
}

function referred(
  target: string,
  version: Json | undefined,
  full: boolean,
  environment: Environment,
): Value {
  const known = find(target, environment)
  const id = known?.id ?? absolute('reference', target)
  const apiVersion = version === undefined || version === null ? known?.apiVersion : text(version)
  if (apiVersion === undefined) {
    throw new ExpressionError(
      `The resource '${target}' is not defined in the template: the API version must be specified to reference it`,
    )
  }
  const document = environment.fact({ kind: 'resource', id, apiVersion })
  if (document === undefined) return DEFERRED
  return full ? wholeOf(object(document), id, apiVersion, known) : propertiesOf(document)
}

function propertiesOf(document: Json): Json {
  return isObject(document) ? (document.properties ?? {}) : document
}

function wholeOf(document: JsonObject, id: string, apiVersion: string, known?: Known): JsonObject {
  const [, , subscriptionId = '', , group = ''] = id.split('/')
  const { id: _id, name: _name, type: _type, ...members } = document
  return {
    ...members,
    apiVersion,
    resourceId: id.replace(/^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/providers\//i, ''),
    subscriptionId,
    resourceGroupName: group,
    scope: '',
    isConditionTrue: known?.deployed ?? true,
    isTemplateResource: known !== undefined,
    isAction: false,
  }
}

/** By symbolic name, by name, or by the id itself; `name[2]` is a turn of a loop. */
function find(target: string, environment: Environment): Known | undefined {
  const turn = /^(.*)\[(\d+)\]$/.exec(target)
  const all = environment.known(turn?.[1] ?? target)
  return turn ? all[integer(Number(turn[2]))] : all[0]
}

function absolute(name: string, target: string): string {
  if (target.startsWith('/')) return target
  throw name === 'reference' ? notDefined(target) : notAnId(name, target)
}

function isFull(value: Json | undefined): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'full'
}

function refuseEarly(name: string, { noReferences }: Environment): void {
  if (!noReferences) return
  throw new ExpressionError(
    `The template function '${name}' is not expected at this location. Please see https://aka.ms/arm-functions for usage details.`,
  )
}

function notDefined(target: string): ExpressionError {
  return new ExpressionError(
    `The resource '${target}' is not defined in the template. Please see https://aka.ms/arm-syntax for usage details.`,
  )
}

function notAnId(name: string, target: string): ExpressionError {
  return new ExpressionError(`The function '${name}' needs the id of a resource, not '${target}'`)
}
