/**
 * Reading the body of a PUT or PATCH: the members every resource has, and the type's own.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { isJsonObject } from '../../base/json.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type IdentityAsked, readIdentity } from '../../core/identity/envelope.ts'
import { isLocation, LOCATIONS, locationName } from '../../core/resources/locations.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { readTags } from '../../core/resources/tags.ts'
import type { Asked, StoredType } from '../../providers/provider.ts'
import { parseLeniently } from '../../providers/written-as-text.ts'
import { mergePatch } from './merge-patch.ts'

export interface ReadBody {
  readonly asked: Asked<unknown>
  /** Undefined when the body has no identity: what the resource carries stays. */
  readonly identity: IdentityAsked | undefined
}

const object = z.record(z.string(), z.unknown())
const common = z.looseObject({
  location: z.string().nullish(),
  tags: z.unknown().optional(),
  kind: z.string().nullish(),
  sku: object.nullish(),
  properties: object.nullish(),
})

/** Members of an answer that clients send back; they change nothing. */
const READ_ONLY = ['id', 'name', 'type', 'etag', 'systemData', 'resources']
const COMMON = ['location', 'tags', 'kind', 'sku', 'properties']

/** @throws Failure invalid */
export function readBody(
  type: StoredType,
  id: ResourceId,
  raw: unknown,
  before: Resource | undefined,
  verb: 'PUT' | 'PATCH',
): ReadBody {
  if (!isJsonObject(raw)) {
    throw unreadable('The request content is not a JSON object.')
  }
  const members = knownMembers(type, raw)
  const read = common.safeParse(members)
  if (!read.success) throw unreadable(firstIssue(read.error))
  const body = verb === 'PATCH' && before ? patched(read.data, before) : read.data
  const { identity } = members
  return {
    asked: {
      id,
      location: readLocation(type, id, body.location ?? undefined, before),
      tags: readTags(body.tags),
      kind: body.kind ?? undefined,
      sku: body.sku ?? undefined,
      envelope: envelopeOf(type, body, before, verb),
      properties: readProperties(type, body.properties ?? {}),
    },
    identity:
      identity === undefined || identity === null
        ? undefined
        : readIdentity(id, identity, type.identity),
  }
}

/** The members under the names they have here: Resource Manager reads names in any case. */
function knownMembers(type: StoredType, raw: object): Record<string, unknown> {
  const identity = type.identity === 'none' ? [] : ['identity']
  const names = [...READ_ONLY, ...COMMON, ...identity, ...(type.envelope ?? [])]
  const known = new Map(names.map((name) => [name.toLowerCase(), name]))
  const members: Record<string, unknown> = {}
  for (const [given, value] of Object.entries(raw)) {
    const name = known.get(given.toLowerCase())
    if (name === undefined) {
      throw unreadable(
        `Could not find member '${given}' on object of type 'ResourceDefinition'. Path '${given}'.`,
      )
    }
    if (name in members) throw unreadable(`The member '${name}' comes twice. Path '${given}'.`)
    members[name] = value
  }
  return members
}

/** A PATCH is merged with what was there, and then read like a PUT. */
function patched(body: z.infer<typeof common>, before: Resource): z.infer<typeof common> {
  const was = {
    location: before.location,
    tags: before.tags,
    kind: before.kind,
    sku: before.sku,
    properties: before.properties,
  }
  const { identity: _, ...changes } = body
  // Tags are replaced as a whole: a PATCH of a resource names all that shall remain.
  const merged = mergePatch(was, { ...changes, tags: undefined }) as typeof was
  return { ...merged, tags: body.tags === undefined ? before.tags : body.tags }
}

function envelopeOf(
  type: StoredType,
  body: Readonly<Record<string, unknown>>,
  before: Resource | undefined,
  verb: 'PUT' | 'PATCH',
): Record<string, unknown> {
  const kept: Record<string, unknown> = verb === 'PATCH' ? { ...before?.envelope } : {}
  for (const name of type.envelope ?? []) {
    if (body[name] === null) delete kept[name]
    else if (body[name] !== undefined) kept[name] = body[name]
  }
  return kept
}

function readLocation(
  type: StoredType,
  id: ResourceId,
  given: string | undefined,
  before: Resource | undefined,
): string | undefined {
  if (type.location === 'none') return undefined
  if (given === undefined || given === '') {
    if (before?.location !== undefined || type.location === 'optional') return before?.location
    throw new Failure(
      'invalid',
      'LocationRequired',
      'The location property is required for this definition.',
      { target: 'location' },
    )
  }
  const location = locationName(given)
  if (!isLocation(location) && !(type.location === 'optional' && location === 'global')) {
    throw new Failure(
      'invalid',
      'LocationNotAvailableForResourceType',
      `The provided location '${given}' is not available for resource type '${type.name}'. List of ` +
        `available regions for the resource type is '${LOCATIONS.map(({ name }) => name).join(',')}'.`,
      { target: 'location' },
    )
  }
  if (before?.location !== undefined && before.location !== location) {
    if (type.name === 'Microsoft.Resources/resourceGroups') {
      throw new Failure(
        'conflict',
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${location}'. The Resource group already exists in ` +
          `location '${before.location}'.`,
      )
    }
    throw new Failure(
      'conflict',
      'InvalidResourceLocation',
      `The resource '${id.name}' already exists in location '${before.location}' in resource group ` +
        `'${id.resourceGroup ?? ''}'. A resource with the same name cannot be created in location ` +
        `'${location}'. Please select a new resource name.`,
      { target: 'location' },
    )
  }
  return location
}

function readProperties(type: StoredType, properties: Record<string, unknown>): unknown {
  const read = parseLeniently(type.properties, withoutNulls(properties))
  if (!read.success) throw unreadable(firstIssue(read.error, 'properties'))
  return read.data
}

/** Templates and clients send null for what they do not set: the same as not sending it. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  )
}

function firstIssue(error: z.ZodError, under?: string): string {
  const issue = error.issues[0]
  const path = [...(under ? [under] : []), ...(issue?.path ?? [])].join('.')
  return `${issue?.message ?? 'invalid'}. Path '${path}'.`
}

function unreadable(detail: string): Failure {
  return new Failure(
    'invalid',
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${detail}'.`,
  )
}
