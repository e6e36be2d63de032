/**
 * The types of parameters and outputs: seven kinds of value, and what a template says of them beside
 * the kind, at any depth: members, items, what is allowed. Types by name are the template's
 * `definitions`.
 */
import { wordAmong } from '../../base/word.ts'
import { invalidTemplate } from './invalid.ts'
import {
  isArray,
  isEqual,
  isObject,
  type Json,
  type JsonObject,
  member,
  typeName,
} from './value.ts'

export const PARAMETER_TYPES = [
  'String',
  'SecureString',
  'Int',
  'Bool',
  'Object',
  'SecureObject',
  'Array',
] as const
export type ParameterType = (typeof PARAMETER_TYPES)[number]

/** Values as JSON types, and what Azure calls each kind of parameter in its messages. */
const FITS: Readonly<Record<ParameterType, { fits(value: Json): boolean; says: string }>> = {
  String: { fits: (value) => typeof value === 'string', says: 'String, Uri' },
  SecureString: { fits: (value) => typeof value === 'string', says: 'String, Uri' },
  Int: { fits: (value) => typeof value === 'number' && Number.isInteger(value), says: 'Integer' },
  Bool: { fits: (value) => typeof value === 'boolean', says: 'Boolean' },
  Object: { fits: isObject, says: 'Object' },
  SecureObject: { fits: isObject, says: 'Object' },
  Array: { fits: isArray, says: 'Array' },
}

export function isSecure(type: ParameterType): boolean {
  return type.startsWith('Secure')
}

/** The type that hides what this one shows; of lists there is none. */
export function securedType(type: ParameterType): ParameterType {
  if (type === 'Object') return 'SecureObject'
  return type === 'String' ? 'SecureString' : type
}

function typeOf(definition: JsonObject): ParameterType | undefined {
  return wordAmong(PARAMETER_TYPES, String(member(definition, 'type')))
}

const DEEPEST_REFERENCES = 16

/**
 * A type by reference, `#/definitions/{name}`, with what is said beside it.
 * @throws Failure invalid `InvalidTemplate`
 */
export function resolvedType(definition: JsonObject, definitions: JsonObject): JsonObject {
  let at = definition
  for (let depth = 0; depth < DEEPEST_REFERENCES; depth++) {
    const { $ref: reference, ...beside } = at
    if (typeof reference !== 'string') return at
    const found = pointedAt(reference, definitions)
    if (!isObject(found)) throw invalidTemplate(`The type reference '${reference}' is not defined.`)
    at = { ...found, ...beside }
  }
  throw invalidTemplate('The type references of the template form a circle.')
}

/** What a JSON pointer into the template's definitions points at. */
function pointedAt(reference: string, definitions: JsonObject): Json | undefined {
  const [, ...steps] = reference.split('/')
  let at: Json | undefined = { definitions }
  for (const step of steps.map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    at = isObject(at) ? member(at, step) : isArray(at) ? at[Number(step)] : undefined
  }
  return at
}

/** Whether some part of what the type describes is secure. */
export function hasSecure(
  definition: Json | undefined,
  definitions: JsonObject,
  seen: ReadonlySet<Json> = new Set(),
): boolean {
  if (!isObject(definition) || seen.has(definition)) return false
  const inner = resolvedType(definition, definitions)
  const type = typeOf(inner)
  if (type && isSecure(type)) return true
  const { discriminator, properties } = inner
  const mapping = isObject(discriminator) ? member(discriminator, 'mapping') : undefined
  const parts = [
    ...Object.values(isObject(properties) ? properties : {}),
    ...Object.values(isObject(mapping) ? mapping : {}),
    ...(isArray(inner.prefixItems) ? inner.prefixItems : []),
    inner.items,
    inner.additionalProperties,
  ]
  const around = new Set([...seen, definition])
  return parts.some((part) => hasSecure(part, definitions, around))
}

/** A value held against its type. */
interface Held {
  /** `config.hosts[0]`. */
  readonly path: string
  readonly value: Json
  readonly definition: JsonObject
  readonly definitions: JsonObject
  /** Whether the value must not be told. */
  readonly isHidden: boolean
}

/** @throws Failure invalid `InvalidTemplate`, naming the part that is wrong */
export function checkParameter(
  name: string,
  definition: JsonObject,
  value: Json,
  definitions: JsonObject,
): void {
  const type = typeOf(definition)
  if (type && !FITS[type].fits(value)) {
    throw invalidTemplate(
      `Template parameter JToken type is not valid. Expected '${FITS[type].says}'. Actual '${typeName(value)}'. Please see https://aka.ms/arm-parameter-types for usage details.: parameter '${name}'`,
    )
  }
  const isHidden = hasSecure(definition, definitions)
  check({ path: name, value, definition, definitions, isHidden })
}

