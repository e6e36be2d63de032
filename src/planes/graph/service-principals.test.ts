import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY_MS } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { issueMissingCertificates } from '../../core/directory/identity-certificates.ts'
import { checkPassword } from '../../core/directory/password-credentials.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import {
  GRAPH,
  nobody,
  openTestDirectory,
  SUBSCRIPTION,
  type TestDirectory,
} from './test-directory.ts'

const DENIED = 'Insufficient privileges to complete the operation.'

describe('the service principal of a managed identity', () => {
  let directory: TestDirectory
  let identity: ServicePrincipal
  before(async () => {
    directory = await openTestDirectory()
    identity = await directory.machineIdentity('VM1')
    await issueMissingCertificates(directory.world.call())
  })
  after(() => directory.close())

  it('carries the documented fields', async () => {
    const shown = await directory.done('GET', `/servicePrincipals/${identity.objectId}`)
    const { keyCredentials, servicePrincipalNames, ...rest } = shown
    assert.deepEqual(rest, {
      '@odata.context': `${GRAPH}/$metadata#servicePrincipals/$entity`,
      id: identity.objectId,
      deletedDateTime: null,
      accountEnabled: true,
      addIns: [],
      alternativeNames: [
        'isExplicit=False',
        `/subscriptions/${SUBSCRIPTION}/resourcegroups/MI-RG/providers/Microsoft.Compute/virtualMachines/VM1`,
      ],
      appDescription: null,
      appDisplayName: null,
      appId: identity.clientId,
      appOwnerOrganizationId: null,
      appRoleAssignmentRequired: false,
      appRoles: [],
      applicationTemplateId: null,
      createdDateTime: '2026-01-15T09:30:00Z',
      description: null,
      disabledByMicrosoftStatus: null,
      displayName: 'VM1',
      homepage: null,
      info: null,
      loginUrl: null,
      logoutUrl: null,
      notes: null,
      notificationEmailAddresses: [],
      oauth2PermissionScopes: [],
      passwordCredentials: [],
      preferredSingleSignOnMode: null,
      preferredTokenSigningKeyThumbprint: null,
      replyUrls: [],
      resourceSpecificApplicationPermissions: [],
      samlSingleSignOnSettings: null,
      servicePrincipalType: 'ManagedIdentity',
      signInAudience: null,
      tags: [],
      tokenEncryptionKeyId: null,
      verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    })
    assert.equal(servicePrincipalNames[0], identity.clientId)
    assert.match(servicePrincipalNames[1], /^https:\/\/identity\.azure\.net\/[A-Za-z0-9+/]{43}=$/)
    const [key, ...others] = keyCredentials
    assert.deepEqual(others, [])
    assert.match(key.customKeyIdentifier, /^[0-9A-F]{40}$/)
    assert.equal(Date.parse(key.endDateTime) - Date.parse(key.startDateTime), 90 * DAY_MS)
    assert.deepEqual([key.type, key.usage, key.key], ['AsymmetricX509Cert', 'Verify', null])
  })

  it('is found in each way clients look for it', async () => {
    const filters = [
      "startswith(displayName,'vm1')",
      "displayName eq 'VM1'",
      `servicePrincipalNames/any(c:c eq '${identity.clientId}')`,
      `appId eq '${identity.clientId}'`,
      `id eq '${identity.objectId}'`,
      "servicePrincipalType eq 'ManagedIdentity'",
      `alternativeNames/any(x:x eq '/subscriptions/${SUBSCRIPTION}/resourceGroups/MI-RG/providers/Microsoft.Compute/virtualMachines/VM1')`,
    ]
    for (const filter of filters) {
      const { value } = await directory.done('GET', `/servicePrincipals?$filter=${filter}`)
      assert.deepEqual([value.length, value[0]?.id], [1, identity.objectId], filter)
      assert.equal(value[0].keyCredentials.length, 1)
    }
    // Its object id is no name of it: `az` would take the one for the other.
    const byObjectId = `servicePrincipalNames/any(c:c eq '${identity.objectId}')`
    const { value } = await directory.done('GET', `/servicePrincipals?$filter=${byObjectId}`)
    assert.deepEqual(value, [])
    for (const key of [`(appId='${identity.clientId}')`, `('${identity.objectId}')`]) {
      const one = await directory.done('GET', `/servicePrincipals${key}?$select=id`)
      assert.equal(one.id, identity.objectId)
    }
  })

  it('has no application, and nobody changes or deletes it or gives it a credential', async () => {
    const applications = await directory.done(
      'GET',
      `/applications?$filter=appId eq '${identity.clientId}'`,
    )
    assert.deepEqual(applications.value, [])
    const path = `/servicePrincipals/${identity.objectId}`
    const owner = { '@odata.id': `${GRAPH}/directoryObjects/${directory.administrator.objectId}` }
    const attempts = [
      ['PATCH', path, { displayName: 'mine' }],
      ['PATCH', path, { accountEnabled: false }],
      ['PATCH', path, { keyCredentials: [] }],
      ['PATCH', path, { passwordCredentials: [] }],
      ['DELETE', path, undefined],
      ['DELETE', `/directoryObjects/${identity.objectId}`, undefined],
      ['POST', `${path}/addPassword`, {}],
      ['POST', `${path}/removePassword`, { keyId: nobody() }],
      ['POST', `${path}/owners/$ref`, owner],
      ['PATCH', `/servicePrincipals(appId='${identity.clientId}')`, { tags: ['mine'] }],
    ] as const
    const before = await directory.done('GET', path)
    for (const [method, at, body] of attempts) {
      const { status, body: answer } = await directory.ask(method, at, { body })
      assert.deepEqual(
        [status, answer?.error.code, answer?.error.message],
        [403, 'Authorization_RequestDenied', DENIED],
        `${method} ${at}`,
      )
    }
    assert.deepEqual(await directory.done('GET', path), before)
  })
})

