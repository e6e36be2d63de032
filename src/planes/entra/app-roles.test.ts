import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY_MS, after as instantAfter } from '../../base/clock.ts'
import { newId } from '../../base/ids.ts'
import { assignAppRole } from '../../core/directory/app-role-assignments.ts'
import { createApplication } from '../../core/directory/applications.ts'
import { GRAPH_APP_ROLES, microsoftGraphPrincipal } from '../../core/directory/microsoft-graph.ts'
import { addPasswordCredential } from '../../core/directory/password-credentials.ts'
import { changeProfile } from '../../core/directory/profiles.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'

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
})

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
