/**
 * The text of a template as what it declares: parameters, variables, functions, resources, outputs.
 */
import { wordAmong } from '../../base/word.ts'
import type { UserFunction } from './environment.ts'
import { invalidTemplate } from './invalid.ts'
import { PARAMETER_TYPES, type ParameterType, resolvedType } from './types.ts'
import { isArray, isObject, type Json, type JsonObject, member } from './value.ts'

/** The most resources a template may hold, turns of loops included. */
export const MOST_RESOURCES = 800
const MOST_PARAMETERS = 256
const MOST_VARIABLES = 512
const MOST_OUTPUTS = 64

export interface Template {
  /** As it came. */
  readonly source: JsonObject
  readonly contentVersion: string
  /** Types by name, which others refer to. */
  readonly definitions: JsonObject
  readonly parameters: readonly ParameterDefinition[]
  readonly variables: JsonObject
  /** By `namespace.name`, in lower case. */
  readonly functions: ReadonlyMap<string, UserFunction>
  readonly resources: readonly ResourceSource[]
  readonly outputs: readonly OutputDefinition[]
}

export interface ParameterDefinition {
  readonly name: string
  readonly type: ParameterType
  readonly definition: JsonObject
}

export interface ResourceSource {
  /** Where resources are an object; undefined where they are a list. */
  readonly symbolicName: string | undefined
  readonly source: JsonObject
}

export interface OutputDefinition {
  readonly name: string
  readonly type: ParameterType
  readonly definition: JsonObject
}

const MEMBERS: ReadonlySet<string> = new Set([
  '$schema',
  'languageversion',
  'contentversion',
  'apiprofile',
  'metadata',
  'definitions',
  'parameters',
  'functions',
  'variables',
  'resources',
  'outputs',
  'imports',
  'extensions',
])

/** @throws Failure invalid `InvalidTemplate` */
export function readTemplate(raw: unknown): Template {
  if (!isObject(raw)) throw invalidTemplate('The template is not a JSON object.')
  const unknown = Object.keys(raw).find((name) => !MEMBERS.has(name.toLowerCase()))
  if (unknown !== undefined) {
    throw invalidTemplate(`Could not find member '${unknown}' on object of type 'Template'.`)
  }
  for (const name of ['$schema', 'contentVersion', 'resources']) {
    if (member(raw, name) === undefined) {
      throw invalidTemplate(
        `Required property '${name}' not found in JSON. Please see https://aka.ms/arm-syntax for usage details.`,
      )
    }
  }
  refuseExtensions(raw)
  const definitions = objectAt(raw, 'definitions')
  const parameters = Object.entries(objectAt(raw, 'parameters')).map(([name, given]) =>
    readTyped('parameter', name, given, definitions),
  )
  const variables = objectAt(raw, 'variables')
  const outputs = objectAt(raw, 'outputs')
  refuseMany('parameters', parameters.length, MOST_PARAMETERS)
  refuseMany('variables', Object.keys(variables).length, MOST_VARIABLES)
  refuseMany('outputs', Object.keys(outputs).length, MOST_OUTPUTS)
  return {
    source: raw,
    contentVersion: String(member(raw, 'contentVersion')),
    definitions,
    parameters,
    variables,
    functions: readFunctions(member(raw, 'functions')),
    resources: readResources(member(raw, 'resources')),
    outputs: Object.entries(outputs).map(([name, given]) =>
      readTyped('output', name, given, definitions),
    ),
  }
}

/** @throws Failure invalid `InvalidTemplate` */
export function refuseMany(what: string, actual: number, limit: number): void {
  if (actual <= limit) return
  throw invalidTemplate(
    `The number of template ${what} limit exceeded. Limit: '${limit}' and actual: '${actual}'. Please see https://aka.ms/arm-syntax-${what} for usage details.`,
  )
}

/** Other planes than Resource Manager's would have to be deployed to: said, and not skipped. */
function refuseExtensions(raw: JsonObject): void {
  for (const name of ['imports', 'extensions']) {
    const found = member(raw, name)
    if (isObject(found) && Object.keys(found).length > 0) {
      throw invalidTemplate(
        `The template uses the extension '${Object.keys(found)[0]}', which is not supported.`,
      )
    }
  }
}

function readTyped(
  kind: 'parameter' | 'output',
  name: string,
  given: Json,
  definitions: JsonObject,
): ParameterDefinition {
  if (!isObject(given)) throw invalidTemplate(`The template ${kind} '${name}' is not an object.`)
  const definition = resolvedType(given, definitions)
  const asked = member(definition, 'type')
  const type = wordAmong(PARAMETER_TYPES, String(asked))
  if (type === undefined) {
    throw invalidTemplate(
      `The template ${kind} '${name}' has the type '${String(asked)}', which is not one of '${PARAMETER_TYPES.join(', ')}'. Please see https://aka.ms/arm-parameter-types for usage details.`,
    )
  }
  return { name, type, definition }
}

function readFunctions(raw: Json | undefined): Map<string, UserFunction> {
  const found = new Map<string, UserFunction>()
  for (const space of isArray(raw) ? raw : []) {
    if (!isObject(space)) continue
    for (const [name, given] of Object.entries(objectAt(space, 'members'))) {
      if (!isObject(given)) continue
      const parameters = member(given, 'parameters')
      found.set(`${String(member(space, 'namespace'))}.${name}`.toLowerCase(), {
        parameters: (isArray(parameters) ? parameters : []).filter(isObject).map((one) => ({
          name: String(member(one, 'name')),
          type: String(member(one, 'type')),
        })),
        output: member(objectAt(given, 'output'), 'value') ?? null,
      })
    }
  }
  return found
}

function readResources(raw: Json | undefined): ResourceSource[] {
  const named: [string | undefined, Json][] = isArray(raw)
    ? raw.map((source) => [undefined, source])
    : Object.entries(isObject(raw) ? raw : {})
  return named.map(([symbolicName, source]) => {
    if (!isObject(source)) throw invalidTemplate('A resource of the template is not an object.')
    return { symbolicName, source }
  })
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const found = member(object, name)
  if (found === undefined || found === null) return {}
  if (isObject(found)) return found
  throw invalidTemplate(`The member '${name}' of the template is not an object.`)
}
