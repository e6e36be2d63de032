/** Directory objects of any kind, by object id: what members, owners and grants refer to. */
import { Failure } from '../../../base/failure.ts'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import type { Document } from '../odata/apply.ts'
import type { Filtered } from '../odata/filter.ts'
import { applications } from './applications.ts'
import { type EntityType, readOnly, type Shown } from './entity.ts'
import { groups } from './groups.ts'
import { servicePrincipals } from './service-principals.ts'
import { users } from './users.ts'

export const ENTITY_TYPES: readonly EntityType[] = [servicePrincipals, users, groups, applications]

/** What a query over objects of several kinds may name: what each kind has. */
export const directoryObject = {
  typeName: 'directoryObject',
  title: 'DirectoryObject',
  properties: Object.assign({}, ...ENTITY_TYPES.map(({ properties }) => properties), {
    id: readOnly(null),
  }) as EntityType['properties'],
}

export interface Found {
  readonly type: EntityType
  readonly shown: Shown
}

export async function findObject(call: Call, objectId: ObjectId): Promise<Found | undefined> {
  for (const type of ENTITY_TYPES) {
    const shown = await type.find(call, objectId)
    if (shown) return { type, shown }
  }
  return undefined
}

/** Those of the ids that are there, each with its `@odata.type`. */
export async function findObjects(call: Call, ids: readonly ObjectId[]): Promise<Document[]> {
  const found = await Promise.all(ids.map((id) => findObject(call, id)))
  return found.flatMap((one) => (one ? [typed(one)] : []))
}

export function typed({ type, shown }: Found): Document {
  const { shown: few } = type
  const visible = few ? Object.fromEntries(few.map((name) => [name, shown[name]])) : shown
  return { '@odata.type': `#microsoft.graph.${type.typeName}`, ...visible }
}

/** What kinds a path may cast to: `/groups/{id}/members/microsoft.graph.user`. */
const CASTS: readonly Filtered[] = [
  ...ENTITY_TYPES,
  { typeName: 'directoryRole', title: 'DirectoryRole', properties: directoryObject.properties },
]

/**
 * Those of the objects that are of the kind which the path casts to; all where it casts to none.
 * @throws Failure invalid when it names no kind
 */
export function cast(
  documents: readonly Document[],
  segment: string | undefined,
): { readonly documents: readonly Document[]; readonly filtered: Filtered } {
  if (segment === undefined) return { documents, filtered: directoryObject }
  const wanted = segment.toLowerCase()
  const filtered = CASTS.find((one) => `microsoft.graph.${one.typeName}`.toLowerCase() === wanted)
  if (filtered === undefined) {
    throw new Failure(
      'invalid',
      'BadRequest',
      `Resource not found for the segment '${segment.slice(0, 100)}'.`,
    )
  }
  const type = `#microsoft.graph.${filtered.typeName}`
  return { documents: documents.filter((one) => one['@odata.type'] === type), filtered }
}

/** @throws Failure missing `Request_ResourceNotFound` */
export async function requireObject(call: Call, id: string): Promise<Found> {
  const objectId = asId<ObjectId>(id)
  const found = objectId && (await findObject(call, objectId))
  if (found) return found
  throw notFound(id)
}

export function notFound(id: string): Failure {
  return new Failure(
    'missing',
    'Request_ResourceNotFound',
    `Resource '${id.slice(0, 200)}' does not exist or one of its queried reference-property objects are not present.`,
  )
}
