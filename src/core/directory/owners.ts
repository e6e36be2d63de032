/** Owners: the principals that answer for an application, a service principal or a group. */
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { DirectoryOwnersTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

interface Ownership {
  readonly objectId: ObjectId
  readonly ownerId: ObjectId
}

const ownerRows = statement<{ objectId: string }, { owner_id: string }>((query, param) =>
  query
    .selectFrom('directory_owners')
    .select('owner_id')
    .where('object_id', '=', param('objectId'))
    .orderBy('owner_id'),
)
const ownedRows = statement<{ ownerId: string }, { object_id: string }>((query, param) =>
  query
    .selectFrom('directory_owners')
    .select('object_id')
    .where('owner_id', '=', param('ownerId'))
    .orderBy('object_id'),
)
const insertRow = statement<DirectoryOwnersTable, unknown>((query, param) =>
  query
    .insertInto('directory_owners')
    .values({ object_id: param('object_id'), owner_id: param('owner_id') })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteRow = statement<DirectoryOwnersTable, unknown>((query, param) =>
  query
    .deleteFrom('directory_owners')
    .where('object_id', '=', param('object_id'))
    .where('owner_id', '=', param('owner_id')),
)
const deleteRowsWith = statement<{ objectId: string }, unknown>((query, param) =>
  query
    .deleteFrom('directory_owners')
    .where(({ eb, or }) =>
      or([eb('object_id', '=', param('objectId')), eb('owner_id', '=', param('objectId'))]),
    ),
)

/** Object ids of the owners, sorted. */
export async function ownersOf(call: Call, objectId: ObjectId): Promise<ObjectId[]> {
  return (await ownerRows.all(call.db, { objectId })).map((row) => row.owner_id as ObjectId)
}

/** Object ids of what the principal owns, sorted. */
export async function ownedBy(call: Call, ownerId: ObjectId): Promise<ObjectId[]> {
  return (await ownedRows.all(call.db, { ownerId })).map((row) => row.object_id as ObjectId)
}

/** Gives whether the owner is new. */
export async function addOwner(tx: Transaction, owner: Ownership): Promise<boolean> {
  const row = { object_id: owner.objectId, owner_id: owner.ownerId }
  return (await insertRow.run(tx.db, row)) > 0
}

/** Gives whether there was such an owner. */
export async function removeOwner(tx: Transaction, owner: Ownership): Promise<boolean> {
  const row = { object_id: owner.objectId, owner_id: owner.ownerId }
  return (await deleteRow.run(tx.db, row)) > 0
}

/** Takes the object out of every ownership, on both sides. */
export async function removeOwnershipsOf(tx: Transaction, objectId: ObjectId): Promise<void> {
  await deleteRowsWith.run(tx.db, { objectId })
}