function check(held: Held): void {
  const { value, definition } = held
  checkAllowed(held)
  checkLimits(held)
  if (isObject(value)) checkMembers(held)
  if (!isArray(value)) return
  const first = isArray(definition.prefixItems) ? definition.prefixItems : []
  for (const [at, item] of value.entries()) {
    checkPart(held, `[${at}]`, item, at < first.length ? first[at] : definition.items)
  }
}

/** @param rule the type of the part, false where there may be none */
function checkPart(around: Held, name: string, value: Json, rule: Json | undefined): void {
  const path = `${around.path}${name}`
  if (rule === false) throw refused({ ...around, path }, 'There may be no such part.')
  if (!isObject(rule)) return
  const definition = resolvedType(rule, around.definitions)
  if (value === null && definition.nullable === true) return
  const type = typeOf(definition)
  const held = { ...around, path, value, definition }
  if (type && !FITS[type].fits(value)) {
    throw refused(
      held,
      `Expected a value of type '${FITS[type].says}', but received a value of type '${typeName(value)}'. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
    )
  }
  check(held)
}

function checkMembers(held: Held): void {
  const { value, definition } = held
  const object = value as JsonObject
  const chosen = chosenOf(held)
  const properties = {
    ...(isObject(definition.properties) ? definition.properties : {}),
    ...(isObject(chosen?.properties) ? chosen.properties : {}),
  }
  const others = chosen?.additionalProperties ?? definition.additionalProperties
  for (const [name, rule] of Object.entries(properties)) {
    const given = member(object, name)
    if (given !== undefined) checkPart(held, `.${name}`, given, rule)
    else if (!isObject(rule) || !mayLack(rule, held)) throw missing(`${held.path}.${name}`)
  }
  const known = new Set(Object.keys(properties).map((name) => name.toLowerCase()))
  for (const [name, item] of Object.entries(object)) {
    if (!known.has(name.toLowerCase())) checkPart(held, `.${name}`, item, others)
  }
}

function mayLack(rule: JsonObject, { definitions }: Held): boolean {
  return resolvedType(rule, definitions).nullable === true
}

/** Which of several shapes an object has is said by one of its members. */
function chosenOf(held: Held): JsonObject | undefined {
  const { discriminator } = held.definition
  if (!isObject(discriminator)) return undefined
  const name = String(member(discriminator, 'propertyName'))
  const mapping = member(discriminator, 'mapping')
  const said = member(held.value as JsonObject, name)
  const found = isObject(mapping) && typeof said === 'string' ? member(mapping, said) : undefined
  if (isObject(found)) return resolvedType(found, held.definitions)
  const allowed = Object.keys(isObject(mapping) ? mapping : {}).join(',')
  throw refused(
    { ...held, path: `${held.path}.${name}` },
    `It is not one of the allowed value(s): '${allowed}'.`,
  )
}

function checkAllowed(held: Held): void {
  const { value, definition } = held
  const allowed = member(definition, 'allowedValues')
  if (!isArray(allowed) || isAllowed(allowed, value)) return
  const all = allowed.map((one) => (isObject(one) ? JSON.stringify(one) : String(one))).join(',')
  throw refused(held, `The value '${shown(held)}' is not part of the allowed value(s): '${all}'.`)
}

/** Of a list, every item must be allowed, unless whole lists are. */
function isAllowed(allowed: readonly Json[], value: Json): boolean {
  const one = (item: Json) =>
    allowed.some(
      (other) =>
        isEqual(other, item) ||
        (typeof other === 'string' &&
          typeof item === 'string' &&
          other.toLowerCase() === item.toLowerCase()),
    )
  return one(value) || (isArray(value) && value.every(one))
}

function checkLimits(held: Held): void {
  const { value, definition } = held
  const size = typeof value === 'string' || isArray(value) ? value.length : undefined
  const limits = [
    ['minLength', size, 'Length of the value should be greater than or equal to', 1],
    ['maxLength', size, 'Length of the value should be less than or equal to', -1],
    ['minValue', value, 'The value should be greater than or equal to', 1],
    ['maxValue', value, 'The value should be less than or equal to', -1],
  ] as const
  for (const [limitName, measured, says, sign] of limits) {
    const limit = member(definition, limitName)
    if (typeof limit !== 'number' || typeof measured !== 'number') continue
    if ((measured - limit) * sign < 0) throw refused(held, `${says} '${limit}'.`)
  }
}

function shown({ value, isHidden }: Held): string {
  if (isHidden) return '***'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function refused(held: Held, reason: string) {
  return invalidTemplate(
    `The provided value '${shown(held)}' for the template parameter '${held.path}' is not valid. ${reason}`,
  )
}

function missing(path: string) {
  return invalidTemplate(
    `The value for the template parameter '${path}' is not provided. Please see https://aka.ms/arm-create-parameter-file for usage details.`,
  )
}
