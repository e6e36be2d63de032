/** What every kind of directory object has in common: list, count, get and delete. */
import { Failure } from '../../../base/failure.ts'
import { asId, type ClientId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import { findApplicationByClientId } from '../../../core/directory/applications.ts'
import { ownersOf } from '../../../core/directory/owners.ts'
import { findUserByPrincipalName } from '../../../core/directory/users.ts'
import type { Reply, Route } from '../../../http/route.ts'
import type { EntityType, Shown } from '../entities/entity.ts'
import { ENTITY_TYPES, findObjects, notFound } from '../entities/objects.ts'
import { principalWithClientId } from '../entities/service-principals.ts'
import {
  type Asked,
  answerMany,
  answerOne,
  changing,
  graphRoute,
  NO_CONTENT,
  select,
} from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import type { Filtered } from '../odata/filter.ts'
import { isEventual, needsHeader, type Query, readQuery } from '../odata/query.ts'

/** Kinds that a key other than the object id names too: `applications(appId='…')`. */
const WITH_ALTERNATE_KEYS: ReadonlySet<string> = new Set(['servicePrincipals', 'applications'])

/** A segment `/{id}`, and the OData form of a key for kinds that have one. */
export function itemPaths({ set }: EntityType): string[] {
  return WITH_ALTERNATE_KEYS.has(set) ? [`/${set}/:id`, `/${set}:key`] : [`/${set}/:id`]
}

/**
 * The same routes below the OData form of a key: `servicePrincipals(appId='…')/owners`. What is in
 * the way a route finds its object, `requireEntity`, reads both forms.
 */
export function byAlternateKey(routes: readonly Route[]): Route[] {
  const taken = new Set(routes.map(({ method, path }) => `${method} ${path}`))
  return routes.flatMap((route) => {
    const [, version = '', set = '', rest = ''] =
      /^(\/:version)\/(\w+)\/:id(\/.+)$/.exec(route.path) ?? []
    const path = `${version}/${set}:key${rest}`
    const isTwin = WITH_ALTERNATE_KEYS.has(set) && !taken.has(`${route.method} ${path}`)
    return isTwin ? [{ ...route, path }] : []
  })
}

export function entityRoutes(): Route[] {
  return ENTITY_TYPES.flatMap((type) => [
    graphRoute({
      method: 'GET',
      path: `/${type.set}`,
      permission: type.reading,
      answer: (call, asked) => list(call, type, asked),
    }),
    graphRoute({
      method: 'GET',
      path: `/${type.set}/$count`,
      permission: type.reading,
      answer: (call, asked) => count(call, type, asked),
    }),
    ...itemPaths(type).flatMap((path) => [
      graphRoute({
        method: 'GET',
        path,
        permission: type.reading,
        answer: (call, asked) => get(call, type, asked),
      }),
      graphRoute({
        method: 'DELETE',
        path,
        permission: type.writing,
        answer: (call, asked) => remove(call, type, asked),
      }),
    ]),
  ])
}

async function list(call: Call, type: EntityType, asked: Asked<unknown>): Promise<Reply> {
  return answerMany(call, asked, await type.list(call), {
    context: type.set,
    filtered: type,
    shown: type.shown,
    complete: async (page, query) =>
      expand(call, await type.complete(call, page as readonly Shown[]), query),
  })
}

async function count(call: Call, type: EntityType, asked: Asked<unknown>): Promise<Reply> {
  return countReply(await type.list(call), type, asked)
}

/** How many of the documents the query asks for, as a text. */
export function countReply(
  all: readonly Document[],
  filtered: Filtered,
  { arrival }: Pick<Asked<unknown>, 'arrival'>,
): Reply {
  if (!isEventual(arrival)) throw needsHeader('$count')
  const query = { ...arrival.query, $count: 'true' }
  const { filter } = readQuery({ ...arrival, query }, filtered)
  const wanted = all.filter((document) => filter?.matches(document) ?? true)
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(wanted.length) }
}

async function get(call: Call, type: EntityType, asked: Asked<unknown>): Promise<Reply> {
  const query = readQuery(asked.arrival, type)
  return answerEntity(call, type, asked, await requireEntity(call, type, asked.params), { query })
}

