import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { User } from '../../core/directory/users.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

const GROUP = { mailEnabled: false, mailNickname: 'group', securityEnabled: true }

describe('a group', () => {
  let directory: TestDirectory
  let ada: User
  before(async () => {
    directory = await openTestDirectory()
    ada = await directory.user('Ada')
  })
  after(() => directory.close())

  const group = async (displayName: string): Promise<string> =>
    (await directory.done('POST', '/groups', { displayName, ...GROUP })).id
  const join = async (groupId: string, id: string) =>
    (
      await directory.ask('POST', `/groups/${groupId}/members/$ref`, {
        body: { '@odata.id': `${GRAPH}/directoryObjects/${id}` },
      })
    ).status
  const ids = async (path: string) =>
    (await directory.done('GET', path)).value.map((one: { id: string }) => one.id).sort()

  it('is made, changed and deleted', async () => {
    const made = await directory.ask('POST', '/groups', {
      body: { displayName: 'readers', description: 'who read', ...GROUP },
    })
    assert.equal(made.status, 201)
    const { id, securityEnabled, groupTypes, mail } = made.body
    assert.deepEqual([securityEnabled, groupTypes, mail], [true, [], null])
    const path = `/groups/${id}`
    const change = { body: { displayName: 'writers', description: null } }
    assert.equal((await directory.ask('PATCH', path, change)).status, 204)
    const shown = await directory.done('GET', `${path}?$select=displayName,description`)
    assert.deepEqual([shown.displayName, shown.description], ['writers', null])
    const filter = "displayName eq 'writers' and mailNickname eq 'group'"
    assert.deepEqual(await ids(`/groups?$filter=${filter}`), [id])
    assert.equal((await directory.ask('DELETE', path)).status, 204)
    assert.equal((await directory.ask('GET', path)).status, 404)
    const mailed = { displayName: 'mail', ...GROUP, mailEnabled: true }
    assert.equal((await directory.ask('POST', '/groups', { body: mailed })).status, 400)
  })

  it('has members of every kind, each shown as what it is', async () => {
    const id = await group('mixed')
    const [inner, identity] = [await group('inner'), await directory.machineIdentity('VM1')]
    for (const member of [ada.objectId, inner, identity.objectId]) {
      assert.equal(await join(id, member), 204)
    }
    const { value } = await directory.done('GET', `/groups/${id}/members`)
    const kinds = value.map((one: Record<string, string>) => [one.id, one['@odata.type']])
    assert.deepEqual(
      new Map(kinds),
      new Map([
        [ada.objectId, '#microsoft.graph.user'],
        [inner, '#microsoft.graph.group'],
        [identity.objectId, '#microsoft.graph.servicePrincipal'],
      ]),
    )
    assert.equal(await join(id, ada.objectId), 400)
    assert.equal(await join(id, id), 400)
    assert.equal(await join(id, nobody()), 404)
    const leave = `/groups/${id}/members/${ada.objectId}/$ref`
    assert.equal((await directory.ask('DELETE', leave)).status, 204)
    assert.equal((await directory.ask('DELETE', leave)).status, 404)
    assert.deepEqual(await ids(`/groups/${id}/members`), [inner, identity.objectId].sort())
  })

  it('reaches through groups in groups, both ways, and through circles once', async () => {
    const [outer, middle, inner] = [await group('outer'), await group('middle'), await group('in')]
    const eva = await directory.user('Eva')
    await join(outer, middle)
    await join(middle, inner)
    await join(inner, eva.objectId)
    await join(inner, outer)
    assert.deepEqual(
      await ids(`/groups/${outer}/transitiveMembers`),
      [outer, middle, inner, eva.objectId].sort(),
    )
    assert.deepEqual(await ids(`/users/${eva.objectId}/memberOf`), [inner])
    const all = [outer, middle, inner].sort()
    assert.deepEqual(await ids(`/users/${eva.objectId}/transitiveMemberOf`), all)
    // Of one kind alone, by either name that libraries have for it.
    const members = `/groups/${outer}/transitiveMembers`
    assert.deepEqual(await ids(`${members}/microsoft.graph.user`), [eva.objectId])
    assert.deepEqual(await ids(`${members}/graph.group?$select=id`), [outer, middle, inner].sort())
    assert.deepEqual(await ids(`/users/${eva.objectId}/memberOf/microsoft.graph.group`), [inner])
    const roles = `/users/${eva.objectId}/transitiveMemberOf/microsoft.graph.directoryRole`
    assert.deepEqual(await ids(roles), [])
    const none = await directory.ask('GET', `${members}/microsoft.graph.printer`)
    assert.deepEqual([none.status, none.body.error.code], [400, 'BadRequest'])
    for (const set of ['users', 'directoryObjects']) {
      const path = `/${set}/${eva.objectId}`
      const groups = await directory.done('POST', `${path}/getMemberGroups`, {
        securityEnabledOnly: false,
      })
      assert.deepEqual(groups.value, all)
      assert.equal(groups['@odata.context'], `${GRAPH}/$metadata#Collection(Edm.String)`)
      const checked = await directory.done('POST', `${path}/checkMemberGroups`, {
        groupIds: [inner, nobody()],
      })
      assert.deepEqual(checked.value, [inner])
    }
  })

  it('may be made with owners and members', async () => {
    const made = await directory.done('POST', '/groups', {
      displayName: 'bound',
      ...GROUP,
      'owners@odata.bind': [`${GRAPH}/users/${ada.objectId}`],
      'members@odata.bind': [`${GRAPH}/users('${ada.objectId}')`],
    })
    assert.deepEqual(await ids(`/groups/${made.id}/owners`), [ada.objectId])
    assert.deepEqual(await ids(`/groups/${made.id}/members`), [ada.objectId])
    assert.equal((await directory.ask('DELETE', `/users/${ada.objectId}`)).status, 204)
    assert.deepEqual(await ids(`/groups/${made.id}/owners`), [])
    assert.deepEqual(await ids(`/groups/${made.id}/members`), [])
  })
})
