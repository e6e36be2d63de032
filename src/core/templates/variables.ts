/** Where expressions stand: the environment of a template, its variables evaluated when asked for. */
import type { Environment, Place } from './environment.ts'
import { ExpressionError } from './invalid.ts'
import { isSecret, type Parameter } from './parameters.ts'
import type { Template } from './template.ts'
import { evaluateTree, type Loop, loopsOf, turnsOf } from './tree.ts'
import { isArray, isObject, type Json, type JsonObject, member, memberName } from './value.ts'

/** The environment at the top of a template; resources and facts are unknown to it. */
export function openEnvironment(
  template: Template,
  place: Place,
  parameters: readonly Parameter[],
): Environment {
  const values = new Map(parameters.map((one) => [one.name.toLowerCase(), one.value]))
  const environment: Environment = {
    place: { ...place, deployment: describedBy(place.deployment, template, parameters) },
    parameter(name) {
      const value = values.get(name.toLowerCase())
      if (value !== undefined) return value
      throw new ExpressionError(
        `The template parameter '${name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage details.`,
      )
    },
    variable: (name) => variable(name),
    userFunction: (name) => template.functions.get(name.toLowerCase()),
    copyIndex: () => undefined,
    locals: new Map(),
    known: () => [],
    fact: () => undefined,
    fresh: undefined,
    noReferences: true,
  }
  const variable = variablesOf(template, environment)
  return environment
}

/** What `deployment()` tells: the template, and the parameters that are no secret. */
function describedBy(
  deployment: JsonObject,
  { source }: Template,
  parameters: readonly Parameter[],
): JsonObject {
  const open = parameters.filter((one) => !isSecret(one))
  const properties = isObject(deployment.properties) ? deployment.properties : {}
  return {
    ...deployment,
    properties: {
      ...properties,
      template: source,
      parameters: Object.fromEntries(open.map(({ name, value }) => [name, { value }])),
    },
  }
}

function variablesOf(template: Template, environment: Environment): (name: string) => Json {
  const { copy, ...plain } = template.variables
  const loops = loopsOf(copy)
  const known = new Map<string, Json>()
  const open = new Set<string>()
  const evaluated = (name: string): Json => {
    const loop = loops.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (loop) return turns(loop, environment)
    const own = memberName(plain, name)
    if (own !== undefined) return evaluateTree(plain[own] ?? null, environment, unknowable)
    throw new ExpressionError(
      `The template variable '${name}' is not found. Please see https://aka.ms/arm-syntax-variables for usage details.`,
    )
  }
  return (name) => {
    const key = name.toLowerCase()
    const found = known.get(key)
    if (found !== undefined) return found
    if (open.has(key)) {
      throw new ExpressionError(
        `Circular dependency detected on the template variable '${name}'. Please see https://aka.ms/arm-syntax-variables for usage details.`,
      )
    }
    open.add(key)
    const value = evaluated(name)
    open.delete(key)
    known.set(key, value)
    return value
  }
}

/** The names of all variables. */
export function variableNames(template: Template): string[] {
  const { copy, ...plain } = template.variables
  return [...Object.keys(plain), ...loopsOf(copy).map(({ name }) => name)]
}

const NAMED = /\b(parameters|variables)\s*\(\s*(?:'([^']*)'\s*\))?/gi

/** Variables that secrets go into, and their sources: as a template inside would declare them. */
export function secretVariables(
  { variables: { copy, ...plain } }: Template,
  secure: ReadonlySet<string>,
): { readonly names: ReadonlySet<string>; readonly sources: JsonObject } {
  const loops = isArray(copy) ? copy.filter(isObject) : []
  const all = [
    ...Object.entries(plain).map(([name, source]) => ({ name: name.toLowerCase(), source })),
    ...loops.map((loop) => ({ name: String(member(loop, 'name')).toLowerCase(), source: loop })),
  ]
  const names = new Set<string>()
  const isSecretName = (kind: string, name: string | undefined) =>
    // A name that is made by an expression could be any.
    name === undefined || (kind === 'parameters' ? secure : names).has(name.toLowerCase())
  const isTainted = (source: Json) =>
    [...JSON.stringify(source).matchAll(NAMED)].some(([, kind = '', name]) =>
      isSecretName(kind.toLowerCase(), name),
    )
  for (let known = -1; secure.size > 0 && known < names.size; ) {
    known = names.size
    for (const { name, source } of all) if (isTainted(source)) names.add(name)
  }
  const kept = Object.entries(plain).filter(([name]) => names.has(name.toLowerCase()))
  const turning = loops.filter((loop) => names.has(String(member(loop, 'name')).toLowerCase()))
  return {
    names,
    sources: { ...Object.fromEntries(kept), ...(turning.length > 0 && { copy: turning }) },
  }
}

function turns(loop: Loop, environment: Environment): Json {
  return turnsOf(loop, environment, unknowable)[1]
}

function unknowable(expression: string): Json {
  throw new ExpressionError(`The expression '${expression}' cannot be known before the deployment`)
}
