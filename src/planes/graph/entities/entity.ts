/**
 * The kinds of directory objects as Graph shows them: one file each, with a table of its properties.
 * From the table follow what a body may hold, what a document shows where nothing is set, and what
 * a query may name. They know the directory's rooms; they know no route.
 */
import { z } from 'zod'
import type { ObjectId } from '../../../base/ids.ts'
import { isJsonObject } from '../../../base/json.ts'
import type { Call } from '../../../core/call.ts'
import type { DeletedObject } from '../../../core/directory/deleted-objects.ts'
import type { GraphPermission } from '../../../core/directory/microsoft-graph.ts'
import type { Profile } from '../../../core/directory/profiles.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Document } from '../odata/apply.ts'

/** A directory object as Graph shows it. */
export type Shown = Document & { readonly id: ObjectId }

export interface Property {
  /** What is shown where nothing is set. */
  readonly unset: unknown
  /** What a body may say; without it the property is read-only. */
  readonly asked?: z.ZodType
  /** Shown only where it is selected. */
  readonly hidden?: true
}

export interface EntityType {
  /** In paths: `servicePrincipals`. */
  readonly set: string
  /** `servicePrincipal`, of `#microsoft.graph.servicePrincipal`. */
  readonly typeName: string
  /** `ServicePrincipal`: what messages call it. */
  readonly title: string
  readonly properties: Readonly<Record<string, Property>>
  /** What is shown when nothing is selected; undefined shows all. */
  readonly shown?: readonly string[]
  readonly reading: GraphPermission
  readonly writing: GraphPermission
  /** Every one of the tenant, without what `complete` adds. */
  list(call: Call): Promise<Shown[]>
  find(call: Call, objectId: ObjectId): Promise<Shown | undefined>
  /** Adds what is too much for lists of all: credentials. */
  complete(call: Call, documents: readonly Shown[]): Promise<Shown[]>
  /** Deletes it; it can be restored for thirty days. */
  remove(tx: Transaction, shown: Shown): Promise<void>
  /** One that was deleted, as it was, with the time of its deletion. */
  showDeleted(call: Call, deleted: DeletedObject): Promise<Shown>
}

const LONGEST_TEXT_CHARS = 2048
const MOST_TEXTS = 1000
const MOST_OBJECTS = 1200

/** A text, null where it is not set. */
export function text(longestChars = LONGEST_TEXT_CHARS): Property {
  return { unset: null, asked: z.string().max(longestChars).nullable() }
}

export function flag(unset: boolean | null): Property {
  return { unset, asked: z.boolean().nullable() }
}

export function texts(): Property {
  return { unset: [], asked: z.array(z.string().max(LONGEST_TEXT_CHARS)).max(MOST_TEXTS) }
}

/** An object whose members Graph keeps as they came; a change leaves the others. */
export function object(unset: Readonly<Record<string, unknown>> | null): Property {
  return { unset, asked: z.looseObject({}).nullable() }
}

export function objects(): Property {
  return { unset: [], asked: z.array(z.looseObject({})).max(MOST_OBJECTS) }
}

export function readOnly(unset: unknown): Property {
  return { unset }
}

/** The same, shown only where it is selected. */
export function hidden(property: Property): Property {
  return { ...property, hidden: true }
}

/** Names of the properties that are shown when none are selected. */
export function shownUnasked(properties: Readonly<Record<string, Property>>): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.hidden === undefined)
}

/** What a body may hold: every property that can be written, none of them needed. */
export function writable(
  properties: Readonly<Record<string, Property>>,
): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, { asked }]) =>
      asked === undefined ? [] : [[name, asked.optional()]],
    ),
  )
}

/** Every property, from the profile or as it is where nothing is set. */
export function fillIn(
  properties: Readonly<Record<string, Property>>,
  profile: Profile,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { unset }]) => [name, merged(unset, profile[name])]),
  )
}

/** What of a body goes into the profile: the rest has a home elsewhere. */
export function profileChanges(
  body: Readonly<Record<string, unknown>>,
  before: Profile,
  elsewhere: readonly string[],
): Profile {
  return Object.fromEntries(
    Object.entries(body)
      .filter(([name, value]) => value !== undefined && ![...elsewhere, 'id'].includes(name))
      .map(([name, value]) => [name, value === null ? null : merged(before[name], value)]),
  )
}

function merged(under: unknown, over: unknown): unknown {
  if (over === undefined || over === null) return under
  if (!isJsonObject(under) || !isJsonObject(over)) return over
  const names = new Set([...Object.keys(under), ...Object.keys(over)])
  return Object.fromEntries([...names].map((name) => [name, mergedMember(name, under, over)]))
}

/** Inside an object a null is a value like others. */
function mergedMember(
  name: string,
  under: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): unknown {
  return over[name] === null ? null : merged(under[name], over[name])
}
