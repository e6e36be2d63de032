import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { DAY_MS, after as instantAfter } from '../../base/clock.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { assignAppRole } from '../../core/directory/app-role-assignments.ts'
import { createApplication } from '../../core/directory/applications.ts'
import { addMember, createGroup } from '../../core/directory/groups.ts'
import { GRAPH_APP_ROLES, microsoftGraphPrincipal } from '../../core/directory/microsoft-graph.ts'
import { addPasswordCredential } from '../../core/directory/password-credentials.ts'
import { changeProfile } from '../../core/directory/profiles.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'
import { AZ, form, PASSWORD, someUser } from './test-sign-in.ts'

describe('app roles', () => {
  let world: TestWorld
  let door: TestDoor
  let client: Awaited<ReturnType<typeof makeClient>>
  before(async () => {
    world = await openTestWorld()
    door = await openTestDoor(world, entraPlane, { host: 'login.microsoftonline.com' })
    client = await makeClient(world)
  })
  after(async () => {
    await door.close()
    await world.close()
  })

  const claimsFor = async (resource: string) => {
    const form = { grant_type: 'client_credentials', ...client.credentials, resource }
    const { status, body } = await door.ask({
      method: 'POST',
      path: `/${world.tenantId}/oauth2/token`,
      body: new URLSearchParams(form).toString(),
    })
    if (status !== 200) return { error: body.error_codes[0] }
    return JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString())
  }

  it('of Microsoft Graph that the client holds are in its tokens for Graph, and in no other', async () => {
    assert.equal('roles' in (await claimsFor('https://graph.microsoft.com')), false)
    await transaction(world.call(), async (tx) => {
      for (const name of ['User.Read.All', 'Group.Read.All'] as const) {
        await assignAppRole(tx, {
          principalId: client.principalId,
          resourceId: microsoftGraphPrincipal(tx).objectId,
          appRoleId: GRAPH_APP_ROLES[name],
        })
      }
    })
    assert.deepEqual((await claimsFor('https://graph.microsoft.com/')).roles, [
      'Group.Read.All',
      'User.Read.All',
    ])
    assert.equal('roles' in (await claimsFor('https://vault.azure.net')), false)
  })

  it('of an application are in tokens for it, by each of its names', async () => {
    const roleId = newId()
    const clientId = await transaction(world.call(), async (tx) => {
      const { application, servicePrincipal } = await createApplication(tx, { displayName: 'api' })
      const role = { id: roleId, value: 'Things.Read', isEnabled: true }
      const changes = { appRoles: [role], identifierUris: ['https://api.example'] }
      await changeProfile(tx, { objectId: application.objectId, changes })
      const { principalId } = client
      const resourceId = servicePrincipal.objectId
      await assignAppRole(tx, { principalId, resourceId, appRoleId: roleId })
      return application.clientId
    })
    for (const name of [
      clientId,
      `api://${clientId}`,
      'https://api.example',
      'HTTPS://api.example/',
    ]) {
      const { aud, roles } = await claimsFor(name)
      assert.deepEqual([aud, roles], [name, ['Things.Read']])
    }
    assert.deepEqual(await claimsFor('https://other.example'), { error: 500011 })
  })

  /** An application with one role, open to those alone who were assigned to it. */
  const makeShut = (displayName: string, version?: number) =>
    transaction(world.call(), async (tx) => {
      const { application, servicePrincipal } = await createApplication(tx, { displayName })
      const { objectId } = application
      const role = { id: ROLE, value: 'clerk', isEnabled: true }
      const changes = {
        appRoles: [role],
        web: { redirectUris: ['https://shut.example/back'] },
        isFallbackPublicClient: true,
        ...(version && { api: { requestedAccessTokenVersion: version } }),
      }
      await changeProfile(tx, { objectId, changes })
      const required = { appRoleAssignmentRequired: true }
      await changeProfile(tx, { objectId: servicePrincipal.objectId, changes: required })
      return { clientId: application.clientId, objectId: servicePrincipal.objectId }
    })
  const assign = (principalId: ObjectId, resourceId: ObjectId, appRoleId = ROLE) =>
    transaction(world.call(), (tx) => assignAppRole(tx, { principalId, resourceId, appRoleId }))
  const byPassword = async (client_id: string, scope: string, name = 'ada') => {
    const username = `${name}@locum.onmicrosoft.com`
    const fields = { grant_type: 'password', client_id, username, password: PASSWORD, scope }
    const { status, body } = await door.ask({
      method: 'POST',
      path: `/${world.tenantId}/oauth2/v2.0/token`,
      body: form(fields),
    })
    if (status !== 200) {
      assert.equal(body.error, 'invalid_grant')
      return { error: body.error_codes[0], said: body.error_description }
    }
    return { access: decodeJwt(body.access_token), id: decodeJwt(body.id_token) }
  }

  it('are needed of a client where the application requires assignment: AADSTS501051', async () => {
    const shut = await makeShut('shut')
    assert.deepEqual(await claimsFor(shut.clientId), { error: 501051 })
    await assign(client.principalId, shut.objectId, DEFAULT_ACCESS)
    const { aud, roles } = await claimsFor(shut.clientId)
    assert.deepEqual([aud, roles], [shut.clientId, undefined])
  })

  it('are needed of a user, directly or by a group the user is in: AADSTS50105', async () => {
    const ada = await someUser(world, 'ada')
    const shut = await makeShut('shut to users')
    const scope = `api://${shut.clientId}/.default openid`
    const refused = await byPassword(AZ, scope)
    assert.equal(refused.error, 50105)
    assert.match(
      refused.said,
      /^AADSTS50105: Your administrator has configured the application shut to users \('.*'\) to block users/,
    )
    // The client that signs the user in asks for it as much as the resource.
    const toGraph = 'https://graph.microsoft.com/.default openid'
    assert.equal((await byPassword(shut.clientId, toGraph)).error, 50105)
    const { inner, outer } = await transaction(world.call(), async (tx) => {
      const inner = await createGroup(tx, { displayName: 'inner' })
      const outer = await createGroup(tx, { displayName: 'outer' })
      await addMember(tx, { groupId: outer.objectId, memberId: inner.objectId })
      await addMember(tx, { groupId: inner.objectId, memberId: ada.objectId })
      return { inner: inner.objectId, outer: outer.objectId }
    })
    await assign(outer, shut.objectId)
    assert.equal((await byPassword(AZ, scope)).error, 50105, 'a group in a group is not enough')
    await assign(inner, shut.objectId)
    assert.deepEqual((await byPassword(AZ, scope)).access?.roles, ['clerk'])
    const own = await byPassword(shut.clientId, toGraph)
    assert.deepEqual([own.access?.roles, own.id?.roles], [undefined, ['clerk']])
  })

  it('are in tokens of version 2 where the application wants those, by its client id', async () => {
    const modern = await makeShut('modern', 2)
    await assign(client.principalId, modern.objectId)
    const { aud, iss, ver, azp, appid, roles } = await claimsFor(`api://${modern.clientId}`)
    assert.deepEqual([aud, ver, azp], [modern.clientId, '2.0', client.credentials.client_id])
    assert.equal(iss, `https://login.microsoftonline.com/${world.tenantId}/v2.0`)
    assert.deepEqual([appid, roles], [undefined, ['clerk']])
  })
})

const ROLE = '1b19509b-32b1-4e9f-b71d-4992aa991967'
const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

async function makeClient(world: TestWorld) {
  return transaction(world.call(), async (tx) => {
    const { application, servicePrincipal } = await createApplication(tx, { displayName: 'client' })
    const { secretText } = await addPasswordCredential(tx, {
      ownerId: application.objectId,
      endsAt: instantAfter(tx.now, DAY_MS),
    })
    return {
      principalId: servicePrincipal.objectId,
      credentials: { client_id: application.clientId, client_secret: secretText.reveal() },
    }
  })
}
