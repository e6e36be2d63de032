/** Owners of applications, service principals and groups; and what a principal owns. */

import { Failure } from '../../../base/failure.ts'
import type { ObjectId } from '../../../base/ids.ts'
import { addOwner, ownedBy, ownersOf, removeOwner } from '../../../core/directory/owners.ts'
import type { Transaction } from '../../../core/transaction.ts'
import type { Route } from '../../../http/route.ts'
import { applications } from '../entities/applications.ts'
import type { EntityType } from '../entities/entity.ts'
import { groups, protectRoleGroup } from '../entities/groups.ts'
import { directoryObject, findObjects, notFound } from '../entities/objects.ts'
import { changeable, servicePrincipals } from '../entities/service-principals.ts'
import { users } from '../entities/users.ts'
import { answerMany, changing, graphRoute, NO_CONTENT } from '../graph-route.ts'
import { requireEntity } from './entities.ts'
import { reference, referredTo } from './references.ts'

export function ownerRoutes(): Route[] {
  return [
    ...[applications, servicePrincipals, groups].flatMap(routesOf),
    ...[servicePrincipals, users].map(ownedRoute),
  ]
}

function routesOf(type: EntityType): Route[] {
  const path = `/${type.set}/:id/owners`
  const action = `microsoft.directory/${type.set}/owners/update`
  return [
    graphRoute({
      method: 'GET',
      path,
      permission: type.reading,
      async answer(call, asked) {
        const { id } = await requireEntity(call, type, asked.params)
        return answerMany(call, asked, await findObjects(call, await ownersOf(call, id)), {
          context: 'directoryObjects',
          filtered: directoryObject,
        })
      },
    }),
    graphRoute({
      method: 'POST',
      path: `${path}/$ref`,
      permission: type.writing,
      body: reference,
      async answer(call, { params, body }) {
        await changing(
          call,
          { action, scope: `/${type.set}/${params.id ?? params.key}` },
          async (tx) => {
            const objectId = await ownable(tx, type, params)
            const ownerId = await referredTo(tx, body['@odata.id'])
            if (!(await addOwner(tx, { objectId, ownerId }))) throw alreadyThere()
          },
        )
        return NO_CONTENT
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${path}/:ownerId/$ref`,
      permission: type.writing,
      async answer(call, { params }) {
        const ownerId = (params.ownerId ?? '').toLowerCase() as ObjectId
        await changing(
          call,
          { action, scope: `/${type.set}/${params.id ?? params.key}` },
          async (tx) => {
            const objectId = await ownable(tx, type, params)
            if (!(await removeOwner(tx, { objectId, ownerId }))) throw notFound(ownerId)
          },
        )
        return NO_CONTENT
      },
    }),
  ]
}

function ownedRoute(type: EntityType): Route {
  return graphRoute({
    method: 'GET',
    path: `/${type.set}/:id/ownedObjects`,
    permission: type.reading,
    async answer(call, asked) {
      const { id } = await requireEntity(call, type, asked.params)
      return answerMany(call, asked, await findObjects(call, await ownedBy(call, id)), {
        context: 'directoryObjects',
        filtered: directoryObject,
      })
    },
  })
}

async function ownable(
  tx: Transaction,
  type: EntityType,
  params: Readonly<Record<string, string>>,
): Promise<ObjectId> {
  const { id } = await requireEntity(tx, type, params)
  if (type === servicePrincipals) await changeable(tx, id)
  if (type === groups) await protectRoleGroup(tx, id)
  return id
}

function alreadyThere(): Failure {
  return new Failure(
    'invalid',
    'Request_BadRequest',
    "One or more added object references already exist for the following modified properties: 'owners'.",
  )
}
