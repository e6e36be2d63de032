import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MINUTE_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId, TENANT } from '../../base/resource-id.ts'
import { addMember, createGroup } from '../directory/groups.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import type { AskedAssignment } from './assignment.ts'
import { listAssignments, readAssignment } from './assignment-list.ts'
import { BUILT_IN_ROLES, OWNER_ROLE_ID } from './built-in-roles.ts'
import { putCustomRole } from './custom-roles.ts'
import { permission } from './role.ts'
import { deleteAssignment, putAssignment } from './role-assignments.ts'

const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const owner = somePrincipal()

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

function newSubscription(): ResourceId {
  return parseResourceId(`/subscriptions/${newId()}`)
}

function put(asked: Partial<AskedAssignment> & { scope: ResourceId }) {
  return transaction(world.call(owner), (tx) =>
    putAssignment(tx, {
      name: newId(),
      roleId: READER,
      principalId: newId<ObjectId>(),
      principalType: 'ServicePrincipal',
      ...asked,
    }),
  )
}

function refused(fault: string, code: string, message?: string) {
  return (reason: unknown) => {
    assert.ok(reason instanceof Failure, String(reason))
    assert.deepEqual([reason.fault, reason.code], [fault, code])
    if (message !== undefined) assert.equal(reason.message, message)
    return true
  }
}

test('the role that tests assign is the Reader', () => {
  assert.equal(BUILT_IN_ROLES.find(({ id }) => id === READER)?.name, 'Reader')
})

test('an assignment is read back as it was made', async () => {
  const scope = newSubscription()
  const name = newId().toUpperCase()
  const principalId = newId<ObjectId>()
  const condition = "@Resource[a:b] StringEquals 'c'"
  const { assignment, outcome } = await put({ scope, name, principalId, condition })
  assert.equal(outcome, 'created')
  assert.deepEqual(await readAssignment(world.call(), { scope, name }), assignment)
  assert.deepEqual(assignment, {
    name: name.toLowerCase(),
    scope: scope.text,
    scopeKey: scope.key,
    roleId: READER,
    principalId,
    principalType: 'ServicePrincipal',
    description: null,
    condition,
    conditionVersion: '2.0',
    delegatedIdentityId: null,
    createdAt: world.clock.now(),
    createdBy: owner.objectId,
    updatedAt: world.clock.now(),
    updatedBy: owner.objectId,
  })
})

