/**
 * Groups and who is in them. Members are principals or other groups, so membership is transitive;
 * authorization asks for it on every request, and it is kept in memory.
 */
import type { Instant } from '../../base/clock.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { cached } from '../../store/cache.ts'
import { statement } from '../../store/statement.ts'
import type { GroupMembersTable, GroupsTable } from '../../store/tables.ts'
import type { Call } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { type DeletedObject, keepDeleted } from './deleted-objects.ts'
import { giveUpDirectoryRoles } from './directory-roles.ts'
import { removeTraces } from './traces.ts'

export interface Group {
  readonly objectId: ObjectId
  readonly displayName: string
  readonly createdAt: Instant
}

interface Memberships {
  /** The groups a member is directly in. */
  readonly groupsOf: Map<ObjectId, Set<ObjectId>>
  /** Answers already worked out; emptied by every change. */
  readonly transitive: Map<ObjectId, readonly ObjectId[]>
}

const NO_GROUPS: readonly ObjectId[] = []

const everyMembership = statement<Record<string, never>, GroupMembersTable>((query) =>
  query.selectFrom('group_members').selectAll(),
)
const groupRow = statement<{ objectId: string }, GroupsTable>((query, param) =>
  query.selectFrom('groups').selectAll().where('object_id', '=', param('objectId')),
)
const everyGroup = statement<Record<string, never>, GroupsTable>((query) =>
  query.selectFrom('groups').selectAll(),
)
const memberRows = statement<{ groupId: string }, { member_id: string }>((query, param) =>
  query
    .selectFrom('group_members')
    .select('member_id')
    .where('group_id', '=', param('groupId'))
    .orderBy('member_id'),
)
const groupRowsOf = statement<{ memberId: string }, { group_id: string }>((query, param) =>
  query
    .selectFrom('group_members')
    .select('group_id')
    .where('member_id', '=', param('memberId'))
    .orderBy('group_id'),
)
const insertGroup = statement<GroupsTable, unknown>((query, param) =>
  query.insertInto('groups').values({
    object_id: param('object_id'),
    display_name: param('display_name'),
    created_at: param('created_at'),
  }),
)
const updateName = statement<{ objectId: string; displayName: string }, unknown>((query, param) =>
  query
    .updateTable('groups')
    .set({ display_name: param('displayName') })
    .where('object_id', '=', param('objectId')),
)
const deleteGroupRow = statement<{ objectId: string }, unknown>((query, param) =>
  query.deleteFrom('groups').where('object_id', '=', param('objectId')),
)
const deleteMembers = statement<{ groupId: string }, unknown>((query, param) =>
  query.deleteFrom('group_members').where('group_id', '=', param('groupId')),
)
const insertMember = statement<GroupMembersTable, unknown>((query, param) =>
  query
    .insertInto('group_members')
    .values({ group_id: param('group_id'), member_id: param('member_id') })
    .onConflict((conflict) => conflict.doNothing()),
)
const deleteMember = statement<GroupMembersTable, unknown>((query, param) =>
  query
    .deleteFrom('group_members')
    .where('group_id', '=', param('group_id'))
    .where('member_id', '=', param('member_id')),
)
const deleteMemberships = statement<{ memberId: string }, unknown>((query, param) =>
  query.deleteFrom('group_members').where('member_id', '=', param('memberId')),
)

const memberships = cached<Memberships>(async (db) => {
  const loaded: Memberships = { groupsOf: new Map(), transitive: new Map() }
  for (const row of await everyMembership.all(db, {})) {
    join(loaded, row.group_id as ObjectId, row.member_id as ObjectId)
  }
  return loaded
})

/** Every group the object is in, directly or through other groups, in no order. */
export async function transitiveGroupIds(
  call: Call,
  objectId: ObjectId,
): Promise<readonly ObjectId[]> {
  const { groupsOf, transitive } = await memberships.get(call.db)
  if (!groupsOf.has(objectId)) return NO_GROUPS
  const known = transitive.get(objectId)
  if (known) return known
  const found = walkUp(groupsOf, objectId)
  transitive.set(objectId, found)
  return found
}

/** The group with this object id, or undefined. */
export async function findGroup(call: Call, objectId: ObjectId): Promise<Group | undefined> {
  const row = await groupRow.first(call.db, { objectId })
  return row && fromRow(row)
}

/** Every group of the tenant, in no order. */
export async function listGroups(call: Call): Promise<Group[]> {
  return (await everyGroup.all(call.db, {})).map(fromRow)
}

/** The groups the object is directly in, in no order. */
export async function directGroupIds(call: Call, objectId: ObjectId): Promise<ObjectId[]> {
  const { groupsOf } = await memberships.get(call.db)
  return [...(groupsOf.get(objectId) ?? [])]
}

/** Object ids of the direct members, sorted. */
export async function membersOf(call: Call, groupId: ObjectId): Promise<ObjectId[]> {
  const rows = await memberRows.all(call.db, { groupId })
  return rows.map((row) => row.member_id as ObjectId)
}

