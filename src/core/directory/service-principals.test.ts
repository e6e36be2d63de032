import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  createApplication,
  credentialOwners,
  findApplicationByClientId,
  softDeleteApplication,
} from './applications.ts'
import { addMember, createGroup, membersOf } from './groups.ts'
import { createManagedIdentityPrincipal, managedResourceId } from './managed-identities.ts'
import { addPasswordCredential, passwordCredentialsOf } from './password-credentials.ts'
import {
  createServicePrincipal,
  deleteServicePrincipal,
  findServicePrincipal,
  findServicePrincipalByClientId,
  listServicePrincipals,
  setAccountEnabled,
} from './service-principals.ts'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

const VM = parseResourceId(
  '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/MI-RG/providers/Microsoft.Compute/virtualMachines/VM1',
)

function someApplication(displayName = 'app') {
  return transaction(world.call(), (tx) =>
    createServicePrincipal(tx, { type: 'Application', displayName }),
  )
}

test('a principal is found by object id and by client id, which differ', async () => {
  const made = await someApplication()
  const call = world.call()
  assert.deepEqual(await findServicePrincipal(call, made.objectId), made)
  assert.deepEqual(await findServicePrincipalByClientId(call, made.clientId), made)
  assert.notEqual(String(made.objectId), String(made.clientId))
  assert.equal(
    await findServicePrincipal(call, made.clientId as string as ObjectId),
    undefined,
    'a client id is no object id',
  )
  assert.equal(await findServicePrincipalByClientId(call, newId<ClientId>()), undefined)
})

test('a deletion is seen by the next call, and takes credentials and memberships along', async () => {
  const made = await someApplication()
  const group = await transaction(world.call(), async (tx) => {
    const created = await createGroup(tx, { displayName: 'readers' })
    await addMember(tx, { groupId: created.objectId, memberId: made.objectId })
    await addPasswordCredential(tx, { ownerId: made.objectId, endsAt: tx.now })
    return created
  })
  assert.ok(await findServicePrincipal(world.call(), made.objectId))

  await transaction(world.call(), (tx) => deleteServicePrincipal(tx, made.objectId))

  const call = world.call()
  assert.equal(await findServicePrincipal(call, made.objectId), undefined)
  assert.equal(await findServicePrincipalByClientId(call, made.clientId), undefined)
  assert.deepEqual(await passwordCredentialsOf(call, made.objectId), [])
  assert.deepEqual(await membersOf(call, group.objectId), [])
})

test('deleting what does not exist changes nothing', async () => {
  const before = (await listServicePrincipals(world.call())).length
  await transaction(world.call(), (tx) => deleteServicePrincipal(tx, newId<ObjectId>()))
  assert.equal((await listServicePrincipals(world.call())).length, before)
})

test('inside a transaction reads see its own writes, and nobody else does', async () => {
  let objectId = newId<ObjectId>()
  await assert.rejects(
    transaction(world.call(), async (tx) => {
      const made = await createServicePrincipal(tx, { type: 'Application', displayName: 'ghost' })
      objectId = made.objectId
      assert.deepEqual(await findServicePrincipal(tx, objectId), made)
      assert.deepEqual(await findServicePrincipalByClientId(tx, made.clientId), made)
      assert.equal(await findServicePrincipal(world.call(), objectId), undefined)
      throw new Error('rolled back')
    }),
    /rolled back/,
  )
  assert.equal(await findServicePrincipal(world.call(), objectId), undefined)
})

test('a disabled principal stays, and says so', async () => {
  const { objectId } = await someApplication()
  await transaction(world.call(), (tx) => setAccountEnabled(tx, { objectId, enabled: false }))
  assert.equal((await findServicePrincipal(world.call(), objectId))?.accountEnabled, false)
  await transaction(world.call(), (tx) => setAccountEnabled(tx, { objectId, enabled: true }))
  assert.equal((await findServicePrincipal(world.call(), objectId))?.accountEnabled, true)
})

test('a system-assigned identity is named after its host, and leads back to it', async () => {
  const made = await transaction(world.call(), (tx) =>
    createManagedIdentityPrincipal(tx, { kind: 'SystemAssigned', resourceId: VM }),
  )
  const resource =
    '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourcegroups/MI-RG/providers/Microsoft.Compute/virtualMachines/VM1'
  assert.equal(made.type, 'ManagedIdentity')
  assert.equal(made.displayName, 'VM1')
  assert.deepEqual(made.alternativeNames, ['isExplicit=False', resource])
  assert.equal(managedResourceId(made), resource)
  assert.equal(await findApplicationByClientId(world.call(), made.clientId), undefined)
  assert.deepEqual(await credentialOwners(world.call(), made), [made.objectId])
  assert.equal(world.woken.includes('identity-certificates'), true)
})

test('a user-assigned identity is explicit', async () => {
  const made = await transaction(world.call(), (tx) =>
    createManagedIdentityPrincipal(tx, { kind: 'UserAssigned', resourceId: VM }),
  )
  assert.equal(made.alternativeNames[0], 'isExplicit=True')
})

test('an application and its principal share a client id, and go together', async () => {
  const { application, servicePrincipal } = await transaction(world.call(), (tx) =>
    createApplication(tx, { displayName: 'deployer' }),
  )
  assert.equal(servicePrincipal.clientId, application.clientId)
  assert.notEqual(servicePrincipal.objectId, application.objectId)
  assert.equal(managedResourceId(servicePrincipal), undefined)
  assert.deepEqual(await findApplicationByClientId(world.call(), application.clientId), application)
  assert.deepEqual(await credentialOwners(world.call(), servicePrincipal), [
    application.objectId,
    servicePrincipal.objectId,
  ])

  await transaction(world.call(), (tx) => softDeleteApplication(tx, application))

  const call = world.call()
  assert.equal(await findApplicationByClientId(call, application.clientId), undefined)
  assert.equal(await findServicePrincipal(call, servicePrincipal.objectId), undefined)
})
