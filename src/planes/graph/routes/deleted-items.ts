/** `/directory/deletedItems`: what was deleted, for thirty days: shown, restored, gone for good. */
import { asId, type ObjectId } from '../../../base/ids.ts'
import type { Call } from '../../../core/call.ts'
import {
  type DeletedObject,
  findDeleted,
  listDeleted,
} from '../../../core/directory/deleted-objects.ts'
import { purgeDeleted, restoreDeleted } from '../../../core/directory/deletion.ts'
import { profileOf } from '../../../core/directory/profiles.ts'
import type { Reply, Route } from '../../../http/route.ts'
import { applications } from '../entities/applications.ts'
import type { EntityType } from '../entities/entity.ts'
import { groups, protectRoleGroup } from '../entities/groups.ts'
import { notFound } from '../entities/objects.ts'
import { servicePrincipals } from '../entities/service-principals.ts'
import { users } from '../entities/users.ts'
import {
  type Asked,
  answerMany,
  answerOne,
  changing,
  graphRoute,
  NO_CONTENT,
} from '../graph-route.ts'
import { readQuery } from '../odata/query.ts'
import { requirePermission, requireReadingOfDeleted } from '../permissions.ts'
import { refuseTakenUris } from './applications.ts'
import { countReply } from './entities.ts'

const ITEMS = '/directory/deletedItems'

const TYPES: Readonly<Record<DeletedObject['kind'], EntityType>> = {
  application: applications,
  servicePrincipal: servicePrincipals,
  user: users,
  group: groups,
}

export function deletedItemRoutes(): Route[] {
  return [...Object.values(TYPES).flatMap(listRoutes), ...itemRoutes()]
}

/** `/directory/deletedItems/microsoft.graph.user`: a list is of one type. */
function listRoutes(type: EntityType): Route[] {
  const path = `${ITEMS}/microsoft.graph.${type.typeName}`
  const read = async (call: Call) => {
    await requireReadingOfDeleted(call, type.reading)
    const all = await listDeleted(call, type.typeName as DeletedObject['kind'])
    return Promise.all(all.map((one) => type.showDeleted(call, one)))
  }
  return [
    graphRoute({
      method: 'GET',
      path,
      permission: type.reading,
      answer: async (call, asked) =>
        answerMany(call, asked, await read(call), {
          context: `${type.set}`,
          filtered: type,
        }),
    }),
    graphRoute({
      method: 'GET',
      path: `${path}/$count`,
      permission: type.reading,
      answer: async (call, asked) => countReply(await read(call), type, asked),
    }),
  ]
}

/** Of which type an item is says which permission it takes; without any of them there is no answer. */
function itemRoutes(): Route[] {
  return [
    graphRoute({
      method: 'GET',
      path: `${ITEMS}/:id`,
      permission: 'by what it is about',
      async answer(call, asked) {
        const { deleted, type } = await requireDeleted(call, asked.params, 'reading')
        readQuery(asked.arrival, type)
        return answerDeleted(call, asked, { type, deleted })
      },
    }),
    graphRoute({
      method: 'POST',
      path: `${ITEMS}/:id/restore`,
      permission: 'by what it is about',
      async answer(call, asked) {
        const { deleted, type } = await requireDeleted(call, asked.params, 'writing')
        await changing(call, described(type, deleted, 'restore'), async (tx) => {
          if (type === applications) await checkUris(tx, deleted)
          await protectGroup(tx, type, deleted)
          // Back in a group that holds a role, it holds the role again.
          for (const groupId of deleted.memberOf) await protectRoleGroup(tx, groupId)
          await restoreDeleted(tx, deleted)
        })
        const shown = await type.find(call, deleted.objectId)
        if (shown === undefined) throw notFound(deleted.objectId)
        return answerOne(call, asked, typedAs(type, shown), { context: 'directoryObjects/$entity' })
      },
    }),
    graphRoute({
      method: 'DELETE',
      path: `${ITEMS}/:id`,
      permission: 'by what it is about',
      async answer(call, { params }) {
        const { deleted, type } = await requireDeleted(call, params, 'writing')
        await changing(call, described(type, deleted, 'delete'), async (tx) => {
          await protectGroup(tx, type, deleted)
          await purgeDeleted(tx, deleted)
        })
        return NO_CONTENT
      },
    }),
  ]
}

async function requireDeleted(
  call: Call,
  { id = '' }: Asked<unknown>['params'],
  need: 'reading' | 'writing',
): Promise<{ deleted: DeletedObject; type: EntityType }> {
  await requirePermission(call, ...Object.values(TYPES).map((type) => type[need]))
  const objectId = asId<ObjectId>(id)
  const deleted = objectId && (await findDeleted(call, objectId))
  if (!deleted) throw notFound(id)
  const type = TYPES[deleted.kind]
  await requirePermission(call, type[need])
  await requireReadingOfDeleted(call, type.reading)
  return { deleted, type }
}

async function answerDeleted(
  call: Call,
  asked: Pick<Asked<unknown>, 'version'>,
  { type, deleted }: { readonly type: EntityType; readonly deleted: DeletedObject },
): Promise<Reply> {
  const shown = await type.showDeleted(call, deleted)
  return answerOne(call, asked, typedAs(type, shown), { context: 'directoryObjects/$entity' })
}

function typedAs(type: EntityType, shown: Readonly<Record<string, unknown>>) {
  return { '@odata.type': `#microsoft.graph.${type.typeName}`, ...shown }
}

async function protectGroup(call: Call, type: EntityType, { objectId }: DeletedObject) {
  if (type === groups) await protectRoleGroup(call, objectId)
}

/** Another application may have taken its names meanwhile. */
async function checkUris(
  tx: Parameters<typeof refuseTakenUris>[0],
  { objectId }: DeletedObject,
): Promise<void> {
  const { identifierUris } = await profileOf(tx, objectId)
  if (!Array.isArray(identifierUris)) return
  await refuseTakenUris(tx, objectId, identifierUris.map(String))
}

function described(type: EntityType, { objectId }: DeletedObject, verb: string) {
  return {
    action: `microsoft.directory/deletedItems.${type.set}/${verb}`,
    scope: `${ITEMS}/${objectId}`,
  }
}
