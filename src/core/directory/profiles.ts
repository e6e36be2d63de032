/**
 * Profiles: the members of directory objects that Microsoft Graph keeps as they came and that no
 * rule reads: descriptions, tags, redirect addresses. What a rule reads has a column of its own.
 */
import type { ObjectId } from '../../base/ids.ts'
import { statement } from '../../store/statement.ts'
import type { DirectoryProfilesTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'

/** By Graph's names. */
export type Profile = Readonly<Record<string, unknown>>

const NO_PROFILE: Profile = {}

const everyRow = statement<Record<string, never>, DirectoryProfilesTable>((query) =>
  query.selectFrom('directory_profiles').selectAll(),
)
const rowOf = statement<{ objectId: string }, DirectoryProfilesTable>((query, param) =>
  query.selectFrom('directory_profiles').selectAll().where('object_id', '=', param('objectId')),
)
const putRow = statement<DirectoryProfilesTable, unknown>((query, param) =>
  query
    .insertInto('directory_profiles')
    .values({ object_id: param('object_id'), profile: param('profile') })
    .onConflict((conflict) =>
      conflict.column('object_id').doUpdateSet((row) => ({ profile: row.ref('excluded.profile') })),
    ),
)
const deleteRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('directory_profiles').where('object_id', '=', param('objectId')),
)

/** The object's profile; an empty one when nothing was ever written. */
export async function profileOf(call: Call, objectId: ObjectId): Promise<Profile> {
  const row = await rowOf.first(call.db, { objectId })
  return row ? JSON.parse(row.profile) : NO_PROFILE
}

/** Every profile of the tenant, for lists; objects without one are not in it. */
export async function everyProfile(call: Call): Promise<ReadonlyMap<ObjectId, Profile>> {
  const rows = await everyRow.all(call.db, {})
  return new Map(rows.map((row) => [row.object_id as ObjectId, JSON.parse(row.profile)]))
}

/** Sets the members that are given and leaves the others. */
export async function changeProfile(
  tx: Transaction,
  { objectId, changes }: { readonly objectId: ObjectId; readonly changes: Profile },
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  const profile = JSON.stringify({ ...(await profileOf(tx, objectId)), ...changes })
  await putRow.run(tx.db, { object_id: objectId, profile })
}

export async function removeProfile(tx: Transaction, objectId: ObjectId): Promise<void> {
  await deleteRow.run(tx.db, { objectId })
}