describe('the service principal of an application', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const register = async (displayName: string) => {
    const application = await directory.done('POST', '/applications', { displayName })
    const principal = await directory.done('POST', '/servicePrincipals', {
      appId: application.appId,
    })
    return { application, principal }
  }

  it('is named by the id of its application, too, in every path', async () => {
    const { id, appId } = await directory.done('POST', '/applications', { displayName: 'keyed' })
    const principal = await directory.done('POST', '/servicePrincipals', { appId })
    const user = await directory.user('Keyed')
    const owner = { '@odata.id': `${GRAPH}/directoryObjects/${user.objectId}` }
    for (const [set, objectId] of [
      ['applications', id],
      ['servicePrincipals', principal.id],
    ]) {
      await directory.done('POST', `/${set}(appId='${appId}')/owners/$ref`, owner)
      const { value } = await directory.done('GET', `/${set}/${objectId}/owners`)
      assert.deepEqual(
        value.map((one: { id: string }) => one.id),
        [user.objectId],
      )
    }
    const headers = await directory.signedIn(user)
    const own = `/servicePrincipals(appId='${appId}')/owners/${user.objectId}/$ref`
    assert.equal((await directory.ask('DELETE', own, { headers })).status, 204)
    assert.equal((await directory.ask('DELETE', own, { headers })).status, 403)
    assert.equal(
      (await directory.ask('GET', `/applications(appId='${nobody()}')/owners`)).status,
      404,
    )
  })

  it('is made for an application once, and for nothing else', async () => {
    const { application, principal } = await register('web')
    assert.equal(principal.appId, application.appId)
    assert.equal(principal.displayName, 'web')
    assert.equal(principal.servicePrincipalType, 'Application')
    assert.equal(principal.appOwnerOrganizationId, directory.world.tenantId)
    assert.deepEqual(principal.servicePrincipalNames, [application.appId])
    const again = await directory.ask('POST', '/servicePrincipals', {
      body: { appId: application.appId },
    })
    assert.deepEqual(
      [again.status, again.body.error.code],
      [409, 'Request_MultipleObjectsWithSameKeyValue'],
    )
    const lone = await directory.ask('POST', '/servicePrincipals', { body: { appId: nobody() } })
    assert.deepEqual([lone.status, lone.body.error.code], [400, 'Request_BadRequest'])
  })

  it('may be said to be of an application, and of nothing else', async () => {
    const make = async (servicePrincipalType: string) => {
      const { appId } = await directory.done('POST', '/applications', { displayName: 'typed' })
      const body = { appId, servicePrincipalType }
      const made = await directory.ask('POST', '/servicePrincipals', { body })
      return [made.status, made.body.servicePrincipalType]
    }
    assert.deepEqual(await make('application'), [201, 'Application'])
    assert.deepEqual(await make('ManagedIdentity'), [400, undefined])
  })

  it('is changed and deleted', async () => {
    const { principal } = await register('changes')
    const path = `/servicePrincipals/${principal.id}`
    const change = { accountEnabled: false, tags: ['a'], notes: 'kept', displayName: 'changed' }
    assert.equal((await directory.ask('PATCH', path, { body: change })).status, 204)
    assert.equal((await directory.ask('PATCH', path, { body: { notes: null } })).status, 204)
    const { accountEnabled, tags, notes, displayName } = await directory.done('GET', path)
    assert.deepEqual([accountEnabled, tags, notes, displayName], [false, ['a'], null, 'changed'])
    assert.equal((await directory.ask('DELETE', path)).status, 204)
    assert.equal((await directory.ask('GET', path)).status, 404)
    assert.equal((await directory.ask('DELETE', path)).status, 404)
  })

  it('takes secrets, shown once, until they are removed', async () => {
    const { principal, application } = await register('secrets')
    for (const [set, id] of [
      ['servicePrincipals', principal.id],
      ['applications', application.id],
    ]) {
      const path = `/${set}/${id}`
      const made = await directory.done('POST', `${path}/addPassword`, {
        passwordCredential: { displayName: 'rbac', endDateTime: '2027-01-15T09:30:00Z' },
      })
      assert.match(made.secretText, /^[\w.~]{40}$/)
      assert.equal(made.hint, made.secretText.slice(0, 3))
      assert.equal(made.displayName, 'rbac')
      assert.equal(made.endDateTime, '2027-01-15T09:30:00Z')
      const presented = new Secret<string>(made.secretText)
      const call = directory.world.call()
      assert.equal(await checkPassword(call, { ownerIds: [id], presented }), 'right')
      const { passwordCredentials } = await directory.done('GET', path)
      assert.equal(passwordCredentials.length, 1)
      assert.equal(passwordCredentials[0].secretText, null)
      const removal = { body: { keyId: made.keyId } }
      assert.equal((await directory.ask('POST', `${path}/removePassword`, removal)).status, 204)
      assert.equal((await directory.ask('POST', `${path}/removePassword`, removal)).status, 400)
      assert.equal(await checkPassword(call, { ownerIds: [id], presented }), 'wrong')
    }
    const backwards = await directory.ask('POST', `/applications/${application.id}/addPassword`, {
      body: { passwordCredential: { endDateTime: '2020-01-15T09:30:00Z' } },
    })
    assert.equal(backwards.status, 400)
  })

  it('Microsoft Graph has one in every tenant, which offers its roles and stays as it is', async () => {
    const key = "(appId='00000003-0000-0000-c000-000000000000')"
    const graph = await directory.done('GET', `/servicePrincipals${key}`)
    assert.equal(graph.displayName, 'Microsoft Graph')
    const role = graph.appRoles.find((one: { value: string }) => one.value === 'User.Read.All')
    assert.equal(role.id, 'df021288-bdef-4463-88db-98f22de89214')
    const same = await directory.done('GET', `/servicePrincipals/${graph.id}`)
    assert.equal(same.id, graph.id)
    assert.equal((await directory.ask('DELETE', `/servicePrincipals/${graph.id}`)).status, 403)
    const change = { body: { displayName: 'mine' } }
    assert.equal(
      (await directory.ask('PATCH', `/servicePrincipals/${graph.id}`, change)).status,
      403,
    )
  })
})
