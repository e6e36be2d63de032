import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/ids.ts'
import { appRoleAssignmentsOf } from '../../core/directory/app-role-assignments.ts'
import { createApplication, registerApplication } from '../../core/directory/applications.ts'
import {
  DIRECTORY_ROLE_TEMPLATES,
  GLOBAL_ADMINISTRATOR,
} from '../../core/directory/directory-role-templates.ts'
import { assignDirectoryRole } from '../../core/directory/directory-roles.ts'
import {
  GRAPH_APP_ROLES,
  graphPermissionsOf,
  MICROSOFT_GRAPH_CLIENT_ID,
} from '../../core/directory/microsoft-graph.ts'
import { GRAPH_SCOPES } from '../../core/directory/microsoft-graph-scopes.ts'
import { listPermissionGrants } from '../../core/directory/permission-grants.ts'
import { changeProfile } from '../../core/directory/profiles.ts'
import { findServicePrincipalByClientId } from '../../core/directory/service-principals.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { makePrincipal, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { consentPlane } from './consent.ts'

const CLERK = '1b19509b-32b1-4e9f-b71d-4992aa991967'

describe('consent for the whole tenant', () => {
  let world: TestWorld
  let door: TestDoor
  before(async () => {
    world = await openTestWorld()
    door = await openTestDoor(world, consentPlane, { host: 'main.iam.ad.ext.azure.com' })
  })
  after(async () => {
    await door.close()
    await world.close()
  })

  const administrator = async (role: string) => {
    const principal = await makePrincipal(world, role)
    const found = DIRECTORY_ROLE_TEMPLATES.find(({ displayName }) => displayName === role)
    const roleId = found?.id ?? GLOBAL_ADMINISTRATOR
    await transaction(world.call(), (tx) =>
      assignDirectoryRole(tx, { roleId, memberId: principal.objectId }),
    )
    return principal
  }
  const toGraph = (...resourceAccess: readonly object[]) => ({
    resourceAppId: MICROSOFT_GRAPH_CLIENT_ID,
    resourceAccess,
  })
  const role = (id: string) => ({ id, type: 'Role' })
  const scope = (name: string) => ({ id: GRAPH_SCOPES[name], type: 'Scope' })
  /** An application, not yet a service principal, that requires this. */
  const requiring = (...requiredResourceAccess: readonly object[]) =>
    transaction(world.call(), async (tx) => {
      const application = await registerApplication(tx, { displayName: 'asking' })
      const { objectId, clientId } = application
      await changeProfile(tx, { objectId, changes: { requiredResourceAccess } })
      return clientId
    })
  const ask = async (appId: string, as: Awaited<ReturnType<typeof administrator>>) => {
    const path = `/api/RegisteredApplications/${appId}/Consent?onBehalfOfAll=true`
    const { status, body } = await door.ask({ method: 'POST', path, as })
    return body ? [status, body.error.code] : [status]
  }

  it('grants all that an application says it requires, once', async () => {
    const { application: api, servicePrincipal: offering } = await transaction(
      world.call(),
      async (tx) => {
        const made = await createApplication(tx, { displayName: 'api' })
        const changes = {
          appRoles: [{ id: CLERK, value: 'clerk' }],
          api: { oauth2PermissionScopes: [{ id: CLERK, value: 'serve' }] },
        }
        await changeProfile(tx, { objectId: made.application.objectId, changes })
        return made
      },
    )
    const appId = await requiring(
      toGraph(role(GRAPH_APP_ROLES['User.Read.All']), scope('User.Read'), scope('openid')),
      { resourceAppId: api.clientId, resourceAccess: [role(CLERK), { id: CLERK, type: 'Scope' }] },
    )
    const chief = await administrator('Global Administrator')
    assert.deepEqual(await ask(appId, chief), [204])
    assert.deepEqual(await ask(appId, chief), [204])
    const call = world.call()
    const client = await findServicePrincipalByClientId(call, appId)
    assert.ok(client)
    assert.deepEqual(await graphPermissionsOf(call, client.objectId), ['User.Read.All'])
    const assigned = await appRoleAssignmentsOf(call, client.objectId)
    assert.equal(assigned.filter(({ resourceId }) => resourceId === offering.objectId).length, 1)
    const grants = await listPermissionGrants(call)
    assert.deepEqual(
      grants.map((one) => [one.clientId, one.consentType, one.scope]).sort(),
      [
        [client.objectId, 'AllPrincipals', 'User.Read openid'],
        [client.objectId, 'AllPrincipals', 'serve'],
      ].sort(),
    )
  })

  it('is given by administrators of applications for all but permissions on Graph itself', async () => {
    const apps = await administrator('Application Administrator')
    const delegated = await requiring(toGraph(scope('User.Read.All')))
    assert.deepEqual(await ask(delegated, apps), [204])
    const powerful = await requiring(toGraph(role(GRAPH_APP_ROLES['Directory.ReadWrite.All'])))
    assert.deepEqual(await ask(powerful, apps), [403, 'Authorization_RequestDenied'])
    const roles = await administrator('Privileged Role Administrator')
    assert.deepEqual(await ask(powerful, roles), [204])
  })

  it('is given by nobody else, and about nothing that is not there', async () => {
    const appId = await requiring(toGraph(scope('User.Read')))
    const refused = [403, 'Authorization_RequestDenied']
    assert.deepEqual(await ask(appId, await makePrincipal(world, 'nobody')), refused)
    assert.deepEqual(await ask(newId(), await makePrincipal(world, 'nobody')), refused)
    assert.deepEqual(await ask(appId, await administrator('User Administrator')), refused)
    assert.equal(await findServicePrincipalByClientId(world.call(), appId), undefined)
    const chief = await administrator('Global Administrator')
    assert.deepEqual(await ask(newId(), chief), [404, 'ApplicationNotFound'])
    for (const required of [
      toGraph(role(newId())),
      toGraph({ id: newId(), type: 'Scope' }),
      { resourceAppId: newId(), resourceAccess: [] },
    ]) {
      assert.deepEqual(await ask(await requiring(required), chief), [400, 'UnknownPermission'])
    }
  })
})
