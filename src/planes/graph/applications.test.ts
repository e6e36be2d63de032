import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeCertificate, makeKeyPair, pem } from '../../base/certificate.ts'
import { DAY_MS, after as instantAfter } from '../../base/clock.ts'
import { GRAPH, nobody, openTestDirectory, type TestDirectory } from './test-directory.ts'

describe('an application', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const register = (body: object) => directory.done('POST', '/applications', body)
  const change = async (id: string, body: unknown) =>
    (await directory.ask('PATCH', `/applications/${id}`, { body })).status
  const certificate = async () => {
    const pair = await makeKeyPair('RSA-2048')
    const now = directory.world.clock.now()
    const facts = { subject: 'client', ...pair }
    const notAfter = instantAfter(now, DAY_MS)
    const { der } = await makeCertificate(
      { ...facts, use: { kind: 'signer' }, notBefore: now, notAfter },
      facts,
    )
    return der
  }

  it('is registered without a service principal, with what it is given', async () => {
    const made = await directory.ask('POST', '/applications', {
      body: {
        displayName: 'web',
        identifierUris: ['api://web.example'],
        web: { redirectUris: ['https://web.example/signed-in'] },
        appRoles: [],
      },
    })
    assert.equal(made.status, 201)
    const { id, appId, web } = made.body
    assert.equal(made.body['@odata.context'], `${GRAPH}/$metadata#applications/$entity`)
    assert.notEqual(id, appId)
    assert.deepEqual(web.redirectUris, ['https://web.example/signed-in'])
    assert.deepEqual(web.implicitGrantSettings, {
      enableAccessTokenIssuance: false,
      enableIdTokenIssuance: false,
    })
    assert.equal(made.body.signInAudience, 'AzureADMyOrg')
    const filter = `servicePrincipalNames/any(c:c eq '${appId}')`
    const principals = await directory.done('GET', `/servicePrincipals?$filter=${filter}`)
    assert.deepEqual(principals.value, [])
    for (const query of [
      `?$filter=appId eq '${appId}'`,
      "?$filter=startswith(displayName,'WEB')",
      "?$filter=identifierUris/any(s:s eq 'api://web.example')",
    ]) {
      const { value } = await directory.done('GET', `/applications${query}`)
      assert.deepEqual([value.length, value[0].id], [1, id], query)
    }
    assert.equal((await directory.done('GET', `/applications(appId='${appId}')`)).id, id)
  })

  it('is changed member by member, and its service principal follows', async () => {
    const { id, appId } = await register({ displayName: 'old' })
    const principal = await directory.done('POST', '/servicePrincipals', { appId })
    const role = {
      id: nobody(),
      allowedMemberTypes: ['Application'],
      description: 'reads',
      displayName: 'Reader',
      isEnabled: true,
      value: 'Things.Read',
    }
    assert.equal(await change(id, { displayName: 'new', appRoles: [role], tags: ['a'] }), 204)
    assert.equal(await change(id, { web: { homePageUrl: 'https://new.example' } }), 204)
    assert.equal(await change(id, { web: { redirectUris: ['https://new.example/in'] } }), 204)
    const shown = await directory.done('GET', `/applications/${id}`)
    assert.equal(shown.displayName, 'new')
    assert.deepEqual(shown.tags, ['a'])
    assert.equal(shown.web.homePageUrl, 'https://new.example')
    const issuance = { enableIdTokenIssuance: true }
    assert.equal(await change(id, { web: { implicitGrantSettings: issuance } }), 204)
    const { web } = await directory.done('GET', `/applications/${id}?$select=web`)
    assert.deepEqual(web.implicitGrantSettings, { enableAccessTokenIssuance: false, ...issuance })
    assert.deepEqual(web.redirectUris, ['https://new.example/in'])
    assert.deepEqual(shown.web.redirectUris, ['https://new.example/in'])
    const after = await directory.done('GET', `/servicePrincipals/${principal.id}`)
    assert.equal(after.displayName, 'new')
    assert.deepEqual(after.appRoles, [role])
  })

  it('has certificates: added, kept by their id, removed', async () => {
    const { id } = await register({ displayName: 'certified' })
    const [first, second] = [await certificate(), await certificate()]
    const credential = (key: Buffer, keyId?: string) => ({
      '@odata.type': '#microsoft.graph.keyCredential',
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: key.toString('base64'),
      ...(keyId && { keyId }),
    })
    const mine = nobody()
    assert.equal(await change(id, { keyCredentials: [credential(first, mine)] }), 204)
    const one = (await directory.done('GET', `/applications/${id}`)).keyCredentials
    assert.deepEqual([one.length, one[0].keyId, one[0].key], [1, mine, null])
    const asPem = Buffer.from(pem('CERTIFICATE', second))
    assert.equal(await change(id, { keyCredentials: [one[0], credential(asPem)] }), 204)
    const both = (await directory.done('GET', `/applications/${id}`)).keyCredentials
    assert.equal(both.length, 2)
    assert.equal(await change(id, { keyCredentials: [] }), 204)
    assert.deepEqual((await directory.done('GET', `/applications/${id}`)).keyCredentials, [])
    const rubbish = credential(Buffer.from('no certificate'))
    const refused = await directory.ask('PATCH', `/applications/${id}`, {
      body: { keyCredentials: [rubbish] },
    })
    assert.deepEqual([refused.status, refused.body.error.code], [400, 'KeyCredentialsInvalidValue'])
    assert.equal(await change(id, { keyCredentials: [{ keyId: nobody() }] }), 400)
  })

  it('refuses what it does not know, what is read-only, and what is taken', async () => {
    const refusal = async (body: unknown) => {
      const { status, body: answer } = await directory.ask('POST', '/applications', { body })
      return [status, answer.error.code, answer.error.message]
    }
    assert.deepEqual(await refusal({ displayName: 'a', unheardOf: 1 }), [
      400,
      'Request_BadRequest',
      "Invalid property 'unheardOf'.",
    ])
    assert.deepEqual(await refusal({ displayName: 'a', appId: nobody() }), [
      400,
      'Request_BadRequest',
      "Invalid property 'appId'.",
    ])
    assert.deepEqual(await refusal({}), [
      400,
      'Request_BadRequest',
      "Invalid value specified for property 'displayName'.",
    ])
    await register({ displayName: 'first', identifierUris: ['api://taken.example'] })
    assert.deepEqual(await refusal({ displayName: 'b', identifierUris: ['API://taken.example'] }), [
      400,
      'Request_BadRequest',
      'Another object with the same value for property identifierUris already exists.',
    ])
  })

  it('is not taken for another resource by its identifier URIs', async () => {
    const { id, appId } = await register({
      displayName: 'own',
      identifierUris: ['api://own.example'],
    })
    const other = await register({ displayName: 'other' })
    const change = (uri: string) =>
      directory.ask('PATCH', `/applications/${other.id}`, { body: { identifierUris: [uri] } })
    const foreign = [
      'https://management.azure.com/',
      'HTTPS://graph.microsoft.com',
      `api://${appId}`,
    ]
    for (const uri of [
      ...foreign,
      `api://${appId}/x`,
      appId,
      'https://acc.blob.core.windows.net',
    ]) {
      const { status, body } = await change(uri)
      assert.deepEqual([status, body.error?.code], [400, 'HostNameNotOnVerifiedDomain'], uri)
    }
    assert.equal((await change('api://own.example/')).body.error.code, 'Request_BadRequest')
    const { tenantId } = directory.world
    for (const uri of [`api://${other.appId}`, `api://${tenantId}/api`, `api://b/${other.appId}`]) {
      assert.equal((await change(uri)).status, 204, uri)
    }
    assert.equal((await directory.ask('DELETE', `/applications/${id}`)).status, 204)
  })

  it('is deleted with its service principal', async () => {
    const { id, appId } = await register({ displayName: 'short-lived' })
    const principal = await directory.done('POST', '/servicePrincipals', { appId })
    assert.equal((await directory.ask('DELETE', `/applications/${id}`)).status, 204)
    for (const path of [`/applications/${id}`, `/servicePrincipals/${principal.id}`]) {
      assert.equal((await directory.ask('GET', path)).status, 404)
    }
  })

  it('has owners, who are told apart', async () => {
    const owner = await directory.user('Olga')
    const bind = `${GRAPH}/users/${owner.objectId}`
    const { id } = await register({ displayName: 'owned', 'owners@odata.bind': [bind] })
    const path = `/applications/${id}/owners`
    const { value } = await directory.done('GET', path)
    assert.deepEqual(
      value.map((one: Record<string, string>) => [one['@odata.type'], one.id]),
      [['#microsoft.graph.user', owner.objectId]],
    )
    const owned = await directory.done('GET', `/users/${owner.objectId}/ownedObjects`)
    assert.deepEqual(
      owned.value.map((one: Record<string, string>) => one.id),
      [id],
    )
    const { owners } = await directory.done('GET', `/applications/${id}?$select=id&$expand=owners`)
    assert.equal(owners[0].id, owner.objectId)
    const add = (url: string) =>
      directory.ask('POST', `${path}/$ref`, { body: { '@odata.id': url } })
    assert.equal((await add(bind)).status, 400)
    assert.equal((await add(`${GRAPH}/users/${nobody()}`)).status, 404)
    assert.equal((await add('https://elsewhere.example/x')).status, 400)
    const remove = `${path}/${owner.objectId}/$ref`
    assert.equal((await directory.ask('DELETE', remove)).status, 204)
    assert.equal((await directory.ask('DELETE', remove)).status, 404)
  })
})