async function remove(call: Call, type: EntityType, { params }: Asked<unknown>): Promise<Reply> {
  const scope = `/${type.set}/${params.id ?? params.key}`
  const action = `microsoft.directory/${type.set}/delete`
  await changing(call, { action, scope }, async (tx) => {
    await type.remove(tx, await requireEntity(tx, type, params))
  })
  return NO_CONTENT
}

/** One object, whole, as the answer to a reading or to its making. */
export async function answerEntity(
  call: Call,
  type: EntityType,
  asked: Pick<Asked<unknown>, 'version'>,
  shown: Shown,
  { query, status = 200 }: { readonly query?: Query; readonly status?: number } = {},
): Promise<Reply> {
  const [whole = shown] = await type.complete(call, [shown])
  const [document = whole] = query ? await expand(call, [whole], query) : [whole]
  const chosen = query?.select ? `(${query.select.join(',')})` : ''
  const expanded = query?.expand ?? []
  const names = query?.select ?? type.shown
  return answerOne(call, asked, select(document, names && [...names, ...expanded]), {
    context: `${type.set}${chosen}/$entity`,
    status,
  })
}

/** The one that the path names. @throws Failure missing `Request_ResourceNotFound` */
export async function requireEntity(
  call: Call,
  type: EntityType,
  params: Asked<unknown>['params'],
): Promise<Shown> {
  const { id = '', key } = params
  const objectId = key === undefined ? await byId(call, type, id) : await byKey(call, type, key)
  const shown = objectId && (await type.find(call, objectId))
  if (shown) return shown
  throw notFound(key ?? id)
}

/**
 * The one that the path names, to be changed as the body says; the body may repeat its id.
 * @throws Failure missing `Request_ResourceNotFound`, invalid `Request_BadRequest`
 */
export async function requireChanged(
  call: Call,
  type: EntityType,
  { params, body }: { params: Asked<unknown>['params']; body: { id?: string | undefined } },
): Promise<Shown> {
  const shown = await requireEntity(call, type, params)
  if (body.id === undefined || body.id.toLowerCase() === shown.id) return shown
  throw new Failure(
    'invalid',
    'Request_BadRequest',
    "Property 'id' is read-only and cannot be set.",
  )
}

/** Users are named by user principal name, too. */
async function byId(call: Call, type: EntityType, id: string): Promise<ObjectId | undefined> {
  const objectId = asId<ObjectId>(id)
  if (objectId || type.set !== 'users') return objectId
  return (await findUserByPrincipalName(call, id))?.objectId
}

/** `('{object id}')` or `(appId='{client id}')`. */
async function byKey(call: Call, type: EntityType, key: string): Promise<ObjectId | undefined> {
  const [, name, value = ''] = /^\((?:(\w+)=)?'([^']*)'\)$/.exec(key) ?? []
  const id = asId<ObjectId>(value)
  if (id === undefined) {
    throw new Failure('invalid', 'BadRequest', `The key '${key.slice(0, 100)}' is not valid.`)
  }
  if (name === undefined || name === 'id') return id
  if (name.toLowerCase() !== 'appid') throw notFound(key)
  const clientId = value.toLowerCase() as ClientId
  return type.set === 'applications'
    ? (await findApplicationByClientId(call, clientId))?.objectId
    : principalWithClientId(call, clientId)
}

/** `$expand=owners` is what clients expand; other relations have routes of their own. */
async function expand(
  call: Call,
  documents: readonly Shown[],
  { expand }: Pick<Query, 'expand'>,
): Promise<readonly Shown[]> {
  if (expand.length === 0) return documents
  const unknown = expand.find((name) => name !== 'owners')
  if (unknown !== undefined) {
    throw new Failure(
      'invalid',
      'Request_UnsupportedQuery',
      `The relation '${unknown.slice(0, 100)}' cannot be expanded.`,
    )
  }
  return Promise.all(
    documents.map(async (document) => ({
      ...document,
      owners: (await findObjects(call, await ownersOf(call, document.id))) as Document[],
    })),
  )
}
