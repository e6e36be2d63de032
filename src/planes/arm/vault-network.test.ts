import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/walled-vault`
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net`
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/inside`
const location = 'westeurope'
const subnet = (name: string) => `${NETWORK}/subnets/${name}`

describe('the network rules of a vault', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(authorizationProvider, keyVaultProvider, networkProvider)
    const serviceEndpoints = [{ service: 'Microsoft.KeyVault' }]
    await estate.ask('PUT', NETWORK, {
      location,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [
          { name: 'served', properties: { addressPrefix: '10.0.0.0/24', serviceEndpoints } },
          { name: 'plain', properties: { addressPrefix: '10.0.1.0/24' } },
        ],
      },
    })
  })
  after(() => estate.close())

  const put = (properties: object, as = estate.owner) => {
    const { tenantId } = estate.world
    const sku = { family: 'A', name: 'standard' }
    return estate.ask(
      'PUT',
      VAULT,
      { location, properties: { tenantId, sku, enableRbacAuthorization: true, ...properties } },
      { as },
    )
  }

  it('are shown whole, addresses as ranges, words in Azure’s casing', async () => {
    const { body } = await put({
      networkAcls: {
        defaultAction: 'deny',
        ipRules: [{ value: '203.0.113.7' }, { value: '198.51.100.0/24' }],
      },
      publicNetworkAccess: 'enabled',
    })
    assert.deepEqual(body.properties.networkAcls, {
      bypass: 'AzureServices',
      defaultAction: 'Deny',
      ipRules: [{ value: '203.0.113.7/32' }, { value: '198.51.100.0/24' }],
      virtualNetworkRules: [],
    })
    assert.equal(body.properties.publicNetworkAccess, 'Enabled')
    assert.equal((await put({})).body.properties.networkAcls, undefined)
  })

  it('are refused when they say nothing', async () => {
    const refused: object[] = [
      { networkAcls: { ipRules: [{ value: '203.0.113' }] } },
      { networkAcls: { ipRules: [{ value: '203.0.113.0/33' }] } },
      { networkAcls: { ipRules: [{ value: '::1' }] } },
      { networkAcls: { bypass: 'Everybody' } },
      { networkAcls: { defaultAction: 'Perhaps' } },
      { publicNetworkAccess: 'SecuredByPerimeter' },
    ]
    for (const properties of refused) {
      const { status, body } = await put(properties)
      assert.deepEqual([status, body.error.code], [400, 'BadRequest'], JSON.stringify(properties))
    }
  })

  it('name subnets that are there, serve vaults, and are the caller’s to join', async () => {
    const rules = (...ids: string[]) => ({
      networkAcls: { defaultAction: 'Deny', virtualNetworkRules: ids.map((id) => ({ id })) },
    })
    assert.equal((await put(rules(subnet('served')))).status, 200)
    const plain = await put(rules(subnet('plain')))
    assert.deepEqual(
      [plain.status, plain.body.error.code],
      [400, 'SubnetsHaveNoServiceEndpointsConfigured'],
    )
    const none = await put(rules(subnet('none')))
    assert.deepEqual([none.status, none.body.error.code], [400, 'InvalidResourceReference'])
    const ignoreMissingVnetServiceEndpoint = true
    const ignored = { id: subnet('plain'), ignoreMissingVnetServiceEndpoint }
    const kept = await put({ networkAcls: { virtualNetworkRules: [ignored] } })
    assert.deepEqual(kept.body.properties.networkAcls.virtualNetworkRules, [ignored])

    const keeper = await estate.principal('keeper')
    await estate.assign(keeper, OWNER, VAULT)
    const refused = await put(rules(subnet('served')), keeper)
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'LinkedAuthorizationFailed'])
    assert.match(refused.body.error.message, /subnets\/joinViaServiceEndpoint\/action/)
    await put(rules(subnet('served')))
    assert.equal((await put(rules(subnet('served')), keeper)).status, 200)
  })

  it('and its private endpoints are listed', async () => {
    const list = `${VAULT}/privateEndpointConnections`
    assert.deepEqual((await estate.ask('GET', list)).body, { value: [] })
    const made = await estate.ask('PUT', ENDPOINT, {
      location,
      properties: {
        subnet: { id: subnet('plain') },
        privateLinkServiceConnections: [
          { name: 'vault', properties: { privateLinkServiceId: VAULT, groupIds: ['vault'] } },
        ],
      },
    })
    assert.ok(made.status < 300, JSON.stringify(made.body))
    const { body } = await estate.ask('GET', list)
    const [connection] = body.value
    assert.deepEqual(connection, {
      id: `${list}/${connection.name}`,
      name: connection.name,
      type: 'Microsoft.KeyVault/vaults/privateEndpointConnections',
      properties: {
        provisioningState: 'Succeeded',
        privateEndpoint: { id: ENDPOINT },
        privateLinkServiceConnectionState: {
          status: 'Approved',
          description: 'Auto-Approved',
          actionsRequired: 'None',
        },
      },
    })
    assert.deepEqual((await estate.ask('GET', connection.id)).body, connection)
    assert.equal((await estate.ask('GET', `${list}/none`)).status, 404)
    const { body: vault } = await estate.ask('GET', VAULT)
    const { id, properties } = connection
    assert.deepEqual(vault.properties.privateEndpointConnections, [{ id, properties }])
    const links = await estate.ask('GET', `${VAULT}/privateLinkResources`)
    assert.deepEqual(links.body.value[0].properties, {
      groupId: 'vault',
      requiredMembers: ['default'],
      requiredZoneNames: ['privatelink.vaultcore.azure.net'],
    })
  })

  it('and names for managed HSMs can be had, as there are none', async () => {
    const check = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/checkMhsmNameAvailability`
    const free = await estate.ask('POST', check, { name: 'safe1' })
    assert.deepEqual([free.status, free.body], [200, { nameAvailable: true }])
    const bad = await estate.ask('POST', check, { name: '1' })
    assert.deepEqual([bad.body.nameAvailable, bad.body.reason], [false, 'AccountNameInvalid'])
  })
})
