import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  DIRECTORY_ROLE_TEMPLATES,
  GLOBAL_ADMINISTRATOR,
} from '../../core/directory/directory-role-templates.ts'
import { assignDirectoryRole } from '../../core/directory/directory-roles.ts'
import { GRAPH_APP_ROLES } from '../../core/directory/microsoft-graph.ts'
import type { User } from '../../core/directory/users.ts'
import { transaction } from '../../core/transaction.ts'
import type { Asked } from '../../http/test-door.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

const ASSIGNMENTS = '/roleManagement/directory/roleAssignments'
const GRAPH_PRINCIPAL = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"

describe('a directory role', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const roleId = (name: string): string => {
    const found = DIRECTORY_ROLE_TEMPLATES.find(({ displayName }) => displayName === name)
    assert.ok(found, name)
    return found.id
  }
  /** A user who holds the role, and what a client that may do what the user may is answered. */
  const holder = async (name: string, ...roles: readonly string[]) => {
    const user = await directory.user(name)
    for (const role of roles) {
      await transaction(directory.world.call(), (tx) =>
        assignDirectoryRole(tx, { roleId: roleId(role), memberId: user.objectId }),
      )
    }
    const headers = await directory.signedIn(user)
    const status = async (method: Asked['method'], path: string, body?: unknown) =>
      (await directory.ask(method, path, { headers, body })).status
    return { user, headers, status }
  }
  const newPassword = { passwordProfile: { password: 'Another-Horse-9' } }
  const pathOf = ({ objectId }: User) => `/users/${objectId}`

  it('is in use once it is activated, with an id of the tenant’s own', async () => {
    const { done, ask } = directory
    const templates = await done('GET', '/directoryRoleTemplates')
    assert.equal(templates.value.length, DIRECTORY_ROLE_TEMPLATES.length)
    const one = await done('GET', `/directoryRoleTemplates/${GLOBAL_ADMINISTRATOR}`)
    assert.equal(one.displayName, 'Global Administrator')
    assert.equal((await ask('GET', `/directoryRoleTemplates/${nobody()}`)).status, 404)

    const roleTemplateId = roleId('Groups Administrator')
    const filter = `/directoryRoles?$filter=roleTemplateId eq '${roleTemplateId}'`
    assert.deepEqual((await done('GET', filter)).value, [])
    const made = await ask('POST', '/directoryRoles', { body: { roleTemplateId } })
    assert.equal(made.status, 201)
    assert.notEqual(made.body.id, roleTemplateId)
    const { '@odata.context': _context, ...role } = made.body
    assert.deepEqual((await done('GET', filter)).value, [role])
    const again = await ask('POST', '/directoryRoles', { body: { roleTemplateId } })
    assert.equal(again.status, 400)
    const unknown = await ask('POST', '/directoryRoles', { body: { roleTemplateId: nobody() } })
    assert.equal(unknown.status, 404)
    const key = `/directoryRoles(roleTemplateId='${roleTemplateId}')`
    assert.equal((await done('GET', key)).id, role.id)
    assert.equal((await done('GET', `/directoryRoles/${role.id}`)).roleTemplateId, roleTemplateId)
    const first = await done('GET', `/directoryRoles(roleTemplateId='${GLOBAL_ADMINISTRATOR}')`)
    assert.equal(first.displayName, 'Global Administrator')
  })

  it('has members, added and removed, and shows among what they are members of', async () => {
    const { done, ask } = directory
    const user = await directory.user('Member')
    const roleTemplateId = roleId('Directory Readers')
    const { id } = await done('POST', '/directoryRoles', { roleTemplateId })
    const members = `/directoryRoles/${id}/members`
    await done('POST', `${members}/$ref`, reference(user.objectId))
    assert.equal(
      (await ask('POST', `${members}/$ref`, { body: reference(user.objectId) })).status,
      400,
    )
    const { value } = await done('GET', members)
    assert.deepEqual(
      value.map((one: { id: string }) => one.id),
      [user.objectId],
    )
    const memberOf = await done('GET', `/users/${user.objectId}/memberOf`)
    assert.equal(memberOf.value[0]['@odata.type'], '#microsoft.graph.directoryRole')
    assert.equal(memberOf.value[0].id, id)
    await done('DELETE', `${members}/${user.objectId}/$ref`)
    assert.equal((await ask('DELETE', `${members}/${user.objectId}/$ref`)).status, 404)
    assert.deepEqual((await done('GET', members)).value, [])
  })

  it('is assigned by role management, once, in the whole directory', async () => {
    const { done, ask } = directory
    const user = await directory.user('Assigned')
    const body = {
      principalId: user.objectId,
      roleDefinitionId: roleId('User Administrator'),
      directoryScopeId: '/',
    }
    const made = await ask('POST', ASSIGNMENTS, { body })
    assert.equal(made.status, 201)
    const { '@odata.context': context, id, ...rest } = made.body
    assert.equal(context, `${GRAPH}/$metadata#roleManagement/directory/roleAssignments/$entity`)
    assert.deepEqual(rest, body)
    assert.match(id, /^[\w-]{43}-1$/)
    assert.equal((await ask('POST', ASSIGNMENTS, { body })).status, 400)
    const filter = `${ASSIGNMENTS}?$filter=principalId eq '${user.objectId}'&$expand=principal`
    const [listed] = (await done('GET', filter)).value
    assert.equal(listed.id, id)
    assert.equal(listed.principal.displayName, 'Assigned')
    assert.equal((await done('GET', `${ASSIGNMENTS}/${id}`)).principalId, user.objectId)
    for (const changes of [
      { principalId: nobody() },
      { roleDefinitionId: nobody() },
      { directoryScopeId: `/${nobody()}` },
    ]) {
      const refused = await ask('POST', ASSIGNMENTS, { body: { ...body, ...changes } })
      assert.ok([400, 404].includes(refused.status), JSON.stringify(changes))
    }
    assert.equal((await ask('DELETE', `${ASSIGNMENTS}/${id}`)).status, 204)
    assert.equal((await ask('GET', `${ASSIGNMENTS}/${id}`)).status, 404)
  })

  it('lets its holders do what it is for, and nothing else', async () => {
    const target = await directory.user('Target')
    const group = { displayName: 'g', mailEnabled: false, mailNickname: 'g', securityEnabled: true }
    const someGroup = await directory.done('POST', '/groups', group)
    const someApp = await directory.done('POST', '/applications', { displayName: 'theirs' })
    const rename = { displayName: 'renamed' }
    const tries = [
      ['users', 'PATCH', pathOf(target), { jobTitle: 'Duke' }],
      ['password', 'PATCH', pathOf(target), newPassword],
      ['sessions', 'POST', `${pathOf(target)}/revokeSignInSessions`, undefined],
      ['groups', 'PATCH', `/groups/${someGroup.id}`, rename],
      ['applications', 'PATCH', `/applications/${someApp.id}`, rename],
      ['roles', 'GET', '/directoryRoles', undefined],
    ] as const
    for (const [name, may] of [
      ['Global Administrator', ['users', 'password', 'sessions', 'groups', 'applications']],
      ['Global Reader', []],
      ['Directory Readers', []],
      ['User Administrator', ['users', 'password', 'sessions', 'groups']],
      ['Groups Administrator', ['groups']],
      ['Application Administrator', ['applications']],
      ['Cloud Application Administrator', ['applications']],
      ['Application Developer', []],
      ['Helpdesk Administrator', ['password', 'sessions']],
      ['Authentication Administrator', ['password', 'sessions']],
      ['Password Administrator', ['password']],
      ['Privileged Authentication Administrator', ['password', 'sessions']],
      ['Privileged Role Administrator', []],
    ] as const) {
      const { status } = await holder(name.replaceAll(' ', ''), name)
      const done: string[] = []
      for (const [what, method, path, body] of tries) {
        if ((await status(method, path, body)) < 300) done.push(what)
      }
      assert.deepEqual(done, [...may, 'roles'], name)
    }
  })

  it('cannot be used to reach those above: passwords, sessions, permissions on Graph, roles', async () => {
    const { done } = directory
    const { user: chief } = await holder('Chief', 'Global Administrator')
    const helper = await holder('Helper', 'User Administrator')
    for (const [method, path, body] of [
      ['PATCH', pathOf(chief), newPassword],
      ['PATCH', pathOf(chief), { accountEnabled: false }],
      ['PATCH', pathOf(chief), { userPrincipalName: 'taken@locum.onmicrosoft.com' }],
      ['POST', `${pathOf(chief)}/revokeSignInSessions`, undefined],
      ['DELETE', pathOf(chief), undefined],
    ] as const) {
      assert.equal(await helper.status(method, path, body), 403, `${method} ${path}`)
    }
    assert.equal(await helper.status('PATCH', pathOf(chief), { jobTitle: 'Chief' }), 204)
    const above = await holder('Above', 'Privileged Authentication Administrator')
    assert.equal(await above.status('PATCH', pathOf(chief), newPassword), 204)

    const { id: resourceId } = await done('GET', GRAPH_PRINCIPAL)
    const client = await directory.principalWith()
    const appAdministrator = await holder('Apps', 'Application Administrator')
    const grant = {
      principalId: client.objectId,
      resourceId,
      appRoleId: GRAPH_APP_ROLES['RoleManagement.ReadWrite.Directory'],
    }
    const grants = `/servicePrincipals/${client.objectId}/appRoleAssignments`
    assert.equal(await appAdministrator.status('POST', grants, grant), 403)
    const self = {
      principalId: appAdministrator.user.objectId,
      roleDefinitionId: GLOBAL_ADMINISTRATOR,
    }
    assert.equal(await appAdministrator.status('POST', ASSIGNMENTS, self), 403)
    const roles = await holder('Roles', 'Privileged Role Administrator')
    assert.equal(await roles.status('POST', grants, grant), 201)
  })

  it('takes a password from no permission of an application alone, and from one with the role', async () => {
    const target = await directory.user('Locked')
    const app = await directory.principalWith('User-PasswordProfile.ReadWrite.All')
    const ask = () => directory.ask('PATCH', pathOf(target), { as: app, body: newPassword })
    assert.equal((await ask()).status, 403)
    await transaction(directory.world.call(), (tx) =>
      assignDirectoryRole(tx, { roleId: roleId('User Administrator'), memberId: app.objectId }),
    )
    assert.equal((await ask()).status, 204)
  })

  it('is held through a group that was made for it, which only those who give roles may change', async () => {
    const { done, ask } = directory
    const group = (isAssignableToRole: boolean, displayName: string) => ({
      displayName,
      mailEnabled: false,
      mailNickname: displayName,
      securityEnabled: true,
      isAssignableToRole,
    })
    const plain = await done('POST', '/groups', group(false, 'plain'))
    const roleDefinitionId = roleId('User Administrator')
    const toPlain = { principalId: plain.id, roleDefinitionId }
    assert.equal((await ask('POST', ASSIGNMENTS, { body: toPlain })).status, 400)
    const change = await ask('PATCH', `/groups/${plain.id}`, { body: { isAssignableToRole: true } })
    assert.equal(change.status, 400)

    const made = await done('POST', '/groups', group(true, 'made'))
    await done('POST', ASSIGNMENTS, { principalId: made.id, roleDefinitionId })
    const groupsAdministrator = await holder('Grouper', 'Groups Administrator')
    const member = await holder('Insider')
    const join = reference(member.user.objectId)
    assert.equal(await groupsAdministrator.status('POST', '/groups', group(true, 'no')), 403)
    for (const [method, path, body] of [
      ['POST', `/groups/${made.id}/members/$ref`, join],
      ['POST', `/groups/${made.id}/owners/$ref`, join],
      ['PATCH', `/groups/${made.id}`, { displayName: 'taken' }],
      ['DELETE', `/groups/${made.id}`, undefined],
    ] as const) {
      assert.equal(await groupsAdministrator.status(method, path, body), 403, `${method} ${path}`)
    }
    const keeper = await holder('Keeper', 'Privileged Role Administrator')
    const described = { description: 'kept' }
    assert.equal(await keeper.status('PATCH', `/groups/${made.id}`, described), 204)
    assert.equal(await keeper.status('PATCH', `/groups/${plain.id}`, described), 403)
    assert.equal(await keeper.status('POST', '/groups', group(true, 'keepers')), 201)
    const target = await directory.user('Reached')
    assert.equal(await member.status('PATCH', pathOf(target), { jobTitle: 'x' }), 403)
    await done('POST', `/groups/${made.id}/members/$ref`, join)
    assert.equal(await member.status('PATCH', pathOf(target), { jobTitle: 'x' }), 204)
    await done('DELETE', `/groups/${made.id}`)
    assert.equal(await member.status('PATCH', pathOf(target), { jobTitle: 'y' }), 403)
  })

  it('of Global Administrators is always held by somebody', async () => {
    const other = await openTestDirectory()
    try {
      const { value } = await other.done('GET', `${ASSIGNMENTS}`)
      assert.equal(value.length, 1)
      assert.equal((await other.ask('DELETE', `${ASSIGNMENTS}/${value[0].id}`)).status, 400)
      const own = `/servicePrincipals/${other.administrator.objectId}`
      assert.equal((await other.ask('DELETE', own)).status, 400)
      const user = await other.user('Heir')
      await other.done('POST', ASSIGNMENTS, {
        principalId: user.objectId,
        roleDefinitionId: GLOBAL_ADMINISTRATOR,
      })
      assert.equal((await other.ask('DELETE', `${ASSIGNMENTS}/${value[0].id}`)).status, 204)
    } finally {
      await other.close()
    }
  })
})

function reference(id: string) {
  return { '@odata.id': `${GRAPH}/directoryObjects/${id}` }
}
