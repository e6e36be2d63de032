import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId, type ObjectId } from '../../base/ids.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  addMember,
  createGroup,
  deleteGroup,
  findGroup,
  membersOf,
  removeMember,
  transitiveGroupIds,
} from './groups.ts'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

async function group(displayName: string): Promise<ObjectId> {
  return transaction(world.call(), async (tx) => (await createGroup(tx, { displayName })).objectId)
}

function add(groupId: ObjectId, memberId: ObjectId): Promise<void> {
  return transaction(world.call(), (tx) => addMember(tx, { groupId, memberId }))
}

async function groupsOf(objectId: ObjectId): Promise<ObjectId[]> {
  return [...(await transitiveGroupIds(world.call(), objectId))].sort()
}

test('membership reaches through groups in groups, and through circles once', async () => {
  const [inner, middle, outer] = [await group('inner'), await group('middle'), await group('outer')]
  const member = newId<ObjectId>()
  assert.deepEqual(await groupsOf(member), [])
  await add(inner, member)
  assert.deepEqual(await groupsOf(member), [inner])
  await add(middle, inner)
  await add(outer, middle)
  await add(inner, outer)
  assert.deepEqual(await groupsOf(member), [inner, middle, outer].sort())
})

test('leaving a group is seen by the next call', async () => {
  const groupId = await group('readers')
  const memberId = newId<ObjectId>()
  await add(groupId, memberId)
  await add(groupId, memberId)
  assert.deepEqual(await membersOf(world.call(), groupId), [memberId])
  await transaction(world.call(), (tx) => removeMember(tx, { groupId, memberId }))
  assert.deepEqual(await groupsOf(memberId), [])
})

test('a deleted group holds nobody and is in nothing', async () => {
  const [groupId, outer] = [await group('short-lived'), await group('outer')]
  const member = newId<ObjectId>()
  await add(groupId, member)
  await add(outer, groupId)
  assert.deepEqual(await groupsOf(member), [groupId, outer].sort())
  await transaction(world.call(), (tx) => deleteGroup(tx, groupId))
  assert.equal(await findGroup(world.call(), groupId), undefined)
  assert.deepEqual(await groupsOf(member), [])
  assert.deepEqual(await membersOf(world.call(), outer), [])
})

test('a membership that was rolled back never was', async () => {
  const groupId = await group('readers')
  const memberId = newId<ObjectId>()
  await assert.rejects(
    transaction(world.call(), async (tx) => {
      await addMember(tx, { groupId, memberId })
      throw new Error('rolled back')
    }),
  )
  assert.deepEqual(await groupsOf(memberId), [])
})
