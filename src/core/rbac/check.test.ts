import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId, TENANT } from '../../base/resource-id.ts'
import { addMember, createGroup } from '../directory/groups.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import type { AskedAssignment } from './assignment.ts'
import { BUILT_IN_ROLES } from './built-in-roles.ts'
import {
  authorize,
  authorizeLinked,
  effectivePermissions,
  hasAccessWithin,
  isAllowed,
} from './check.ts'
import { putCustomRole } from './custom-roles.ts'
import { type DenyAssignment, EVERYONE } from './deny.ts'
import { permission } from './role.ts'
import { deleteAssignment, forgetScope, putAssignment } from './role-assignments.ts'

const SUBSCRIPTION = parseResourceId('/subscriptions/11111111-1111-4111-8111-111111111111')
const GROUP = parseResourceId(`${SUBSCRIPTION.text}/resourceGroups/web`)
const VAULT = parseResourceId(`${GROUP.text}/providers/Microsoft.KeyVault/vaults/Kv1`)
const GET_SECRET = 'Microsoft.KeyVault/vaults/secrets/getSecret/action'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

function roleId(name: string): string {
  const role = BUILT_IN_ROLES.find((one) => one.name === name)
  assert.ok(role, name)
  return role.id
}

function assign(
  role: string,
  { scope = VAULT, to, ...facts }: Partial<AskedAssignment> & { to: ObjectId },
) {
  return transaction(world.call(), (tx) =>
    putAssignment(tx, {
      name: newId(),
      scope,
      roleId: roleId(role),
      principalId: to,
      principalType: 'ServicePrincipal',
      ...facts,
    }),
  )
}

async function reads(principalId: ObjectId, scope = VAULT): Promise<boolean> {
  const question = { principalId, action: GET_SECRET, kind: 'dataAction', scope } as const
  return (await isAllowed(world.call(), question)).allowed
}

test('nothing is allowed without an assignment', async () => {
  const decision = await isAllowed(world.call(), {
    principalId: newId<ObjectId>(),
    action: GET_SECRET,
    kind: 'dataAction',
    scope: VAULT,
  })
  assert.equal(decision.allowed, false)
  assert.equal(decision.allowed || decision.conditionFailed, false)
  assert.equal(decision.allowed || decision.nearest?.name, 'Key Vault Secrets User')
})

test('an assignment is seen by the very next call, and so is its end', async () => {
  const to = newId<ObjectId>()
  assert.equal(await reads(to), false)
  const { assignment } = await assign('Key Vault Secrets User', { to })
  assert.equal(await reads(to), true)
  await transaction(world.call(), (tx) =>
    deleteAssignment(tx, { scope: VAULT, name: assignment.name }),
  )
  assert.equal(await reads(to), false)
})

test('an assignment counts at its scope and below, never beside it or above', async () => {
  const to = newId<ObjectId>()
  await assign('Key Vault Secrets User', { to, scope: GROUP })
  const beside = `${GROUP.text}2/providers/Microsoft.KeyVault/vaults/Kv1`
  const rows: readonly (readonly [string, boolean])[] = [
    [VAULT.text, true],
    [VAULT.text.toUpperCase().replace('/SUBSCRIPTIONS/', '/subscriptions/'), true],
    [`${VAULT.text}/secrets/db`, true],
    [`${VAULT.text}/providers/Microsoft.Insights/diagnosticSettings/all`, true],
    [GROUP.text, true],
    [beside, false],
    [SUBSCRIPTION.text, false],
    ['/', false],
  ]
  for (const [scope, expected] of rows) {
    assert.equal(await reads(to, parseResourceId(scope)), expected, scope)
  }
})

test('control of everything is no access to data', async () => {
  const to = newId<ObjectId>()
  await assign('Owner', { to, scope: TENANT })
  assert.equal(await reads(to), false)
})

test('assignments of groups count for members, through groups in groups', async () => {
  const to = newId<ObjectId>()
  const outer = await transaction(world.call(), async (tx) => {
    const inner = await createGroup(tx, { displayName: 'inner' })
    const { objectId } = await createGroup(tx, { displayName: 'outer' })
    await addMember(tx, { groupId: inner.objectId, memberId: to })
    await addMember(tx, { groupId: objectId, memberId: inner.objectId })
    return objectId
  })
  await assign('Key Vault Secrets User', { to: outer, principalType: 'Group' })
  assert.equal(await reads(to), true)
})

