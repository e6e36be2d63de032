/** Directory objects of any kind by id: what clients ask to learn the name behind an id. */
import { z } from 'zod'
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import type { Reply, Route } from '../../../http/route.ts'
import {
  directoryObject,
  ENTITY_TYPES,
  findObjects,
  requireObject,
  typed,
} from '../entities/objects.ts'
import {
  type Asked,
  answerMany,
  answerOne,
  changing,
  graphRoute,
  NO_CONTENT,
  select,
} from '../graph-route.ts'
import { readQuery } from '../odata/query.ts'

const MOST_IDS = 1000
const MOST_TYPES = 20

const byIds = z.strictObject({
  ids: z.array(z.guid()).min(1).max(MOST_IDS),
  types: z.array(z.string().max(100)).max(MOST_TYPES).nullish(),
})

export function directoryObjectRoutes(): Route[] {
  return [
    graphRoute({
      method: 'POST',
      path: '/directoryObjects/getByIds',
      permission: 'Directory.Read.All',
      body: byIds,
      answer: answerByIds,
    }),
    graphRoute({
      method: 'GET',
      path: '/directoryObjects/:id',
      permission: 'Directory.Read.All',
      async answer(call, asked) {
        const { select: names } = readQuery(asked.arrival, directoryObject)
        const found = await requireObject(call, asked.params.id ?? '')
        return answerOne(call, asked, select(typed(found), names), {
          context: 'directoryObjects/$entity',
        })
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: '/directoryObjects/:id',
      permission: 'Directory.ReadWrite.All',
      async answer(call, { params }) {
        const scope = `/directoryObjects/${params.id}`
        await changing(call, { action: 'microsoft.directory/delete', scope }, async (tx) => {
          const { type, shown } = await requireObject(tx, params.id ?? '')
          await type.remove(tx, shown)
        })
        return NO_CONTENT
      },
    }),
  ]
}

/** Ids of nothing are left out; kinds that this directory does not have match nothing. */
async function answerByIds(call: Call, asked: Asked<z.infer<typeof byIds>>): Promise<Reply> {
  const { ids, types } = asked.body
  const unique = new Set(ids.flatMap((id) => asId<ObjectId>(id) ?? []))
  const wanted = types && new Set(types.map((type) => type.toLowerCase()))
  const found = (await findObjects(call, [...unique])).filter((document) => {
    if (!wanted || wanted.size === 0 || wanted.has('directoryobject')) return true
    const type = ENTITY_TYPES.find(
      ({ typeName }) => document['@odata.type'] === `#microsoft.graph.${typeName}`,
    )
    return type !== undefined && wanted.has(type.typeName.toLowerCase())
  })
  return answerMany(call, asked, found, {
    context: 'directoryObjects',
    filtered: directoryObject,
    most: MOST_IDS,
  })
}
