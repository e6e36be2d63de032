import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { newId, type ObjectId } from '../../base/ids.ts'
import {
  managementGroupResourceId,
  parseResourceId,
  rootManagementGroup,
} from '../../base/resource-id.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { isAllowed } from './check.ts'
import { displaceScope, placeScope, scopeChain, subtree } from './scope-tree.ts'
import { assignRole } from './test-assignment.ts'

const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555'
const VAULT = `${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv`
const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6'
const key = (name: string) => managementGroupResourceId(name).key

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

const place = (child: string, parent: string) =>
  transaction(world.call(), (tx) => placeScope(tx, child, parent))
const chain = (text: string) => scopeChain(world.call(), parseResourceId(text))

it('a subscription that nobody has placed is right below the root group', async () => {
  const root = rootManagementGroup(world.call()).key
  assert.deepEqual(await chain(`${SUBSCRIPTION}/resourceGroups/g`), [
    `${SUBSCRIPTION}/resourcegroups/g`,
    SUBSCRIPTION,
    root,
    '/',
  ])
  assert.deepEqual(await chain('/providers/Microsoft.Management/managementGroups/unknown'), [
    key('unknown'),
    '/',
  ])
  assert.deepEqual(await chain('/providers/Microsoft.Authorization/roleDefinitions/x'), [
    '/providers/microsoft.authorization/roledefinitions/x',
    '/',
  ])
})

it('a role at any group above opens a data plane too, as long as it is above', async () => {
  const root = rootManagementGroup(world.call()).key
  await place(key('top'), root)
  await place(key('in'), key('top'))
  await place(SUBSCRIPTION, key('in'))
  const objectId = newId<ObjectId>()
  await assignRole(world, { objectId }, SECRETS_USER, key('top'))
  const reads = async () => {
    const question = {
      principalId: objectId,
      action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      kind: 'dataAction',
      scope: parseResourceId(VAULT),
    } as const
    return (await isAllowed(world.call(), question)).allowed
  }
  assert.equal(await reads(), true)
  await place(key('in'), root)
  assert.equal(await reads(), false)
  await place(key('in'), key('top'))
  assert.equal(await reads(), true)
  await transaction(world.call(), (tx) => displaceScope(tx, SUBSCRIPTION))
  assert.equal(await reads(), false)
})

it('what is below a group is known by its keys; below the root group is everything', async () => {
  await place(SUBSCRIPTION, key('in'))
  const { keys, ranges } = await subtree(world.call(), managementGroupResourceId('TOP'))
  assert.deepEqual(keys, [key('in'), SUBSCRIPTION])
  assert.deepEqual(
    ranges.map(({ from }) => from),
    [`${key('top')}/`, `${key('in')}/`, `${SUBSCRIPTION}/`],
  )
  const all = await subtree(world.call(), rootManagementGroup(world.call()))
  assert.deepEqual(all, { keys: [], ranges: [{ from: '/', until: '0' }] })
})

it('a circle, which no verb writes, hangs no check', async () => {
  await place(key('one'), key('two'))
  await place(key('two'), key('one'))
  const keys = await chain(key('one'))
  assert.equal(keys.at(-1), '/')
  assert.ok(keys.length < 12)
  const below = await subtree(world.call(), managementGroupResourceId('one'))
  assert.deepEqual(below.keys, [key('two')])
})

it('what a transaction undoes was never inherited', async () => {
  const undone = transaction(world.call(), async (tx) => {
    await placeScope(tx, SUBSCRIPTION, key('nowhere'))
    throw new Error('undo')
  })
  await assert.rejects(undone, /undo/)
  assert.equal((await chain(SUBSCRIPTION))[1], key('in'))
})
