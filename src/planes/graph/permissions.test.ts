import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeGlobalAdministrator } from '../../core/directory/directory-roles.ts'
import {
  GRAPH_APP_ROLES,
  type GraphPermission,
  graphPermissionsOf,
} from '../../core/directory/microsoft-graph.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { transaction } from '../../core/transaction.ts'
import type { PermissionGuard } from '../../http/route.ts'
import type { Asked } from '../../http/test-door.ts'
import { graphPlane } from './graph.ts'
import { ALSO_OPENS } from './permissions.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

const ALL = Object.keys(GRAPH_APP_ROLES) as GraphPermission[]

describe('a permission', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  /** Every route, asked about what is not there: what is not 403 has been let in. */
  const knock = async (as: ServicePrincipal, guards: (least: GraphPermission) => boolean) => {
    const refused: string[] = []
    const admitted: string[] = []
    for (const { method, path, guard } of graphPlane.routes) {
      if (guard.kind !== 'action' || !guards(guard.action as GraphPermission)) continue
      const at = path
        .replace('/:version', '')
        .replace(':key', "(appId='00000000-0000-4000-8000-000000000000')")
        .replaceAll(/:\w+/g, nobody())
      const { status } = await directory.ask(method as Asked['method'], at, { as })
      ;(status === 403 ? refused : admitted).push(`${method} ${path}`)
    }
    return { refused, admitted }
  }

  it('guards every route but those about the user who asks, or that ask for themselves', () => {
    const unguarded = graphPlane.routes
      .filter(({ guard, path }) => guard.kind !== 'action' && !/^\/:version\/me(\/|$)/.test(path))
      .map(({ path }) => path)
    assert.deepEqual(
      [...new Set(unguarded)],
      [
        '/:version/$batch',
        '/:version/directory/deletedItems/:id',
        '/:version/directory/deletedItems/:id/restore',
        '/oidc/userinfo',
      ],
    )
    for (const { guard } of graphPlane.routes) {
      if (guard.kind === 'action') assert.ok((guard as PermissionGuard).action in GRAPH_APP_ROLES)
    }
  })

  it('is needed: without one every route is shut', async () => {
    const { admitted } = await knock(await directory.principalWith(), () => true)
    assert.deepEqual(admitted, [])
    const identity = await directory.machineIdentity('VM1')
    assert.deepEqual((await knock(identity, () => true)).admitted, [])
  })

  it('opens what it is for, alone', async () => {
    for (const least of ALL) {
      const as = await directory.principalWith(least)
      assert.deepEqual((await knock(as, (guard) => guard === least)).refused, [], least)
      const others = (guard: GraphPermission) =>
        guard !== least && !ALSO_OPENS[guard].includes(least)
      assert.deepEqual((await knock(as, others)).admitted, [], least)
    }
  })

  it('not being among those that open a route, all others are not enough', async () => {
    for (const least of ALL) {
      const others = ALL.filter((one) => one !== least && !ALSO_OPENS[least].includes(one))
      const as = await directory.principalWith(...others)
      assert.deepEqual((await knock(as, (guard) => guard === least)).admitted, [], least)
    }
  })

  it('that only reads opens no write', () => {
    for (const { method, path, guard } of graphPlane.routes) {
      const reads = method === 'GET' || /\/(get|check)\w+$/.test(path)
      if (guard.kind === 'action' && !reads)
        assert.match(guard.action, /ReadWrite|Create|Revoke/, path)
    }
  })

  it('is granted and taken away as an app role of Microsoft Graph, from the next request on', async () => {
    const identity = await directory.machineIdentity('VM2')
    const key = "(appId='00000003-0000-0000-c000-000000000000')"
    const graph = await directory.done('GET', `/servicePrincipals${key}?$select=id`)
    const path = `/servicePrincipals/${identity.objectId}/appRoleAssignments`
    const body = {
      principalId: identity.objectId,
      resourceId: graph.id,
      appRoleId: GRAPH_APP_ROLES['User.Read.All'],
    }
    assert.equal((await directory.ask('GET', '/users', { as: identity })).status, 403)
    const made = await directory.ask('POST', path, { body })
    assert.equal(made.status, 201)
    const { '@odata.context': context, id, ...rest } = made.body
    assert.equal(context, `${GRAPH}/$metadata#appRoleAssignments/$entity`)
    assert.deepEqual(rest, {
      deletedDateTime: null,
      appRoleId: body.appRoleId,
      createdDateTime: '2026-01-15T09:30:00Z',
      principalDisplayName: 'VM2',
      principalId: identity.objectId,
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Microsoft Graph',
      resourceId: graph.id,
    })
    assert.equal((await directory.ask('GET', '/users', { as: identity })).status, 200)
    assert.equal((await directory.ask('GET', '/groups', { as: identity })).status, 403)
    assert.deepEqual(await graphPermissionsOf(directory.world.call(), identity.objectId), [
      'User.Read.All',
    ])
    const again = await directory.ask('POST', path, { body })
    assert.equal(again.status, 400)
    const assigned = `/servicePrincipals/${graph.id}/appRoleAssignedTo`
    assert.equal((await directory.done('GET', `${assigned}/${id}`)).id, id)
    assert.equal((await directory.ask('DELETE', `${assigned}/${id}`)).status, 204)
    assert.equal((await directory.ask('DELETE', `${path}/${id}`)).status, 404)
    assert.equal((await directory.ask('GET', '/users', { as: identity })).status, 403)
  })

  it('is granted by whoever may grant, for roles that are offered, to whom the address names', async () => {
    const writer = await directory.principalWith('Directory.ReadWrite.All')
    const granter = await directory.principalWith('AppRoleAssignment.ReadWrite.All')
    const graph = await directory.done(
      'GET',
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    )
    const grant = (principalId: string, appRoleId: string, as: ServicePrincipal) =>
      directory.ask('POST', `/servicePrincipals/${writer.objectId}/appRoleAssignments`, {
        as,
        body: { principalId, resourceId: graph.id, appRoleId },
      })
    const role = GRAPH_APP_ROLES['AppRoleAssignment.ReadWrite.All']
    assert.equal((await grant(writer.objectId, role, writer)).status, 403)
    assert.equal((await grant(granter.objectId, role, granter)).status, 400)
    assert.equal((await grant(writer.objectId, nobody(), granter)).status, 400)
    assert.equal((await grant(writer.objectId, role, granter)).status, 201)
  })

  it('is not needed by users to read; they write as administrators only', async () => {
    const user = await directory.user('Ida')
    const headers = await directory.signedIn(user)
    for (const path of [
      '/users',
      '/groups',
      '/servicePrincipals',
      '/applications',
      '/organization',
    ]) {
      assert.equal((await directory.ask('GET', path, { headers })).status, 200)
    }
    const write = () =>
      directory.ask('PATCH', '/users/Ida@locum.onmicrosoft.com', {
        headers,
        body: { jobTitle: 'Head' },
      })
    assert.equal((await write()).status, 403)
    await transaction(directory.world.call(), (tx) => makeGlobalAdministrator(tx, user.objectId))
    assert.equal((await write()).status, 204)
  })

  it('of a client in the name of a user is no wider than the scopes of its token', async () => {
    const user = await directory.user('Joan')
    await transaction(directory.world.call(), (tx) => makeGlobalAdministrator(tx, user.objectId))
    const status = async (
      scopes: string,
      method: Asked['method'],
      path: string,
      body?: unknown,
    ) => {
      const headers = await directory.signedIn(user, scopes)
      return (await directory.ask(method, path, { headers, body })).status
    }
    assert.equal(await status('User.Read', 'GET', '/me'), 200)
    assert.equal(await status('User.Read', 'GET', '/users'), 403)
    assert.equal(await status('User.Read.All', 'GET', '/users'), 200)
    assert.equal(await status('User.Read.All Group.Read.All', 'GET', '/groups'), 200)
    const named = { displayName: 'mine' }
    assert.equal(await status('Application.Read.All', 'POST', '/applications', named), 403)
    assert.equal(await status('Application.ReadWrite.All', 'POST', '/applications', named), 201)
    const path = `/users/${user.objectId}`
    const password = { passwordProfile: { password: 'Another-Horse-9' } }
    assert.equal(await status('User.ReadWrite.All', 'PATCH', path, password), 403)
    assert.equal(await status('Directory.AccessAsUser.All', 'PATCH', path, password), 204)
  })

  it('goes with the principal that held it', async () => {
    const { appId, id } = await directory.done('POST', '/applications', { displayName: 'gone' })
    const principal = await directory.done('POST', '/servicePrincipals', { appId })
    const graph = await directory.done(
      'GET',
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    )
    const assigned = `/servicePrincipals/${graph.id}/appRoleAssignedTo`
    const before = (await directory.done('GET', assigned)).value.length
    await directory.done('POST', assigned, {
      principalId: principal.id,
      resourceId: graph.id,
      appRoleId: GRAPH_APP_ROLES['User.Read.All'],
    })
    await directory.done('DELETE', `/applications/${id}`)
    assert.equal((await directory.done('GET', assigned)).value.length, before)
  })

  it('delegated is recorded, changed and revoked', async () => {
    const client = await directory.principalWith()
    const { id: resourceId } = await directory.done(
      'GET',
      "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    )
    const body = {
      clientId: client.objectId,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId,
      scope: 'User.Read',
    }
    const made = await directory.ask('POST', '/oauth2PermissionGrants', { body })
    assert.equal(made.status, 201)
    const { '@odata.context': _context, id, ...rest } = made.body
    assert.deepEqual(rest, body)
    const path = `/oauth2PermissionGrants/${id}`
    const widen = { body: { scope: 'User.Read Group.Read.All' } }
    assert.equal((await directory.ask('PATCH', path, widen)).status, 204)
    const filter = `clientId eq '${client.objectId}'`
    const { value } = await directory.done('GET', `/oauth2PermissionGrants?$filter=${filter}`)
    assert.deepEqual(
      value.map((one: { scope: string }) => one.scope),
      ['User.Read Group.Read.All'],
    )
    const own = `/servicePrincipals/${client.objectId}/oauth2PermissionGrants`
    assert.equal((await directory.done('GET', own)).value.length, 1)
    assert.equal((await directory.ask('DELETE', path)).status, 204)
    assert.equal((await directory.ask('GET', path)).status, 404)
    for (const changes of [
      { clientId: nobody() },
      { consentType: 'Principal' },
      { principalId: nobody() },
      { consentType: 'Principal', principalId: nobody() },
    ]) {
      const refused = await directory.ask('POST', '/oauth2PermissionGrants', {
        body: { ...body, ...changes },
      })
      assert.ok([400, 404].includes(refused.status), JSON.stringify(changes))
    }
  })
})
