import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY_MS, after as later } from '../../base/clock.ts'
import type { ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { purgeDueDeleted } from '../../core/directory/deletion.ts'
import { makeGlobalAdministrator, rolesAssignedTo } from '../../core/directory/directory-roles.ts'
import { transitiveGroupIds } from '../../core/directory/groups.ts'
import { GRAPH_APP_ROLES } from '../../core/directory/microsoft-graph.ts'
import { passwordCredentialsOf } from '../../core/directory/password-credentials.ts'
import { checkUserPassword } from '../../core/directory/user-passwords.ts'
import { findUser } from '../../core/directory/users.ts'
import { transaction } from '../../core/transaction.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

const ITEMS = '/directory/deletedItems'

describe('what is deleted', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const deletedIds = async (type: string): Promise<string[]> => {
    const { value } = await directory.done('GET', `${ITEMS}/microsoft.graph.${type}`)
    return value.map(({ id }: { id: string }) => id)
  }
  const makeGroup = (displayName: string) =>
    directory.done('POST', '/groups', {
      displayName,
      mailEnabled: false,
      mailNickname: displayName,
      securityEnabled: true,
    })

  it('is listed by the name that its type has in libraries, too', async () => {
    const { objectId } = await directory.user('Brief')
    await directory.done('DELETE', `/users/${objectId}`)
    const { value } = await directory.done('GET', `${ITEMS}/graph.user?$select=id`)
    assert.deepEqual(value, [{ id: objectId }])
    // An address alone is spelt anew, and of it no more than the path.
    const named = await directory.done('GET', "/users?$filter=displayName eq '/graph.user'")
    assert.deepEqual(named.value, [])
    await directory.done('DELETE', `${ITEMS}/${objectId}`)
  })

  it('is a user who comes back with password and groups, and without roles and sign-ins', async () => {
    const { world, done } = directory
    const user = await directory.user('Ada')
    const group = await makeGroup('engines')
    await done('POST', `/groups/${group.id}/members/$ref`, reference(user.objectId))
    await transaction(world.call(), (tx) => makeGlobalAdministrator(tx, user.objectId))
    await done('PATCH', `/users/${user.objectId}`, { jobTitle: 'Countess' })
    await done('DELETE', '/users/ada@locum.onmicrosoft.com')

    assert.equal((await directory.ask('GET', `/users/${user.objectId}`)).status, 404)
    assert.deepEqual((await done('GET', `/groups/${group.id}/members`)).value, [])
    assert.equal((await directory.ask('DELETE', `/users/${user.objectId}`)).status, 404)
    const shown = await done('GET', `${ITEMS}/${user.objectId}`)
    assert.equal(shown['@odata.type'], '#microsoft.graph.user')
    assert.equal(shown.deletedDateTime, '2026-01-15T09:30:00Z')
    const prefix = user.objectId.replaceAll('-', '')
    assert.equal(shown.userPrincipalName, `${prefix}ada@locum.onmicrosoft.com`)
    assert.deepEqual(await deletedIds('user'), [user.objectId])
    assert.deepEqual(await deletedIds('group'), [])

    const restored = await directory.ask('POST', `${ITEMS}/${user.objectId}/restore`)
    assert.equal(restored.status, 200)
    assert.equal(restored.body['@odata.context'], `${GRAPH}/$metadata#directoryObjects/$entity`)
    assert.equal(restored.body.userPrincipalName, 'ada@locum.onmicrosoft.com')
    assert.equal(restored.body.jobTitle, 'Countess')
    const call = world.call()
    assert.deepEqual(await transitiveGroupIds(call, user.objectId), [group.id])
    assert.deepEqual(await rolesAssignedTo(call, user.objectId), [])
    const guess = new Secret('Correct-Horse-9')
    assert.equal(await checkUserPassword(call, { userId: user.objectId, guess }), 'right')
    assert.deepEqual(await deletedIds('user'), [])
  })

  it('is a user whose name another can have, and who then cannot come back', async () => {
    const first = await directory.user('Bea')
    await directory.done('DELETE', `/users/${first.objectId}`)
    const second = await directory.user('Bea')
    const refused = await directory.ask('POST', `${ITEMS}/${first.objectId}/restore`)
    assert.equal(refused.status, 400)
    assert.equal(refused.body.error.code, 'Request_BadRequest')
    assert.deepEqual(await deletedIds('user'), [first.objectId])
    await directory.done('DELETE', `/users/${second.objectId}`)
    assert.equal((await directory.ask('POST', `${ITEMS}/${first.objectId}/restore`)).status, 200)
    await directory.done('DELETE', `${ITEMS}/${second.objectId}`)
    assert.deepEqual(await deletedIds('user'), [])
  })

  it('is a group that lets nobody in meanwhile, and has its members again', async () => {
    const { world, done } = directory
    const member = await directory.machineIdentity('VM1')
    const group = await makeGroup('keepers')
    const outer = await makeGroup('outer')
    await done('POST', `/groups/${group.id}/members/$ref`, reference(member.objectId))
    await done('POST', `/groups/${outer.id}/members/$ref`, reference(group.id))
    await done('DELETE', `/groups/${group.id}`)
    assert.deepEqual(await transitiveGroupIds(world.call(), member.objectId), [])
    assert.deepEqual(await deletedIds('group'), [group.id])
    await done('POST', `${ITEMS}/${group.id}/restore`)
    const ids = await transitiveGroupIds(world.call(), member.objectId)
    assert.deepEqual([...ids].sort(), [group.id, outer.id].sort())
  })

  it('is an application with its service principal, each restored by itself, in this order', async () => {
    const { done, ask } = directory
    const application = await done('POST', '/applications', {
      displayName: 'shop',
      identifierUris: ['api://shop'],
    })
    const { appId } = application
    const principal = await done('POST', '/servicePrincipals', { appId })
    await done('POST', `/applications/${application.id}/addPassword`, {})
    const graph = await done(
      'GET',
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    )
    const assignments = `/servicePrincipals/${principal.id}/appRoleAssignments`
    await done('POST', assignments, {
      principalId: principal.id,
      resourceId: graph.id,
      appRoleId: GRAPH_APP_ROLES['User.Read.All'],
    })
    await done('DELETE', `/applications/${application.id}`)
    assert.deepEqual(await deletedIds('application'), [application.id])
    assert.deepEqual(await deletedIds('servicePrincipal'), [principal.id])
    assert.equal((await ask('GET', assignments)).status, 404)
    const assigned = await done('GET', `/servicePrincipals/${graph.id}/appRoleAssignedTo`)
    assert.deepEqual(
      assigned.value.filter((one: { principalId: string }) => one.principalId === principal.id),
      [],
    )
    const early = await ask('POST', `${ITEMS}/${principal.id}/restore`)
    assert.equal(early.status, 400)

    const back = await done('POST', `${ITEMS}/${application.id}/restore`)
    assert.equal(back['@odata.type'], '#microsoft.graph.application')
    assert.equal(back.appId, appId)
    assert.deepEqual(back.identifierUris, ['api://shop'])
    assert.equal((await ask('GET', `/servicePrincipals/${principal.id}`)).status, 404)
    await done('POST', `${ITEMS}/${principal.id}/restore`)
    assert.equal((await done('GET', assignments)).value.length, 1)
    const kept = await passwordCredentialsOf(directory.world.call(), application.id)
    assert.equal(kept.length, 1)
  })

  it('leaves its names to others: a service principal, an identifier URI', async () => {
    const { done, ask } = directory
    const named = { displayName: 'till', identifierUris: ['api://till'] }
    const first = await done('POST', '/applications', named)
    const old = await done('POST', '/servicePrincipals', { appId: first.appId })
    await done('DELETE', `/servicePrincipals/${old.id}`)
    const other = await done('POST', '/servicePrincipals', { appId: first.appId })
    assert.notEqual(other.id, old.id)
    const refused = await ask('POST', `${ITEMS}/${old.id}/restore`)
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error.code, 'Request_MultipleObjectsWithSameKeyValue')
    await done('DELETE', `/applications/${first.id}`)
    await done('POST', '/applications', named)
    assert.equal((await ask('POST', `${ITEMS}/${first.id}/restore`)).status, 400)
  })

  it('is gone for good when somebody says so, or after thirty days', async () => {
    const { world, done, ask } = directory
    const first = await directory.user('Cleo')
    await done('DELETE', `/users/${first.objectId}`)
    await done('DELETE', `${ITEMS}/${first.objectId}`)
    assert.equal((await ask('GET', `${ITEMS}/${first.objectId}`)).status, 404)
    assert.equal((await ask('POST', `${ITEMS}/${first.objectId}/restore`)).status, 404)

    const second = await directory.user('Cleo')
    await done('DELETE', `/users/${second.objectId}`)
    const guess = new Secret('Correct-Horse-9')
    const knows = (userId: ObjectId) => checkUserPassword(world.call(), { userId, guess })
    assert.equal(await knows(first.objectId), 'wrong')
    assert.equal(await knows(second.objectId), 'right')
    const later30 = { ...world.call(), now: later(world.clock.now(), 30 * DAY_MS) }
    assert.ok((await transaction(later30, purgeDueDeleted)) > 0)
    assert.equal(await transaction(later30, purgeDueDeleted), 0)
    assert.equal(await knows(second.objectId), 'wrong')
    assert.deepEqual(await deletedIds('user'), [])
    assert.equal(await findUser(world.call(), second.objectId), undefined)
  })

  it('comes back into a group that holds a role by the hands of those alone who give roles', async () => {
    const user = await directory.user('Fired')
    const { id } = await directory.done('POST', '/groups', {
      ...{ displayName: 'chiefs', mailEnabled: false, mailNickname: 'chiefs' },
      ...{ securityEnabled: true, isAssignableToRole: true },
    })
    await directory.done('POST', `/groups/${id}/members/$ref`, reference(user.objectId))
    await directory.done('DELETE', `/users/${user.objectId}`)
    const path = `${ITEMS}/${user.objectId}/restore`
    const lesser = await directory.principalWith('User.ReadWrite.All')
    const refused = await directory.ask('POST', path, { as: lesser })
    assert.deepEqual(
      [refused.status, refused.body.error.code],
      [403, 'Authorization_RequestDenied'],
    )
    assert.equal(await findUser(directory.world.call(), user.objectId), undefined)
    await directory.done('POST', path)
    assert.deepEqual(await transitiveGroupIds(directory.world.call(), user.objectId), [id])
  })

  it('is shown, restored and purged by whoever may do that with its kind, and by nobody else', async () => {
    const user = await directory.user('Dora')
    await directory.done('DELETE', `/users/${user.objectId}`)
    const one = `${ITEMS}/${user.objectId}`
    const asks = [
      ['GET', one, 'reading'],
      ['POST', `${one}/restore`, 'writing'],
      ['DELETE', one, 'writing'],
    ] as const
    const groupsOnly = await directory.principalWith('Group.ReadWrite.All')
    const usersRead = await directory.principalWith('User.Read.All')
    const none = await directory.principalWith()
    for (const [method, path, need] of asks) {
      assert.equal((await directory.ask(method, path, { as: none })).status, 403)
      assert.equal((await directory.ask(method, path, { as: groupsOnly })).status, 403)
      if (need === 'writing') {
        assert.equal((await directory.ask(method, path, { as: usersRead })).status, 403)
      }
    }
    assert.equal((await directory.ask('GET', one, { as: usersRead })).status, 200)
    const unknown = await directory.ask('GET', `${ITEMS}/${nobody()}`, { as: none })
    assert.equal(unknown.status, 403)
    const headers = await directory.signedIn(await directory.user('Plain'))
    for (const path of [one, `${ITEMS}/microsoft.graph.user`]) {
      assert.equal((await directory.ask('GET', path, { headers })).status, 403)
    }
    const list = await directory.ask('GET', `${ITEMS}/microsoft.graph.user`, { as: groupsOnly })
    assert.equal(list.status, 403)
  })
})

function reference(id: string) {
  return { '@odata.id': `${GRAPH}/directoryObjects/${id}` }
}