export async function createGroup(
  tx: Transaction,
  { displayName }: { readonly displayName: string },
): Promise<Group> {
  const group: Group = { objectId: newId<ObjectId>(), displayName, createdAt: tx.now }
  await insertGroup.run(tx.db, {
    object_id: group.objectId,
    display_name: displayName,
    created_at: tx.now,
  })
  return group
}

export async function renameGroup(
  tx: Transaction,
  { objectId, displayName }: { readonly objectId: ObjectId; readonly displayName: string },
): Promise<void> {
  await updateName.run(tx.db, { objectId, displayName })
}

/** Deletes the group for good, with its list of members and its own memberships. */
export async function deleteGroup(tx: Transaction, objectId: ObjectId): Promise<void> {
  await takeAway(tx, objectId)
  await removeTraces(tx, objectId)
}

async function takeAway(tx: Transaction, objectId: ObjectId): Promise<void> {
  await deleteMembers.run(tx.db, { groupId: objectId })
  await leaveAllGroups(tx, objectId)
  await deleteGroupRow.run(tx.db, { objectId })
  afterCommit(tx, ({ groupsOf }) => {
    for (const groups of groupsOf.values()) groups.delete(objectId)
  })
}

/** Takes the group and its members away until it is restored or gone for good. */
export async function softDeleteGroup(tx: Transaction, objectId: ObjectId): Promise<void> {
  const group = await findGroup(tx, objectId)
  if (group === undefined) return
  const memberOf = await groupsWith(tx, objectId)
  const members = await membersOf(tx, objectId)
  await keepDeleted(tx, { objectId, kind: 'group', facts: group, memberOf, members })
  await giveUpDirectoryRoles(tx, objectId)
  await takeAway(tx, objectId)
}

/** Brings a deleted group back, with those of its members and groups that are still there. */
export async function restoreGroup(
  tx: Transaction,
  { facts, members, memberOf }: DeletedObject,
): Promise<void> {
  const group = facts as Group
  await insertGroup.run(tx.db, {
    object_id: group.objectId,
    display_name: group.displayName,
    created_at: group.createdAt,
  })
  for (const memberId of members) await addMember(tx, { groupId: group.objectId, memberId })
  await rejoin(tx, group.objectId, memberOf)
}

/** The groups an object is directly in, for whoever deletes it: read from the database. */
export async function groupsWith(tx: Transaction, memberId: ObjectId): Promise<ObjectId[]> {
  const rows = await groupRowsOf.all(tx.db, { memberId })
  return rows.map((row) => row.group_id as ObjectId)
}

/** Puts a restored object back into those of its groups that are still there. */
export async function rejoin(
  tx: Transaction,
  memberId: ObjectId,
  groupIds: readonly ObjectId[],
): Promise<void> {
  for (const groupId of groupIds) {
    if (await findGroup(tx, groupId)) await addMember(tx, { groupId, memberId })
  }
}

/** Adds a principal or a group to the group; twice is the same as once. */
export async function addMember(
  tx: Transaction,
  { groupId, memberId }: { readonly groupId: ObjectId; readonly memberId: ObjectId },
): Promise<void> {
  await insertMember.run(tx.db, { group_id: groupId, member_id: memberId })
  afterCommit(tx, (known) => join(known, groupId, memberId))
}

export async function removeMember(
  tx: Transaction,
  { groupId, memberId }: { readonly groupId: ObjectId; readonly memberId: ObjectId },
): Promise<void> {
  await deleteMember.run(tx.db, { group_id: groupId, member_id: memberId })
  afterCommit(tx, ({ groupsOf }) => groupsOf.get(memberId)?.delete(groupId))
}

/** Takes the object out of every group, as its deletion does. */
export async function leaveAllGroups(tx: Transaction, memberId: ObjectId): Promise<void> {
  await deleteMemberships.run(tx.db, { memberId })
  afterCommit(tx, ({ groupsOf }) => groupsOf.delete(memberId))
}

function afterCommit(tx: Transaction, change: (known: Memberships) => void): void {
  tx.db.afterCommit(() =>
    memberships.apply(tx.db.database, (known) => {
      change(known)
      known.transitive.clear()
    }),
  )
}

function join({ groupsOf }: Memberships, groupId: ObjectId, memberId: ObjectId): void {
  const groups = groupsOf.get(memberId)
  if (groups) groups.add(groupId)
  else groupsOf.set(memberId, new Set([groupId]))
}

function fromRow(row: GroupsTable): Group {
  return {
    objectId: row.object_id as ObjectId,
    displayName: row.display_name,
    createdAt: row.created_at as Instant,
  }
}

/** Groups may contain each other in circles: each is visited once. */
function walkUp(groupsOf: Memberships['groupsOf'], objectId: ObjectId): readonly ObjectId[] {
  const found = new Set<ObjectId>()
  const waiting = [objectId]
  for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
    for (const groupId of groupsOf.get(member) ?? []) {
      if (found.has(groupId)) continue
      found.add(groupId)
      waiting.push(groupId)
    }
  }
  return [...found]
}