test('what one role subtracts, another may grant', async () => {
  const to = newId<ObjectId>()
  const write = {
    principalId: to,
    action: 'Microsoft.Authorization/roleAssignments/write',
    kind: 'action',
    scope: VAULT,
  } as const
  await assign('Contributor', { to })
  assert.equal((await isAllowed(world.call(), write)).allowed, false)
  await assign('Role Based Access Control Administrator', { to })
  assert.equal((await isAllowed(world.call(), write)).allowed, true)
})

test('notActions subtract within one permission object only', async () => {
  const to = newId<ObjectId>()
  const id = newId()
  await transaction(world.call(), (tx) =>
    putCustomRole(tx, {
      id,
      name: 'Two blocks',
      description: '',
      assignableScopes: [SUBSCRIPTION.text],
      permissions: [
        permission({ actions: ['a/b/*'], notActions: ['a/b/write'] }),
        permission({ actions: ['a/b/write'] }),
      ],
    }),
  )
  await assign('Reader', { to, roleId: id })
  const question = { principalId: to, action: 'a/b/write', kind: 'action', scope: VAULT } as const
  assert.equal((await isAllowed(world.call(), question)).allowed, true)
})

test('a condition narrows its assignment, and the refusal says so', async () => {
  const caller = somePrincipal()
  await assign('Storage Blob Data Reader', {
    to: caller.objectId,
    condition:
      "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'c1'",
  })
  const wanted = (container: string) => ({
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
    kind: 'dataAction' as const,
    scope: VAULT,
    attributes: {
      resource: { 'Microsoft.Storage/storageAccounts/blobServices/containers:name': container },
    },
  })
  await authorize(world.call(caller), wanted('c1'))
  await assert.rejects(
    authorize(world.call(caller), wanted('c2')),
    refusal(
      'forbidden',
      'AuthorizationFailed',
      `The client '${caller.objectId}' with object id '${caller.objectId}' does not have authorization or an ABAC condition not fulfilled to perform action 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read' over scope '${VAULT.text}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
  )
})

test('the condition that comes with a role is enforced', async () => {
  const to = newId<ObjectId>()
  await assign('Key Vault Data Access Administrator', { to })
  const granting = (role: string) =>
    isAllowed(world.call(), {
      principalId: to,
      action: 'Microsoft.Authorization/roleAssignments/write',
      kind: 'action',
      scope: VAULT,
      attributes: {
        request: { 'Microsoft.Authorization/roleAssignments:RoleDefinitionId': roleId(role) },
      },
    })
  assert.equal((await granting('Key Vault Secrets User')).allowed, true)
  assert.equal((await granting('Owner')).allowed, false)
})

test('a refusal names caller, action and scope; jobs and machines are no principals', async () => {
  const caller = somePrincipal({ label: 'app' })
  const wanted = { action: 'Microsoft.KeyVault/vaults/read', kind: 'action', scope: VAULT } as const
  await assert.rejects(
    authorize(world.call(caller), wanted),
    refusal(
      'forbidden',
      'AuthorizationFailed',
      `The client 'app' with object id '${caller.objectId}' does not have authorization to perform action 'Microsoft.KeyVault/vaults/read' over scope '${VAULT.text}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
  )
  for (const nobody of [
    { kind: 'nobody' },
    { kind: 'job', name: 'j' },
    { kind: 'machine', key: 'm' },
  ] as const) {
    await assert.rejects(
      authorize(world.call(nobody), wanted),
      (reason: unknown) => reason instanceof Failure && reason.fault === 'unauthenticated',
    )
  }
})

test('linked scopes that fail are named together', async () => {
  const caller = somePrincipal()
  const id = (name: string) =>
    parseResourceId(
      `${GROUP.text}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    )
  const wanted = {
    action: 'Microsoft.Compute/virtualMachines/write',
    scope: VAULT,
    linkedAction: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    linkedScopes: [id('one'), id('two'), id('three')],
  }
  await assign('Managed Identity Operator', { to: caller.objectId, scope: id('two') })
  await assert.rejects(
    authorizeLinked(world.call(caller), wanted),
    refusal(
      'forbidden',
      'LinkedAuthorizationFailed',
      `The client '${caller.label}' with object id '${caller.objectId}' has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '${VAULT.text}'; however, it does not have permission to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '${id('one').text},${id('three').text}' or the linked scope(s) are invalid.`,
    ),
  )
  await assign('Managed Identity Operator', { to: caller.objectId, scope: GROUP })
  await authorizeLinked(world.call(caller), wanted)
})

test('a deny assignment wins over every role', async () => {
  const to = newId<ObjectId>()
  await assign('Key Vault Secrets User', { to })
  const deny = {
    name: newId(),
    scopeKey: GROUP.key,
    permissions: [permission({ dataActions: ['Microsoft.KeyVault/*'] })],
    principals: [EVERYONE],
    excludePrincipals: [],
    doNotApplyToChildScopes: false,
  }
  const allowed = async (change: Partial<DenyAssignment>) =>
    (
      await isAllowed(world.call(), {
        principalId: to,
        action: GET_SECRET,
        kind: 'dataAction',
        scope: VAULT,
        denies: [{ ...deny, ...change }],
      })
    ).allowed
  assert.equal(await allowed({}), false)
  assert.equal(await allowed({ doNotApplyToChildScopes: true }), true)
  assert.equal(await allowed({ excludePrincipals: [to] }), true)
  assert.equal(await allowed({ principals: [newId()] }), true)
  assert.equal(await allowed({ scopeKey: `${GROUP.key}2` }), true)
})

test('forgetting a scope ends every assignment there and below', async () => {
  const to = newId<ObjectId>()
  const doomed = parseResourceId(`${SUBSCRIPTION.text}/resourceGroups/doomed`)
  const inside = parseResourceId(`${doomed.text}/providers/Microsoft.KeyVault/vaults/v`)
  const beside = parseResourceId(`${SUBSCRIPTION.text}/resourceGroups/doomed2`)
  for (const scope of [doomed, inside, beside]) {
    await assign('Key Vault Secrets User', { to, scope })
  }
  await transaction(world.call(), (tx) => forgetScope(tx, doomed.key))
  assert.equal(await reads(to, inside), false)
  assert.equal(await reads(to, doomed), false)
  assert.equal(await reads(to, beside), true)
})

test('effective permissions are the blocks of all roles at the scope and above', async () => {
  const to = newId<ObjectId>()
  await assign('Reader', { to, scope: SUBSCRIPTION })
  await assign('Reader', { to, scope: GROUP })
  await assign('Key Vault Secrets User', { to, scope: VAULT })
  const blocks = await effectivePermissions(world.call(), to, VAULT)
  assert.deepEqual(
    blocks.map(({ actions, dataActions }) => ({ actions, dataActions })),
    [
      {
        actions: [],
        dataActions: [GET_SECRET, 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
      },
      { actions: ['*/read'], dataActions: [] },
    ],
  )
  assert.deepEqual(await effectivePermissions(world.call(), to, TENANT), [])
})

test('a scope is visible to whoever has a role in it, on it or above it', async () => {
  const caller = somePrincipal()
  const visible = (scope: ResourceId) => hasAccessWithin(world.call(caller), scope)
  assert.equal(await visible(SUBSCRIPTION), false)
  await assign('Key Vault Secrets User', { to: caller.objectId, scope: VAULT })
  assert.equal(await visible(SUBSCRIPTION), true)
  assert.equal(await visible(GROUP), true)
  assert.equal(await visible(parseResourceId(`${VAULT.text}/secrets/db`)), true)
  assert.equal(await visible(parseResourceId(`${GROUP.text}2`)), false)
  assert.equal(await hasAccessWithin(world.call(), SUBSCRIPTION), false)
})

function refusal(fault: string, code: string, message: string) {
  return (reason: unknown) => {
    assert.ok(reason instanceof Failure)
    assert.deepEqual([reason.fault, reason.code, reason.message], [fault, code, message])
    return true
  }
}
