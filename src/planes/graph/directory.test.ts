import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Secret } from '../../base/secret.ts'
import { mustChangePassword } from '../../core/directory/password-change.ts'
import { checkUserPassword } from '../../core/directory/user-passwords.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

const PASSWORD = 'Correct-Horse-9'

describe('the directory', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  it('makes users, shows a few of their properties unless asked for more, and no password', async () => {
    const made = await directory.ask('POST', '/users', {
      body: {
        accountEnabled: true,
        displayName: 'Ada Lovelace',
        mailNickname: 'ada',
        userPrincipalName: 'ada@locum.onmicrosoft.com',
        passwordProfile: { password: PASSWORD, forceChangePasswordNextSignIn: false },
        jobTitle: 'Analyst',
      },
    })
    assert.equal(made.status, 201)
    const { '@odata.context': _context, id, ...rest } = made.body
    assert.deepEqual(rest, {
      businessPhones: [],
      displayName: 'Ada Lovelace',
      givenName: null,
      jobTitle: 'Analyst',
      mail: null,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      surname: null,
      userPrincipalName: 'ada@locum.onmicrosoft.com',
    })
    const asked = { userId: id, guess: new Secret(PASSWORD) }
    assert.equal(await checkUserPassword(directory.world.call(), asked), 'right')
    const more = await directory.done(
      'GET',
      '/users/ada@locum.onmicrosoft.com?$select=id,accountEnabled,mailNickname,passwordProfile',
    )
    assert.deepEqual(
      [more.id, more.accountEnabled, more.mailNickname, more.passwordProfile],
      [id, true, 'ada', null],
    )
    const filter = "userPrincipalName eq 'ADA@locum.onmicrosoft.com'"
    const { value } = await directory.done('GET', `/users?$filter=${filter}`)
    assert.equal(value[0].id, id)
  })

  it('refuses a name that is taken, one that is none, and a weak password', async () => {
    const refusal = async (changes: object) => {
      const { status, body } = await directory.ask('POST', '/users', {
        body: {
          accountEnabled: true,
          displayName: 'Other',
          mailNickname: 'other',
          userPrincipalName: 'other@locum.onmicrosoft.com',
          passwordProfile: { password: PASSWORD },
          ...changes,
        },
      })
      return [status, body.error?.code]
    }
    const bad = [400, 'Request_BadRequest']
    assert.deepEqual(await refusal({ userPrincipalName: 'Ada@locum.onmicrosoft.com' }), bad)
    assert.deepEqual(await refusal({ userPrincipalName: 'nobody' }), bad)
    assert.deepEqual(await refusal({ passwordProfile: { password: 'weak' } }), bad)
    assert.deepEqual(await refusal({ passwordProfile: {} }), bad)
    assert.deepEqual(await refusal({ mailNickname: undefined }), bad)
  })

  it('sets a password for a Global Administrator alone: no permission is enough', async () => {
    const { objectId } = await directory.user('Grace')
    const path = `/users/${objectId}`
    const body = { passwordProfile: { password: 'Another-Horse-9' }, jobTitle: 'Admiral' }
    const as = await directory.principalWith('User.ReadWrite.All', 'Directory.ReadWrite.All')
    assert.equal((await directory.ask('PATCH', path, { as, body })).status, 403)
    assert.equal((await directory.ask('PATCH', path, { as, body: { jobTitle: 'x' } })).status, 204)
    assert.equal((await directory.ask('PATCH', path, { body })).status, 204)
    const asked = { userId: objectId, guess: new Secret('Another-Horse-9') }
    assert.equal(await checkUserPassword(directory.world.call(), asked), 'right')
    const disable = { body: { accountEnabled: false, displayName: 'G. Hopper' } }
    assert.equal((await directory.ask('PATCH', path, disable)).status, 204)
    const shown = await directory.done('GET', `${path}?$select=accountEnabled,displayName,jobTitle`)
    assert.deepEqual(
      [shown.accountEnabled, shown.displayName, shown.jobTitle],
      [false, 'G. Hopper', 'Admiral'],
    )
  })

  it('keeps the extension attributes of a user, each by itself', async () => {
    const { objectId } = await directory.user('Edsger')
    const path = `/users/${objectId}`
    const change = (attributes: object) =>
      directory.ask('PATCH', path, { body: { onPremisesExtensionAttributes: attributes } })
    assert.equal((await change({ extensionAttribute1: 'a', extensionAttribute2: 'b' })).status, 204)
    assert.equal((await change({ extensionAttribute2: null })).status, 204)
    assert.equal((await change({ extensionAttribute16: 'x' })).status, 400)
    const select = '$select=OnPremisesExtensionAttributes'
    const { onPremisesExtensionAttributes: kept } = await directory.done('GET', `${path}?${select}`)
    assert.equal(Object.keys(kept).length, 15)
    assert.deepEqual([kept.extensionAttribute1, kept.extensionAttribute2], ['a', null])
  })

  it('tells ids apart: names and kinds of those that are there', async () => {
    const user = await directory.user('Mary')
    const identity = await directory.machineIdentity('VM1')
    const ids = [user.objectId, identity.objectId, nobody()]
    const { value } = await directory.done('POST', '/directoryObjects/getByIds', {
      ids,
      types: ['user', 'group', 'servicePrincipal', 'directoryObjectPartnerReference'],
    })
    assert.deepEqual(
      new Map(value.map((one: Record<string, string>) => [one.id, one['@odata.type']])),
      new Map([
        [user.objectId, '#microsoft.graph.user'],
        [identity.objectId, '#microsoft.graph.servicePrincipal'],
      ]),
    )
    const users = await directory.done('POST', '/directoryObjects/getByIds', {
      ids,
      types: ['user'],
    })
    assert.equal(users.value.length, 1)
    const one = await directory.done('GET', `/directoryObjects/${user.objectId}`)
    assert.deepEqual([one['@odata.type'], one.displayName], ['#microsoft.graph.user', 'Mary'])
    const bad = { body: { ids: ['no id'] } }
    assert.equal((await directory.ask('POST', '/directoryObjects/getByIds', bad)).status, 400)
    assert.equal((await directory.ask('GET', `/directoryObjects/${nobody()}`)).status, 404)
    assert.equal((await directory.ask('DELETE', `/directoryObjects/${user.objectId}`)).status, 204)
    assert.equal((await directory.ask('GET', `/users/${user.objectId}`)).status, 404)
  })

  it('lets whoever sets a password demand that the user choose another', async () => {
    const { objectId } = await directory.user('Annie')
    const must = () => mustChangePassword(directory.world.call(), objectId)
    const set = (passwordProfile: object) =>
      directory.done('PATCH', `/users/${objectId}`, { passwordProfile })
    await set({ password: 'Another-Horse-9', forceChangePasswordNextSignIn: true })
    assert.equal(await must(), true)
    await set({ password: 'Another-Horse-8' })
    assert.equal(await must(), true)
    await set({ forceChangePasswordNextSignIn: false })
    assert.equal(await must(), false)
    await set({ forceChangePasswordNextSignInWithMfa: true })
    assert.equal(await must(), true)
  })

  it('lets users change their own password, and nobody else’s', async () => {
    const user = await directory.user('Radia')
    const change = async (currentPassword: string, scopes?: string) => {
      const headers = await directory.signedIn(user, scopes)
      const body = { currentPassword, newPassword: 'Spanning-Tree-1' }
      return (await directory.ask('POST', '/me/changePassword', { headers, body })).status
    }
    assert.equal(await change('wrong'), 400)
    assert.equal(await change('Correct-Horse-9', 'User.Read'), 403)
    assert.equal(await change('Correct-Horse-9'), 204)
    const guess = new Secret('Spanning-Tree-1')
    const asked = { userId: user.objectId, guess }
    assert.equal(await checkUserPassword(directory.world.call(), asked), 'right')
    const body = { currentPassword: 'Spanning-Tree-1', newPassword: 'Other-Tree-11' }
    assert.equal((await directory.ask('POST', '/me/changePassword', { body })).status, 400)
  })

  it('says who signed in, as far as the scopes of the token go', async () => {
    const user = await directory.user('Barbara')
    await directory.done('PATCH', `/users/${user.objectId}`, {
      givenName: 'Barbara',
      mail: 'b@locum.onmicrosoft.com',
    })
    const ask = async (scopes: string, method: 'GET' | 'POST' = 'GET') => {
      const headers = await directory.signedIn(user, scopes)
      const { status, body } = await directory.ask(method, '/oidc/userinfo', { headers })
      return status === 200 ? Object.keys(body) : status
    }
    assert.deepEqual(await ask('openid User.Read'), ['sub'])
    const all = ['sub', 'name', 'given_name', 'email']
    assert.deepEqual(await ask('openid profile email'), all)
    assert.deepEqual(await ask('openid profile email', 'POST'), all)
    assert.equal(await ask('User.Read'), 403)
    assert.equal((await directory.ask('GET', '/oidc/userinfo')).status, 400)
  })

  it('has managers and who reports to them', async () => {
    const [user, chief] = [await directory.user('Lynn'), await directory.user('Adele')]
    const manager = `/users/${user.objectId}/manager`
    assert.equal((await directory.ask('GET', manager)).status, 404)
    const body = { '@odata.id': `${GRAPH}/directoryObjects/${chief.objectId}` }
    assert.equal((await directory.ask('PUT', `${manager}/$ref`, { body })).status, 204)
    assert.equal((await directory.done('GET', manager)).id, chief.objectId)
    const reports = await directory.done('GET', `/users/${chief.objectId}/directReports`)
    assert.deepEqual(
      reports.value.map(({ id }: { id: string }) => id),
      [user.objectId],
    )
    assert.equal((await directory.ask('DELETE', `${manager}/$ref`)).status, 204)
    assert.equal((await directory.ask('DELETE', `${manager}/$ref`)).status, 404)
    const nobodys = { body: { '@odata.id': `${GRAPH}/directoryObjects/${nobody()}` } }
    assert.equal((await directory.ask('PUT', `${manager}/$ref`, nobodys)).status, 404)
  })

  it('has the domain with which it came', async () => {
    const { value } = await directory.done('GET', '/domains')
    assert.deepEqual(
      value.map((one: Record<string, unknown>) => [one.id, one.isDefault, one.isInitial]),
      [['locum.onmicrosoft.com', true, true]],
    )
    const one = await directory.done('GET', '/domains/locum.onmicrosoft.com?$select=isVerified')
    assert.equal(one.isVerified, true)
    assert.equal((await directory.ask('GET', '/domains/example.com')).status, 404)
  })

  it('knows who asks, if it is a user', async () => {
    const user = await directory.user('Hedy')
    const headers = await directory.signedIn(user)
    const me = await directory.ask('GET', '/me', { headers })
    assert.deepEqual([me.status, me.body.id], [200, user.objectId])
    assert.equal(me.body['@odata.context'], `${GRAPH}/$metadata#users/$entity`)
    for (const path of ['/me/ownedObjects', '/me/memberOf']) {
      assert.deepEqual((await directory.ask('GET', path, { headers })).body.value, [])
      assert.equal((await directory.ask('GET', path)).status, 400)
    }
    const application = await directory.ask('GET', '/me')
    assert.deepEqual(
      [application.status, application.body.error.message],
      [400, '/me request is only valid with delegated authentication flow.'],
    )
  })

  it('is one organization', async () => {
    const { value } = await directory.done('GET', '/organization?$select=id,verifiedDomains')
    assert.equal(value.length, 1)
    assert.equal(value[0].id, directory.world.tenantId)
    assert.equal(value[0].verifiedDomains[0].isDefault, true)
    const { id } = await directory.done('GET', `/organization/${directory.world.tenantId}`)
    assert.equal(id, directory.world.tenantId)
    assert.equal((await directory.ask('GET', `/organization/${nobody()}`)).status, 404)
  })
})
