/**
 * The values of a template's parameters: given or by default, each held against its declaration.
 */
import type { Environment } from './environment.ts'
import { evaluateValue } from './evaluate.ts'
import { invalidTemplate, within } from './invalid.ts'
import type { ParameterDefinition, Template } from './template.ts'
import { checkParameter, hasSecure, isSecure, type ParameterType } from './types.ts'
import { isArray, isObject, type Json, type JsonObject, member } from './value.ts'

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly value: Json
  /** Where the value came from, when that was a vault: then the value is never shown. */
  readonly reference?: JsonObject
  /** Set where a part of the value is secure: then none of it is shown. */
  readonly isPartlySecure?: true
}

/** Whether nobody may be shown the value. */
export function isSecret({ type, reference, isPartlySecure }: Parameter): boolean {
  return isSecure(type) || reference !== undefined || isPartlySecure === true
}

/** The parameter with stars in place of what is secure. */
export function masked(parameter: Parameter): Parameter {
  if (!isSecret(parameter)) return parameter
  return { ...parameter, value: starsFor(parameter.value) }
}

/** The value with stars in place of everything in it. */
export function starsFor(value: Json): Json {
  if (isArray(value)) return value.map(starsFor)
  if (!isObject(value)) return '*******'
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, starsFor(item)]))
}

/**
 * Settles every parameter once: what a default makes anew each time is kept from here on.
 * @param given `{ name: { value } }`
 * @param environment for defaults, which may name other parameters
 * @throws Failure invalid `InvalidTemplate`
 */
export function settleParameters(
  template: Template,
  given: JsonObject,
  environment: Environment,
): Parameter[] {
  refuseUnknown(template, given)
  const settled = new Map<string, Parameter>()
  const open = new Set<string>()
  const settle = (definition: ParameterDefinition): Parameter => {
    const key = definition.name.toLowerCase()
    const known = settled.get(key)
    if (known) return known
    if (open.has(key)) {
      throw invalidTemplate(`The template parameter '${definition.name}' depends on itself.`)
    }
    open.add(key)
    const { name, type } = definition
    const value = valueFor(template, definition, member(given, name), inner)
    const isPartlySecure = !isSecure(type) && hasSecure(definition.definition, template.definitions)
    const parameter: Parameter = { name, type, value, ...(isPartlySecure && { isPartlySecure }) }
    settled.set(key, parameter)
    return parameter
  }
  const inner: Environment = {
    ...environment,
    noReferences: true,
    parameter: (name) => settle(find(template, name)).value,
  }
  return template.parameters.map(settle)
}

function find(template: Template, name: string): ParameterDefinition {
  const found = template.parameters.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw invalidTemplate(
    `The template parameter '${name}' is not found. Please see https://aka.ms/arm-syntax-parameters for usage details.`,
  )
}

function refuseUnknown(template: Template, given: JsonObject): void {
  const names = template.parameters.map(({ name }) => name)
  const known = new Set(names.map((name) => name.toLowerCase()))
  const unknown = Object.keys(given).filter((name) => !known.has(name.toLowerCase()))
  if (unknown.length === 0) return
  throw invalidTemplate(
    `The following parameters were supplied, but do not correspond to any parameters defined in the template: '${unknown.join(', ')}'. The parameters defined in the template are: '${names.join(', ')}'. Please see https://aka.ms/arm-pass-parameter-values for usage details.`,
  )
}

function valueFor(
  { definitions }: Template,
  { name, type, definition }: ParameterDefinition,
  given: Json | undefined,
  environment: Environment,
): Json {
  const asked = readGiven(name, given)
  if (asked !== undefined && asked !== null) {
    const value = coerced(type, asked)
    checkParameter(name, definition, value, definitions)
    return value
  }
  const fallback = member(definition, 'defaultValue')
  if (fallback !== undefined && fallback !== null) {
    const value = within(`The default value of the template parameter '${name}'`, () =>
      evaluateValue(fallback, environment),
    )
    checkParameter(name, definition, value as Json, definitions)
    return value as Json
  }
  if (member(definition, 'nullable') === true || fallback === null) return null
  throw invalidTemplate(
    `The value for the template parameter '${name}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
  )
}

function readGiven(name: string, given: Json | undefined): Json | undefined {
  if (given === undefined || given === null) return undefined
  if (isObject(given)) {
    const value = member(given, 'value')
    if (value !== undefined || Object.keys(given).length === 0) return value
  }
  throw invalidTemplate(
    `The value of deployment parameter '${name}' is null. Please specify the value or use the parameter reference. See https://aka.ms/arm-create-parameter-file for details.`,
  )
}

/** Command lines give every value as text. */
function coerced(type: ParameterType, value: Json): Json {
  if (typeof value !== 'string') return value
  if (type === 'Int' && /^-?\d+$/.test(value)) return Number(value)
  if (type === 'Bool' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  return value
}
