import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { newId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId, TENANT } from '../../base/resource-id.ts'
import type { Caller } from '../../core/call.ts'
import { putAssignment } from '../../core/rbac/role-assignments.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Answer } from '../provider.ts'
import { NOTHING_LENT } from '../test-lent.ts'
import { permissions } from './permissions.ts'
import { roleDefinitions } from './role-definitions.ts'

const SUBSCRIPTION = '/subscriptions/11111111-1111-4111-8111-111111111111'
const QUERY = { 'api-version': '2022-05-01-preview' }
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const owner = somePrincipal()

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

function idOf(name: string, scope = SUBSCRIPTION): ResourceId {
  return parseResourceId(`${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`)
}

async function put(id: ResourceId, properties: object): Promise<Answer> {
  return transaction(world.call(owner), async (tx) => {
    const body = {
      properties: {
        roleName: `Role ${id.name}`,
        type: 'CustomRole',
        permissions: [{ actions: ['Microsoft.Compute/virtualMachines/start/action'] }],
        assignableScopes: [SUBSCRIPTION],
        ...properties,
      },
    }
    return (await roleDefinitions.put?.(tx, id, body, QUERY, NOTHING_LENT)) as Answer
  })
}

function refused(fault: string, code: string) {
  return (reason: unknown) => {
    assert.ok(reason instanceof Failure, String(reason))
    assert.deepEqual([reason.fault, reason.code], [fault, code])
    return true
  }
}

test('a built-in role is seen from a subscription with its prefix, from the tenant without', async () => {
  const get = async (id: ResourceId) => (await roleDefinitions.get?.(world.call(), id, QUERY))?.body
  const expected = {
    properties: {
      roleName: 'Reader',
      type: 'BuiltInRole',
      description: 'Sees everything on the control plane, changes nothing.',
      assignableScopes: ['/'],
      permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
      createdOn: '2015-02-02T21:55:09.8800000Z',
      updatedOn: '2015-02-02T21:55:09.8800000Z',
      createdBy: null,
      updatedBy: null,
    },
    id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: READER,
  }
  assert.deepEqual(await get(idOf(READER, `${SUBSCRIPTION}/resourceGroups/rg`)), expected)
  assert.deepEqual(await get(idOf(READER.toUpperCase(), '')), {
    ...expected,
    id: `/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
  })
})

test('a custom role is made and changed with 201, deleted with 200 and 204', async () => {
  const id = idOf(newId())
  const made = await put(id, { description: null })
  assert.equal(made.status, 201)
  assert.deepEqual((made.body as { properties: object }).properties, {
    roleName: `Role ${id.name}`,
    type: 'CustomRole',
    description: '',
    assignableScopes: [SUBSCRIPTION],
    permissions: [
      {
        actions: ['Microsoft.Compute/virtualMachines/start/action'],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ],
    createdOn: '2026-01-15T09:30:00.0000000Z',
    updatedOn: '2026-01-15T09:30:00.0000000Z',
    createdBy: null,
    updatedBy: owner.objectId,
  })
  assert.equal((await put(id, { description: 'Starts machines.' })).status, 201)
  const removal = () =>
    transaction(world.call(owner), async (tx) => roleDefinitions.remove?.(tx, id, QUERY))
  assert.equal((await removal())?.status, 200)
  assert.deepEqual(await removal(), { status: 204 })
  await assert.rejects(
    async () => roleDefinitions.get?.(world.call(), id, QUERY),
    refused('missing', 'RoleDefinitionDoesNotExist'),
  )
})

test('a custom role is not seen from elsewhere, and from the tenant only by who sees its scopes', async () => {
  const id = idOf(newId())
  await put(id, {})
  const elsewhere = `/subscriptions/${newId()}`
  await assert.rejects(
    async () => roleDefinitions.get?.(world.call(), idOf(id.name, elsewhere), QUERY),
    refused('missing', 'RoleDefinitionDoesNotExist'),
  )
  const fromTenant = (caller: Caller) =>
    (async () => roleDefinitions.get?.(world.call(caller), idOf(id.name, ''), QUERY))()
  await assert.rejects(fromTenant(owner), refused('missing', 'RoleDefinitionDoesNotExist'))
  await transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: newId(),
      scope: parseResourceId(SUBSCRIPTION),
      roleId: READER,
      principalId: owner.objectId,
      principalType: 'ServicePrincipal',
    }),
  )
  assert.equal((await fromTenant(owner))?.status, 200)
})

test('bodies that say more or less than a role are refused', async () => {
  for (const properties of [
    { roleName: undefined },
    { permissions: [] },
    { permissions: [{ actions: 'all' }] },
    { permissions: [{ actions: [], condition: "'a' StringEquals 'a'" }] },
    { type: 'BuiltInRole' },
    { assignableScopes: 'all' },
    { colour: 'red' },
  ]) {
    await assert.rejects(
      put(idOf(newId()), properties),
      refused('invalid', 'InvalidRequestContent'),
    )
  }
})

test('writing or deleting a role needs the right on all its assignable scopes', async () => {
  const id = idOf(newId())
  const group = `${SUBSCRIPTION}/resourceGroups/rg`
  await put(id, { assignableScopes: [group] })
  const links = async (body: unknown) =>
    (await roleDefinitions.linked?.(world.call(), id, body))?.map(({ action, scope }) => [
      action.slice(action.lastIndexOf('/') + 1),
      scope.text,
    ])
  assert.deepEqual(await links({ properties: { assignableScopes: [SUBSCRIPTION, 'x'] } }), [
    ['write', group],
    ['write', SUBSCRIPTION],
  ])
  assert.deepEqual(await links(undefined), [['delete', group]])
  assert.deepEqual(await links('rubbish'), [])
})

test('filters by name, by kind, and at scopes below', async () => {
  const id = idOf(newId())
  await put(id, { roleName: "Ann's role", assignableScopes: [`${SUBSCRIPTION}/resourceGroups/rg`] })
  const list = async ($filter: string, scope: ResourceId) => {
    const answer = await roleDefinitions.list?.(world.call(), scope, { ...QUERY, $filter })
    assert.ok(answer)
    return (answer.body as { value: { name: string }[] }).value.map(({ name }) => name)
  }
  const subscription = parseResourceId(SUBSCRIPTION)
  assert.deepEqual(await list("roleName eq 'ann''s ROLE'", subscription), [])
  assert.deepEqual(await list("atScopeAndBelow() and roleName eq 'Ann''s role'", subscription), [
    id.name,
  ])
  assert.equal((await list("type eq 'BuiltInRole'", TENANT)).includes(READER), true)
  assert.equal((await list("type eq 'CustomRole'", TENANT)).length, 0)
})

test('the permissions of a caller are those of its roles at the scope', async () => {
  const caller = somePrincipal()
  const scope = parseResourceId(SUBSCRIPTION)
  const list = async () => (await permissions.list?.(world.call(caller), scope, QUERY))?.body
  assert.deepEqual(await list(), { value: [] })
  await transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: newId(),
      scope,
      roleId: READER,
      principalId: caller.objectId,
      principalType: 'ServicePrincipal',
    }),
  )
  assert.deepEqual(await list(), {
    value: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
  })
})