test('the same again gives what is there; a new description is an update', async () => {
  const scope = newSubscription()
  const asked = { scope, name: newId(), principalId: newId<ObjectId>() }
  const first = await put(asked)
  world.clock.move(MINUTE_MS)
  const again = await put({
    ...asked,
    scope: parseResourceId(scope.text.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')),
  })
  assert.deepEqual(again, { assignment: first.assignment, outcome: 'unchanged' })
  const changed = await put({ ...asked, description: 'for the demo' })
  assert.deepEqual(changed, {
    outcome: 'updated',
    assignment: {
      ...first.assignment,
      description: 'for the demo',
      updatedAt: first.assignment.updatedAt + MINUTE_MS,
    },
  })
})

test('the same meaning under another name exists already', async () => {
  const asked = { scope: newSubscription(), principalId: newId<ObjectId>() }
  await put(asked)
  await assert.rejects(
    put(asked),
    refused('conflict', 'RoleAssignmentExists', 'The role assignment already exists.'),
  )
})

test('a name cannot come to mean something else, anywhere in the tenant', async () => {
  const asked = { scope: newSubscription(), name: newId(), principalId: newId<ObjectId>() }
  await put(asked)
  for (const change of [
    { principalId: newId<ObjectId>() },
    { roleId: OWNER_ROLE_ID },
    { scope: newSubscription() },
  ]) {
    await assert.rejects(
      put({ ...asked, ...change }),
      refused(
        'invalid',
        'RoleAssignmentUpdateNotPermitted',
        'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
      ),
    )
  }
})

test('what cannot be assigned is refused and leaves nothing behind', async () => {
  const scope = newSubscription()
  const custom = newId()
  await transaction(world.call(), (tx) =>
    putCustomRole(tx, {
      id: custom,
      name: 'Elsewhere',
      description: '',
      permissions: [permission({ actions: ['*/read'] })],
      assignableScopes: [newSubscription().text],
    }),
  )
  const unknown = newId()
  const rows: readonly (readonly [Partial<AskedAssignment>, fault: string, code: string])[] = [
    [{ name: 'mine' }, 'invalid', 'InvalidRoleAssignmentId'],
    [{ roleId: unknown }, 'missing', 'RoleDefinitionDoesNotExist'],
    [{ roleId: custom }, 'invalid', 'RoleAssignmentScopeNotAssignableToRoleDefinition'],
    [{ condition: 'x' }, 'invalid', 'InvalidCondition'],
    [{ condition: "'a' StringEquals 'a'", conditionVersion: '1.0' }, 'invalid', 'InvalidCondition'],
    [{ description: 'a'.repeat(1025) }, 'invalid', 'InvalidRoleAssignmentDescription'],
  ]
  for (const [change, fault, code] of rows) {
    await assert.rejects(put({ scope, ...change }), refused(fault, code))
  }
  assert.deepEqual(await listAssignments(world.call(), { scope, atScope: true }), [])
})

test('a subscription takes four thousand assignments, all scopes in it together', async () => {
  const scope = newSubscription()
  await transaction(world.call(), async (tx) => {
    for (let at = 0; at < 4000; at++) {
      await putAssignment(tx, {
        name: newId(),
        scope: at % 2 === 0 ? scope : parseResourceId(`${scope.text}/resourceGroups/g${at}`),
        roleId: READER,
        principalId: newId<ObjectId>(),
        principalType: 'User',
      })
    }
  })
  await assert.rejects(put({ scope }), refused('invalid', 'RoleAssignmentLimitExceeded'))
  await put({ scope: newSubscription() })
})

test('lists: at and above, below, by principal, by membership', async () => {
  const scope = newSubscription()
  const group = parseResourceId(`${scope.text}/resourceGroups/rg`)
  const vault = parseResourceId(`${group.text}/providers/Microsoft.KeyVault/vaults/v`)
  const beside = parseResourceId(`${scope.text}/resourceGroups/rg2`)
  const who = newId<ObjectId>()
  const team = await transaction(world.call(), async (tx) => {
    const { objectId } = await createGroup(tx, { displayName: 'team' })
    await addMember(tx, { groupId: objectId, memberId: who })
    return objectId
  })
  const made = new Map<string, string>()
  for (const [label, at, principalId] of [
    ['tenant', TENANT, newId<ObjectId>()],
    ['subscription', scope, who],
    ['group', group, team],
    ['vault', vault, who],
    ['beside', beside, who],
  ] as const) {
    made.set((await put({ scope: at, principalId })).assignment.name, label)
  }
  const listed = async (filter: Omit<Parameters<typeof listAssignments>[1], 'scope'>) =>
    (await listAssignments(world.call(), { scope: group, ...filter })).map(({ name }) =>
      made.get(name),
    )
  assert.deepEqual(await listed({}), ['tenant', 'subscription', 'group', 'vault'])
  assert.deepEqual(await listed({ atScope: true }), ['tenant', 'subscription', 'group'])
  assert.deepEqual(await listed({ principalId: who }), ['subscription', 'vault'])
  assert.deepEqual(await listed({ assignedTo: who }), ['subscription', 'group', 'vault'])
  assert.deepEqual(await listed({ assignedTo: who, atScope: true }), ['subscription', 'group'])
  assert.deepEqual(await listed({ principalId: newId<ObjectId>() }), [])
})

test('an assignment is found and deleted at its own scope only', async () => {
  const scope = newSubscription()
  const elsewhere = newSubscription()
  const { assignment } = await put({ scope })
  const { name } = assignment
  const removal = (at: ResourceId) =>
    transaction(world.call(), (tx) => deleteAssignment(tx, { scope: at, name }))
  await assert.rejects(
    readAssignment(world.call(), { scope: elsewhere, name }),
    refused('missing', 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`),
  )
  assert.equal(await removal(elsewhere), undefined)
  assert.deepEqual(await removal(scope), assignment)
  assert.equal(await removal(scope), undefined)
})

test('the last owner of a subscription stays', async () => {
  const scope = newSubscription()
  const first = await put({ scope, roleId: OWNER_ROLE_ID })
  const second = await put({ scope, roleId: OWNER_ROLE_ID })
  const removal = (name: string) =>
    transaction(world.call(), (tx) => deleteAssignment(tx, { scope, name }))
  assert.ok(await removal(first.assignment.name))
  await assert.rejects(
    removal(second.assignment.name),
    refused(
      'stale',
      'CannotDeleteLastRbacAdminAssignment',
      'Cannot delete the last RBAC admin assignment',
    ),
  )
})