describe('a federated credential', () => {
  let directory: TestDirectory
  let path: string
  before(async () => {
    directory = await openTestDirectory()
    const { id } = await directory.done('POST', '/applications', { displayName: 'federated' })
    path = `/applications/${id}/federatedIdentityCredentials`
  })
  after(() => directory.close())

  const CREDENTIAL = {
    name: 'from-ci',
    issuer: 'https://ci.example',
    subject: 'repo:a/b:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  }

  it('is made, found by id and by name, changed and removed', async () => {
    const made = await directory.ask('POST', path, { body: CREDENTIAL })
    assert.equal(made.status, 201)
    const { '@odata.context': _context, id, ...rest } = made.body
    assert.deepEqual(rest, { ...CREDENTIAL, description: null })
    assert.deepEqual(
      (await directory.done('GET', path)).value.map((one: { id: string }) => one.id),
      [id],
    )
    const change = { body: { description: 'of the build', subject: 'other' } }
    assert.equal((await directory.ask('PATCH', `${path}/${id}`, change)).status, 204)
    const changed = await directory.done('GET', `${path}/from-ci`)
    assert.deepEqual([changed.subject, changed.description], ['other', 'of the build'])
    assert.equal((await directory.ask('DELETE', `${path}/from-ci`)).status, 204)
    assert.equal((await directory.ask('GET', `${path}/${id}`)).status, 404)
  })

  it('has one audience, one name and one subject with its issuer; at most twenty', async () => {
    await directory.done('POST', path, CREDENTIAL)
    const status = async (changes: object) =>
      (await directory.ask('POST', path, { body: { ...CREDENTIAL, ...changes } })).status
    assert.equal(await status({ subject: 'another' }), 409)
    assert.equal(await status({ name: 'another' }), 409)
    assert.equal(await status({ name: 'another', subject: 'a', audiences: [] }), 400)
    assert.equal(await status({ name: 'another', subject: 'a', audiences: ['a', 'b'] }), 400)
    assert.equal(await status({ name: 'a b', subject: 'a' }), 400)
    assert.equal(await status({ name: 'another', subject: 'a', issuer: 'no address' }), 400)
    for (let at = 1; at < 20; at++) {
      assert.equal(await status({ name: `number-${at}`, subject: `subject ${at}` }), 201)
    }
    assert.equal(await status({ name: 'number-20', subject: 'subject 20' }), 403)
  })
})
