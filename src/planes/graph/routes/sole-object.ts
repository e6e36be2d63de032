/** A set of one object, which comes with the tenant: it is listed, and read by its id. */
import type { Call } from '../../../core/call.ts'
import type { GraphPermission } from '../../../core/directory/microsoft-graph.ts'
import type { Route } from '../../../http/route.ts'
import { notFound } from '../entities/objects.ts'
import { answerMany, answerOne, graphRoute, select } from '../graph-route.ts'
import type { Document } from '../odata/apply.ts'
import type { Filtered } from '../odata/filter.ts'
import { readQuery } from '../odata/query.ts'

export interface SoleObject {
  /** `organization`: the path, and the name of its set. */
  readonly set: string
  readonly permission: GraphPermission
  readonly filtered: Filtered
  document(call: Call): Document & { readonly id: string }
}

export function soleObjectRoutes({ set, permission, filtered, document }: SoleObject): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: `/${set}`,
      permission,
      answer: (call, asked) =>
        answerMany(call, asked, [document(call)], { context: set, filtered }),
    }),
    graphRoute({
      method: 'GET',
      path: `/${set}/:id`,
      permission,
      async answer(call, asked) {
        const { id = '' } = asked.params
        const found = document(call)
        if (id.toLowerCase() !== found.id) throw notFound(id)
        const { select: names } = readQuery(asked.arrival, filtered)
        return answerOne(call, asked, select(found, names), { context: `${set}/$entity` })
      },
    }),
  ]
}
