/**
 * Deployments inside templates. With inner scope the template inside is text until its own
 * deployment reads it. With outer scope, the default, its expressions see the parameters, variables
 * and functions of the template around it: what can be evaluated here is, and the rest takes those
 * along.
 */
import type { Environment } from './environment.ts'
import { evaluateText } from './evaluate.ts'
import { ExpressionError } from './invalid.ts'
import { isSecret, type Parameter } from './parameters.ts'
import { escaped } from './syntax.ts'
import type { Template } from './template.ts'
import { evaluateTree } from './tree.ts'
import { isSecure, securedType } from './types.ts'
import {
  DEFERRED,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  member,
  memberName,
} from './value.ts'
import { secretVariables, variableNames } from './variables.ts'

/** The `properties` of a nested deployment, its own expressions evaluated and its template kept. */
export function nestedProperties(
  properties: JsonObject,
  environment: Environment,
  around: { readonly template: Template; readonly parameters: readonly Parameter[] },
  deferred: (expression: string) => Json,
): JsonObject {
  const name = memberName(properties, 'template') ?? 'template'
  const { [name]: template, ...others } = properties
  const evaluated = evaluateTree(others, environment, deferred) as JsonObject
  if (!isObject(template)) return evaluated
  if (isInner(evaluated)) return { ...evaluated, template }
  const { parameters } = around
  return {
    ...evaluated,
    template: outerTemplate(template, environment, around),
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, { value }])),
    // What the template inside says is its own now.
    expressionEvaluationOptions: { scope: 'Inner' },
  }
}

function isInner(properties: JsonObject): boolean {
  const options = member(properties, 'expressionEvaluationOptions')
  const scope = isObject(options) ? member(options, 'scope') : undefined
  return typeof scope === 'string' && scope.toLowerCase() === 'inner'
}

function outerTemplate(
  template: JsonObject,
  environment: Environment,
  { template: outer, parameters }: { template: Template; parameters: readonly Parameter[] },
): JsonObject {
  const { source } = outer
  const secure = new Set(parameters.filter(isSecret).map(({ name }) => name.toLowerCase()))
  // A secure value is never written into the text: where one is meant, the expression stays.
  const { names: hidden, sources } = secretVariables(outer, secure)
  const open: Environment = {
    ...environment,
    parameter: (name) => (secure.has(name.toLowerCase()) ? DEFERRED : environment.parameter(name)),
    variable: (name) => (hidden.has(name.toLowerCase()) ? DEFERRED : environment.variable(name)),
  }
  const plain = variableNames(outer).filter((name) => !hidden.has(name.toLowerCase()))
  return {
    ...(settled(template, open) as JsonObject),
    parameters: Object.fromEntries(parameters.map(declared)),
    variables: {
      ...Object.fromEntries(plain.map((name) => [name, literal(open.variable(name) as Json)])),
      ...sources,
    },
    functions: member(source, 'functions') ?? [],
  }
}

/** A parameter of the outer template as one of the inner. */
function declared(parameter: Parameter): [string, JsonObject] {
  const { name, type } = parameter
  const isOpenSecret = isSecret(parameter) && !isSecure(type)
  return [name, { type: isOpenSecret ? securedType(type) : type, nullable: true }]
}

/** Expressions replaced by their values; those that need what is not known yet stay as they are. */
function settled(value: Json, environment: Environment): Json {
  if (typeof value === 'string') return settledText(value, environment)
  if (isArray(value)) return value.map((item) => settled(item, environment))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      String(settledText(name, environment)),
      settled(item, environment),
    ]),
  )
}

function settledText(text: string, environment: Environment): Json {
  try {
    const value = evaluateText(text, { ...environment, fact: () => undefined, noReferences: false })
    return value === DEFERRED ? text : literal(value)
  } catch (reason) {
    // A name that only the template inside knows, such as a turn of its own loop.
    if (reason instanceof ExpressionError) return text
    throw reason
  }
}

/** A value that is read as itself, whatever brackets are in it. */
function literal(value: Json): Json {
  if (typeof value === 'string') return escaped(value)
  if (isArray(value)) return value.map(literal)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [escaped(name), literal(item)]),
  )
}
