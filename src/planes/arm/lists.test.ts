import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { GROUP, openTestEstate, READER, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const IDENTITIES = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`
const TAGS = `${IDENTITIES}/id-a/providers/Microsoft.Resources/tags/default`

describe('what Resource Manager lists', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(managedIdentityProvider)
    const location = 'westeurope'
    for (const name of ['id-a', 'id-b', 'id-c']) {
      await estate.ask('PUT', `${IDENTITIES}/${name}`, { location, tags: { is: name } })
    }
    await estate.ask('PUT', `${SUBSCRIPTION}/resourceGroups/Red`, {
      location: 'eastus',
      tags: { is: 'red' },
    })
  })
  after(() => estate.close())

  const names = async (path: string) => {
    const { status, body } = await estate.ask('GET', path)
    assert.equal(status, 200, JSON.stringify(body))
    return body.value.map(({ name }: { name: string }) => name)
  }

  it('comes in pages, each with the absolute address of the next', async () => {
    for (const list of [IDENTITIES, `${SUBSCRIPTION}/resources`]) {
      const first = (await estate.ask('GET', `${list}?$top=2`)).body
      assert.deepEqual(
        first.value.map(({ name }: { name: string }) => name),
        ['id-a', 'id-b'],
      )
      const next = new URL(first.nextLink)
      assert.equal(next.origin, 'https://management.azure.com')
      const second = (await estate.ask('GET', `${next.pathname}${next.search}`)).body
      assert.deepEqual(
        second.value.map(({ name }: { name: string }) => name),
        ['id-c'],
      )
      assert.equal('nextLink' in second, false)
    }
  })

  it('is of a group, of a subscription, and narrowed by $filter', async () => {
    assert.deepEqual(await names(`${GROUP}/resources`), ['id-a', 'id-b', 'id-c'])
    assert.deepEqual(await names(`${SUBSCRIPTION}/resourceGroups/red/resources`), [])
    assert.deepEqual(await names(`${SUBSCRIPTION}/resourceGroups`), ['Blue', 'Red'])
    const red = encodeURIComponent("tagName eq 'is' and tagValue eq 'red'")
    assert.deepEqual(await names(`${SUBSCRIPTION}/resourceGroups?$filter=${red}`), ['Red'])
    const filter = encodeURIComponent("tagName eq 'is' and tagValue eq 'id-b'")
    assert.deepEqual(await names(`${SUBSCRIPTION}/resources?$filter=${filter}`), ['id-b'])
  })

  it('of a subscription shows what somebody with a role in one group may read there', async () => {
    const ofBlue = await estate.principal('of-blue')
    const ask = (path: string) =>
      estate.ask('GET', `${SUBSCRIPTION}${path}`, undefined, { as: ofBlue })
    assert.equal((await ask('/resources')).body.error.code, 'AuthorizationFailed')
    await estate.assign(ofBlue, READER, GROUP)
    await estate.ask('PUT', `${IDENTITIES.replace('Blue', 'Red')}/id-red`, { location: 'eastus' })
    const seen = async (path: string) =>
      (await ask(path)).body.value.map(({ name }: { name: string }) => name)
    assert.deepEqual(await seen('/resources'), ['id-a', 'id-b', 'id-c'])
    assert.deepEqual(await seen('/resourceGroups'), ['Blue'])
    const identities = IDENTITIES.replace(GROUP, '')
    assert.deepEqual(await seen(identities), ['id-a', 'id-b', 'id-c'])
    assert.equal((await ask('/resourceGroups/Red/resources')).status, 403)
    await estate.ask('DELETE', `${IDENTITIES.replace('Blue', 'Red')}/id-red`)
  })

  it('shows times and state when they are asked for, and never properties', async () => {
    const { body } = await estate.ask('GET', `${GROUP}/resources?$expand=createdTime,changedTime`)
    assert.deepEqual(body.value[0], {
      id: `${IDENTITIES}/id-a`,
      name: 'id-a',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: 'westeurope',
      tags: { is: 'id-a' },
      createdTime: '2026-01-15T09:30:00.0000000Z',
      changedTime: '2026-01-15T09:30:00.0000000Z',
    })
  })

  it('is missing where the group or the subscription is', async () => {
    const group = await estate.ask('GET', `${SUBSCRIPTION}/resourceGroups/none/resources`)
    assert.deepEqual([group.status, group.body.error.code], [404, 'ResourceGroupNotFound'])
    const other = '/subscriptions/99999999-2222-3333-4444-555555555555'
    const missing = await estate.ask('GET', `${other}/resources`)
    assert.deepEqual([missing.status, missing.body.error.code], [404, 'SubscriptionNotFound'])
  })

  it('tells the tenant, the subscription and its locations', async () => {
    const [tenant] = (await estate.ask('GET', '/tenants')).body.value
    assert.equal(tenant.tenantId, estate.world.tenantId)
    const { body } = await estate.ask('GET', SUBSCRIPTION)
    assert.deepEqual([body.state, body.tenantId], ['Enabled', estate.world.tenantId])
    const locations = await names(`${SUBSCRIPTION}/locations`)
    assert.ok(locations.includes('westeurope'))
  })

  it('has a document for each provider, and its operations', async () => {
    const at = `${SUBSCRIPTION}/providers/microsoft.managedidentity`
    const { body } = await estate.ask('GET', at)
    assert.equal(body.id, `${SUBSCRIPTION}/providers/Microsoft.ManagedIdentity`)
    assert.equal(body.registrationState, 'Registered')
    const type = body.resourceTypes.find(
      ({ resourceType }: { resourceType: string }) => resourceType === 'userAssignedIdentities',
    )
    assert.equal(type.apiVersions[0], type.defaultApiVersion)
    assert.ok(type.locations.includes('West Europe'))
    assert.equal((await estate.ask('POST', `${at}/register`)).body.registrationState, 'Registered')
    const operations = await names('/providers/Microsoft.ManagedIdentity/operations')
    assert.ok(operations.includes('Microsoft.ManagedIdentity/userAssignedIdentities/write'))
    const unknown = await estate.ask('GET', `${SUBSCRIPTION}/providers/Microsoft.None`)
    assert.deepEqual([unknown.status, unknown.body.error.code], [404, 'InvalidResourceNamespace'])
    const metadata = '/providers/Microsoft.Authorization/providerOperations'
    const one = (await estate.ask('GET', `${metadata}/microsoft.managedidentity`)).body
    assert.equal(one.id, `${metadata}/Microsoft.ManagedIdentity`)
    const [identities] = one.resourceTypes.filter(
      ({ name }: { name: string }) => name === 'userAssignedIdentities',
    )
    assert.deepEqual(identities.operations[1], {
      name: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      displayName: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      isDataAction: false,
    })
    const all = (await estate.ask('GET', metadata)).body.value
    assert.ok(all.some(({ name }: { name: string }) => name === 'Microsoft.Resources'))
  })

  it('refuses versions that are none, and those of before there were any', async () => {
    const refused = async (path: string) => (await estate.ask('GET', path)).body.error.code
    assert.equal(await refused('/tenants?api-version='), 'MissingApiVersionParameter')
    assert.equal(await refused('/tenants?api-version=latest'), 'InvalidApiVersionParameter')
    assert.equal(await refused('/tenants?api-version=2009-01-01'), 'InvalidApiVersionParameter')
    assert.equal(
      await refused(`${IDENTITIES}/id-a?api-version=2009-01-01`),
      'NoRegisteredProviderFound',
    )
  })

  it('overwrites nothing for who asked to make something new', async () => {
    const headers = { 'if-none-match': '*' }
    const make = (name: string) =>
      estate.ask('PUT', `${IDENTITIES}/${name}`, { location: 'westeurope' }, { headers })
    const { status, body } = await make('id-a')
    assert.deepEqual([status, body.error.code], [412, 'PreconditionFailed'])
    assert.equal((await make('new-one')).status, 201)
    await estate.ask('DELETE', `${IDENTITIES}/new-one`)
  })

  it('keeps the tags of a scope as a resource of their own', async () => {
    const tags = async (operation: string, given: object) =>
      (await estate.ask('PATCH', TAGS, { operation, properties: { tags: given } })).body.properties
        .tags
    assert.deepEqual(await tags('Merge', { of: 'us', IS: 'x' }), { of: 'us', IS: 'x' })
    assert.deepEqual(await tags('Delete', { of: 'us', is: 'y' }), { IS: 'x' })
    assert.deepEqual(await tags('Replace', { new: '1' }), { new: '1' })
    assert.deepEqual((await estate.ask('GET', `${IDENTITIES}/id-a`)).body.tags, { new: '1' })
    assert.equal((await estate.ask('DELETE', TAGS)).status, 200)
    assert.deepEqual((await estate.ask('GET', TAGS)).body.properties.tags, {})
    const named = await estate.ask('GET', TAGS.replace('default', 'other'))
    assert.equal(named.status, 400)
  })
})
