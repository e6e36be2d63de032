/**
 * Deleted objects: users, groups, applications and their service principals, which can be restored
 * for thirty days. Nobody can be one, find one or be let in by one: the object's own row is here and
 * in no other table. What hangs on its id (credentials, owners, grants) waits in its own tables, and
 * its places in groups are written down, so that no group lets anybody in by it meanwhile.
 */
import { after, DAY_MS, type Instant } from '../../base/clock.ts'
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { DeletedObjectsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

export type DeletedKind = DeletedObjectsTable['kind']

export interface DeletedObject {
  readonly objectId: ObjectId
  readonly kind: DeletedKind
  /** The object as it was: a `User`, a `Group`, an `Application` or a `ServicePrincipal`. */
  readonly facts: unknown
  /** The groups it was directly in. */
  readonly memberOf: readonly ObjectId[]
  /** Who was directly in it, if it is a group. */
  readonly members: readonly ObjectId[]
  readonly deletedAt: Instant
}

/** How long what is deleted can be restored. */
const DELETED_LIFE_MS = 30 * DAY_MS
const MOST_AT_ONCE = 100

const rowById = statement<{ objectId: string }, DeletedObjectsTable>((query, param) =>
  query.selectFrom('deleted_objects').selectAll().where('object_id', '=', param('objectId')),
)
const rowsOfKind = statement<{ kind: DeletedKind; since: number }, DeletedObjectsTable>(
  (query, param) =>
    query
      .selectFrom('deleted_objects')
      .selectAll()
      .where('kind', '=', param('kind'))
      .where('deleted_at', '>', param('since'))
      .orderBy('deleted_at', 'desc')
      .orderBy('object_id'),
)
const dueRows = statement<{ until: number }, DeletedObjectsTable>((query, param) =>
  query
    .selectFrom('deleted_objects')
    .selectAll()
    .where('deleted_at', '<=', param('until'))
    .orderBy('deleted_at')
    .limit(MOST_AT_ONCE),
)
const insertRow = statement<DeletedObjectsTable, unknown>((query, param) =>
  query.insertInto('deleted_objects').values({
    object_id: param('object_id'),
    kind: param('kind'),
    facts: param('facts'),
    member_of: param('member_of'),
    members: param('members'),
    deleted_at: param('deleted_at'),
  }),
)
const deleteRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('deleted_objects').where('object_id', '=', param('objectId')),
)

/** The deleted object with this id, while it can be restored. */
export async function findDeleted(
  call: Call,
  objectId: ObjectId,
): Promise<DeletedObject | undefined> {
  const row = await rowById.first(call.db, { objectId })
  return row && row.deleted_at > oldest(call) ? fromRow(row) : undefined
}

/** Those of a kind that can be restored, the last deleted first. */
export async function listDeleted(call: Call, kind: DeletedKind): Promise<DeletedObject[]> {
  return (await rowsOfKind.all(call.db, { kind, since: oldest(call) })).map(fromRow)
}

/** Some of those whose time is over, the oldest first. */
export async function deletedForGood(call: Call): Promise<DeletedObject[]> {
  return (await dueRows.all(call.db, { until: oldest(call) })).map(fromRow)
}

/** Keeps an object that is being deleted. */
export async function keepDeleted(
  tx: Transaction,
  { objectId, kind, facts, memberOf, members = [] }: Kept,
): Promise<void> {
  await insertRow.run(tx.db, {
    object_id: objectId,
    kind,
    facts: JSON.stringify(facts),
    member_of: JSON.stringify(memberOf),
    members: JSON.stringify(members),
    deleted_at: tx.now,
  })
}

type Kept = Omit<DeletedObject, 'deletedAt' | 'members'> & Partial<Pick<DeletedObject, 'members'>>

/** The object is restored, or gone for good. */
export async function forgetDeleted(tx: Transaction, objectId: ObjectId): Promise<void> {
  await deleteRow.run(tx.db, { objectId })
}

function oldest({ now }: Call): Instant {
  return after(now, -DELETED_LIFE_MS)
}

function fromRow(row: DeletedObjectsTable): DeletedObject {
  return {
    objectId: row.object_id as ObjectId,
    kind: row.kind,
    facts: JSON.parse(row.facts),
    memberOf: JSON.parse(row.member_of),
    members: JSON.parse(row.members),
    deletedAt: row.deleted_at as Instant,
  }
}
