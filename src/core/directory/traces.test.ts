import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY_MS } from '../../base/clock.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { appRoleAssignmentsOf, assignAppRole } from './app-role-assignments.ts'
import { createApplication, softDeleteApplication } from './applications.ts'
import { purgeDueDeleted } from './deletion.ts'
import { makeGlobalAdministrator } from './directory-roles.ts'
import { addFederatedCredential, federatedCredentialsOf } from './federated-credentials.ts'
import { createGroup, deleteGroup } from './groups.ts'
import { GRAPH_APP_ROLES, microsoftGraphPrincipal } from './microsoft-graph.ts'
import { addOwner, ownedBy, ownersOf } from './owners.ts'
import { createPermissionGrant, listPermissionGrants } from './permission-grants.ts'
import { changeProfile, profileOf } from './profiles.ts'
import { isAdministrator } from './rights.ts'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

test('what is deleted leaves no profile, owner, role, grant or credential behind', async () => {
  let call = world.call()
  const resourceId = microsoftGraphPrincipal(call).objectId
  const { application, servicePrincipal, group } = await transaction(call, async (tx) => {
    const made = await createApplication(tx, { displayName: 'short-lived' })
    const group = await createGroup(tx, { displayName: 'short-lived' })
    const ownerId = made.servicePrincipal.objectId
    await addOwner(tx, { objectId: group.objectId, ownerId })
    for (const objectId of [made.application.objectId, ownerId, group.objectId]) {
      await changeProfile(tx, { objectId, changes: { notes: 'kept' } })
    }
    await makeGlobalAdministrator(tx, ownerId)
    // The last one of all could not be deleted.
    await makeGlobalAdministrator(tx, newId<ObjectId>())
    const appRoleId = GRAPH_APP_ROLES['User.Read.All']
    await assignAppRole(tx, { principalId: ownerId, resourceId, appRoleId })
    await createPermissionGrant(tx, {
      clientId: ownerId,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId,
      scope: 'User.Read',
    })
    await addFederatedCredential(tx, {
      ownerId: made.application.objectId,
      name: 'from-ci',
      issuer: 'https://ci.example',
      subject: 'main',
      audiences: ['api://AzureADTokenExchange'],
      description: undefined,
    })
    return { ...made, group }
  })
  const { objectId } = servicePrincipal
  assert.equal(await isAdministrator(call, objectId), true)
  assert.deepEqual(await ownedBy(call, objectId), [group.objectId])

  await transaction(call, (tx) => softDeleteApplication(tx, application))
  world.clock.move(30 * DAY_MS)
  call = world.call()
  assert.equal(await transaction(call, purgeDueDeleted), 2)
  assert.equal(await isAdministrator(call, objectId), false)
  assert.deepEqual(await ownersOf(call, group.objectId), [])
  assert.deepEqual(await appRoleAssignmentsOf(call, objectId), [])
  assert.deepEqual(await listPermissionGrants(call), [])
  assert.deepEqual(await federatedCredentialsOf(call, application.objectId), [])
  assert.deepEqual(await profileOf(call, objectId), {})
  assert.deepEqual(await profileOf(call, application.objectId), {})
  assert.deepEqual(await profileOf(call, group.objectId), { notes: 'kept' })
  await transaction(call, (tx) => deleteGroup(tx, group.objectId))
  assert.deepEqual(await profileOf(call, group.objectId), {})
})

test('a profile keeps what a change does not name, and a change that fails changes nothing', async () => {
  const objectId = newId<ObjectId>()
  const change = (changes: Record<string, unknown>) =>
    transaction(world.call(), (tx) => changeProfile(tx, { objectId, changes }))
  await change({ notes: 'a', tags: ['one'] })
  await change({ notes: null })
  assert.deepEqual(await profileOf(world.call(), objectId), { notes: null, tags: ['one'] })
  const failing = transaction(world.call(), async (tx) => {
    await changeProfile(tx, { objectId, changes: { tags: [] } })
    throw new Error('changed its mind')
  })
  await assert.rejects(failing, /changed its mind/)
  assert.deepEqual(await profileOf(world.call(), objectId), { notes: null, tags: ['one'] })
})

test('an app role is assigned once, and Microsoft Graph is the same in a tenant each time', async () => {
  const call = world.call()
  const graph = microsoftGraphPrincipal(call)
  assert.deepEqual(microsoftGraphPrincipal(call), graph)
  const other = microsoftGraphPrincipal({ tenantId: newId() })
  assert.notEqual(other.objectId, graph.objectId)
  assert.match(
    graph.objectId,
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  const assign = () =>
    transaction(call, (tx) =>
      assignAppRole(tx, {
        principalId: graph.objectId,
        resourceId: graph.objectId,
        appRoleId: GRAPH_APP_ROLES['User.Read.All'],
      }),
    )
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, assign))
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  await assert.rejects(assign(), { fault: 'invalid', code: 'AppRoleAssignmentExists' })
})
