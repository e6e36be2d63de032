import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { OWNER_ROLE_ID } from './built-in-roles.ts'
import { type CustomRole, deleteCustomRole, putCustomRole } from './custom-roles.ts'
import { permission } from './role.ts'
import { deleteAssignment, putAssignment } from './role-assignments.ts'
import { findRole, readRole, rolesAt } from './role-definitions.ts'
import { importRoles } from './role-import.ts'

const SUBSCRIPTION = parseResourceId(`/subscriptions/${newId()}`)
const GROUP = parseResourceId(`${SUBSCRIPTION.text}/resourceGroups/Web`)
const MANAGEMENT_GROUP = '/providers/Microsoft.Management/managementGroups/all'
const caller = somePrincipal()

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

function put(role: Partial<CustomRole>) {
  return transaction(world.call(caller), (tx) =>
    putCustomRole(tx, {
      id: newId(),
      name: `Role ${newId()}`,
      description: 'Restarts machines.',
      permissions: [permission({ actions: ['Microsoft.Compute/virtualMachines/restart/action'] })],
      assignableScopes: [SUBSCRIPTION.text],
      ...role,
    }),
  )
}

function refused(fault: string, code: string) {
  return (reason: unknown) => {
    assert.ok(reason instanceof Failure, String(reason))
    assert.deepEqual([reason.fault, reason.code], [fault, code])
    return true
  }
}

test('a custom role is read back, changed under its id, and deleted', async () => {
  const role = await put({ name: 'Restarter' })
  assert.deepEqual(await readRole(world.call(), role.id.toUpperCase()), role)
  world.clock.move(1000)
  const changed = await put({ id: role.id, name: 'Restarter', description: 'More.' })
  assert.deepEqual(changed, { ...role, description: 'More.', updatedAt: role.updatedAt + 1000 })
  const removal = () => transaction(world.call(), (tx) => deleteCustomRole(tx, role.id))
  assert.deepEqual(await removal(), changed)
  assert.equal(await findRole(world.call(), role.id), undefined)
  assert.equal(await removal(), undefined)
})

test('what a custom role cannot be', async () => {
  const taken = await put({ name: 'Taken' })
  const data = [permission({ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] })]
  const rows: readonly (readonly [Partial<CustomRole>, fault: string, code: string])[] = [
    [{ id: 'mine' }, 'invalid', 'InvalidRoleDefinitionId'],
    [{ id: OWNER_ROLE_ID }, 'invalid', 'RoleDefinitionUpdateNotPermitted'],
    [{ name: ' ' }, 'invalid', 'InvalidRoleDefinitionName'],
    [{ name: 'a'.repeat(513) }, 'invalid', 'InvalidRoleDefinitionName'],
    [{ name: 'OWNER' }, 'conflict', 'RoleDefinitionWithSameNameExists'],
    [{ name: taken.name.toUpperCase() }, 'conflict', 'RoleDefinitionWithSameNameExists'],
    [{ assignableScopes: [] }, 'invalid', 'InvalidAssignableScopes'],
    [{ assignableScopes: ['/'] }, 'invalid', 'InvalidAssignableScopes'],
    [{ assignableScopes: ['rg'] }, 'invalid', 'InvalidAssignableScopes'],
    [
      { assignableScopes: [`${GROUP.text}/providers/Microsoft.KeyVault/vaults/v`] },
      'invalid',
      'InvalidAssignableScopes',
    ],
    [
      { assignableScopes: [MANAGEMENT_GROUP, `${MANAGEMENT_GROUP}2`] },
      'invalid',
      'InvalidAssignableScopes',
    ],
    [{ assignableScopes: [MANAGEMENT_GROUP], permissions: data }, 'invalid', 'InvalidDataActions'],
  ]
  for (const [change, fault, code] of rows) {
    await assert.rejects(put(change), refused(fault, code), JSON.stringify(change).slice(0, 80))
  }
})

test('a role that is assigned stays; so do built-in roles', async () => {
  const role = await put({})
  const removal = (id: string) => transaction(world.call(), (tx) => deleteCustomRole(tx, id))
  const { assignment } = await transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: newId(),
      scope: GROUP,
      roleId: role.id,
      principalId: newId<ObjectId>(),
      principalType: 'User',
    }),
  )
  await assert.rejects(removal(role.id), refused('conflict', 'RoleDefinitionHasAssignments'))
  await transaction(world.call(), (tx) =>
    deleteAssignment(tx, { scope: GROUP, name: assignment.name }),
  )
  assert.ok(await removal(role.id))
  await assert.rejects(
    removal(OWNER_ROLE_ID),
    refused('invalid', 'RoleDefinitionUpdateNotPermitted'),
  )
})

test('roles are found by name in any case, at scopes where they can be assigned', async () => {
  const role = await put({
    name: 'Only In Web',
    assignableScopes: [`${GROUP.text.toLowerCase()}/`],
  })
  const found = async (scope: ResourceId, andBelow = false) =>
    (await rolesAt(world.call(), scope, { name: 'only in WEB', andBelow })).map(({ id }) => id)
  assert.deepEqual(await found(GROUP), [role.id])
  assert.deepEqual(
    await found(parseResourceId(`${GROUP.text}/providers/Microsoft.KeyVault/vaults/v`)),
    [role.id],
  )
  assert.deepEqual(await found(SUBSCRIPTION), [])
  assert.deepEqual(await found(SUBSCRIPTION, true), [role.id])
  assert.deepEqual(
    (await rolesAt(world.call(), SUBSCRIPTION, { name: 'reader' })).map(({ name }) => name),
    ['Reader'],
  )
})

test('imports what the command line and the REST API print, over what is there', async () => {
  const id = newId()
  const permissions = [{ actions: ['a/read'], notActions: null, dataActions: [] }]
  const rows: readonly (readonly [unknown, name: string])[] = [
    [
      [{ id: `/subscriptions/x/roleDefinitions/${id}`, name: id, roleName: 'One', permissions }],
      'One',
    ],
    [
      {
        value: [
          {
            id: `/x/${id}`,
            name: id,
            properties: { roleName: 'Two', type: 'BuiltInRole', permissions },
          },
        ],
      },
      'Two',
    ],
    [[{ id, roleName: 'Three', actions: ['a/read'] }], 'Three'],
  ]
  for (const [given, name] of rows) {
    assert.equal(await transaction(world.call(), (tx) => importRoles(tx, given)), 1)
    const role = await readRole(world.call(), id)
    assert.equal(role.name, name)
    assert.deepEqual(role.permissions, [permission({ actions: ['a/read'] })])
    assert.deepEqual(role.assignableScopes, ['/'])
  }
})

test('an import that cannot be read changes nothing', async () => {
  const good = { id: newId(), roleName: 'Good', actions: [] }
  for (const bad of [
    null,
    { id: 'x', roleName: 'No GUID' },
    { id: newId(), actions: [] },
    { id: newId(), roleName: 'Bad', actions: 'all' },
  ]) {
    await assert.rejects(
      transaction(world.call(), (tx) => importRoles(tx, [good, bad])),
      refused('invalid', 'InvalidRoleImport'),
    )
  }
  const condition = 'nonsense'
  await assert.rejects(
    transaction(world.call(), (tx) => importRoles(tx, [good, { ...good, condition }])),
    refused('invalid', 'InvalidCondition'),
  )
  assert.equal(await findRole(world.call(), good.id), undefined)
})
