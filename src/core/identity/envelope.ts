/**
 * The `identity` member of a request, read and held against what the resource carries.
 *
 * `type` decides what survives. In the map, `{}` adds or keeps an identity and `null` removes it; a
 * PUT replaces the map, a PATCH merges into it, and a map that is missing or null leaves it alone as
 * long as `type` still says UserAssigned. Ids compare case-insensitively. Source: the behaviour of
 * Compute as recorded from `az vm identity`, and the documented PATCH rules.
 */
import { Failure } from '../../base/failure.ts'
import { isJsonObject } from '../../base/json.ts'
import { type ResourceId, readResourceId } from '../../base/resource-id.ts'
import type { CarriedIdentities } from './carried-identities.ts'

export type IdentityKinds = 'none' | 'system' | 'user' | 'system-and-user'

export interface IdentityAsked {
  readonly system: boolean
  readonly user: boolean
  /** Identities the map keeps or adds, by key; undefined when there was no map. */
  readonly kept: ReadonlyMap<string, ResourceId> | undefined
  /** Keys the map removes. */
  readonly removed: ReadonlySet<string>
}

/** What a resource shall carry. */
export interface IdentityWanted {
  readonly system: boolean
  readonly user: ReadonlyMap<string, ResourceId>
}

const USER_ASSIGNED_TYPE = 'microsoft.managedidentity/userassignedidentities'

/**
 * Reads the member. @throws Failure invalid with Azure's codes
 */
export function readIdentity(
  host: ResourceId,
  raw: unknown,
  allowed: IdentityKinds,
): IdentityAsked {
  if (!isJsonObject(raw)) {
    throw invalid('InvalidRequestContent', "The 'identity' member must be an object.")
  }
  const { type, userAssignedIdentities: map } = raw
  const { system, user } = readType(type, allowed)
  const entries = readMap(map)
  if (!user && entries && entries.length > 0) throw unexpectedMap(host)
  const kept = new Map<string, ResourceId>()
  const removed = new Set<string>()
  for (const [text, value] of entries ?? []) {
    const id = readResourceId(text)
    if (id?.type.toLowerCase() !== USER_ASSIGNED_TYPE) {
      throw invalid('InvalidIdentityId', `The identity id '${text}' is not valid.`)
    }
    if (value === null) removed.add(id.key)
    else if (isKept(value)) kept.set(id.key, id)
    else throw invalidValue(text)
  }
  return { system, user, kept: entries && kept, removed }
}

function readType(type: unknown, allowed: IdentityKinds): { system: boolean; user: boolean } {
  const words = typeof type === 'string' ? type.split(',').map((word) => word.trim()) : []
  const known = new Set(words.map((word) => word.toLowerCase()))
  const system = known.has('systemassigned')
  const user = known.has('userassigned')
  const none = known.has('none')
  const understood = [...known].every((word) => TYPE_WORDS.has(word)) && known.size === words.length
  if (words.length === 0 || !understood || (none && known.size > 1)) {
    throw invalid(
      'InvalidIdentityType',
      `The identity type '${String(type)}' is not valid: it is None, SystemAssigned, UserAssigned, or ` +
        "'SystemAssigned, UserAssigned'.",
    )
  }
  if (
    (system && (allowed === 'user' || allowed === 'none')) ||
    (user && (allowed === 'system' || allowed === 'none'))
  ) {
    throw invalid(
      'ResourceIdentityNotSupported',
      `The resource type does not support the identity type '${String(type)}'.`,
    )
  }
  return { system, user }
}

const TYPE_WORDS: ReadonlySet<string> = new Set(['none', 'systemassigned', 'userassigned'])

function readMap(map: unknown): [string, unknown][] | undefined {
  if (map === undefined || map === null) return undefined
  if (!isJsonObject(map)) {
    throw invalid('InvalidRequestContent', "The 'userAssignedIdentities' member must be an object.")
  }
  return Object.entries(map)
}

/** `{}`, or the value as answers show it. */
function isKept(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    Object.keys(value).every((name) => name === 'principalId' || name === 'clientId')
  )
}

/**
 * Holds what is asked against what is carried.
 * @throws Failure invalid `MissingIdentityIds`
 */
export function wantedIdentity(
  asked: IdentityAsked,
  carried: CarriedIdentities,
  verb: 'PUT' | 'PATCH',
): IdentityWanted {
  if (!asked.user) return { system: asked.system, user: new Map() }
  const user = new Map<string, ResourceId>()
  if (verb === 'PATCH' || asked.kept === undefined) {
    for (const { id } of carried.userAssigned) user.set(id.key, id)
  }
  for (const [key, id] of asked.kept ?? []) if (!user.has(key)) user.set(key, id)
  for (const key of asked.removed) user.delete(key)
  if (user.size === 0) {
    throw invalid(
      'MissingIdentityIds',
      "The identity ids must not be null or empty for 'UserAssigned' identity type.",
    )
  }
  return { system: asked.system, user }
}

function unexpectedMap(host: ResourceId): Failure {
  const inner = {
    error: {
      code: 'BadRequest',
      message:
        'The request format was unexpected, a non-UserAssigned identity type should not contain: ' +
        'userAssignedIdentities',
    },
  }
  return identityOperationFailed(host, 'BadRequest', JSON.stringify(inner))
}

/** The wrapper with which Resource Manager reports what the identity provider refused. */
export function identityOperationFailed(
  host: ResourceId,
  status: string,
  response: string,
): Failure {
  return invalid(
    'FailedIdentityOperation',
    `Identity operation for resource '${host.text}' failed with error 'Failed to perform resource ` +
      `identity operation. Status: '${status}'. Response: '${response}'.'.`,
  )
}

function invalidValue(id: string): Failure {
  return invalid(
    'InvalidIdentityValues',
    `Invalid value for the identities '${id}'. The 'UserAssignedIdentities' property keys should only ` +
      'be empty json objects, null or the resource existing property.',
  )
}

function invalid(code: string, message: string): Failure {
  return new Failure('invalid', code, message, { target: 'identity' })
}
