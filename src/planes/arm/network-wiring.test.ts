import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const NETWORK = `${GROUP}/providers/Microsoft.Network`
const VNET = `${NETWORK}/virtualNetworks/net`
const SUBNET = `${VNET}/subnets/inner`
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(networkProvider, keyVaultProvider)
  for (const [name, second] of [
    ['net', 0],
    ['far', 1],
  ] as const) {
    await put(`${NETWORK}/virtualNetworks/${name}`, {
      addressSpace: { addressPrefixes: [`10.${second}.0.0/16`] },
      subnets: [{ name: 'inner', properties: { addressPrefix: `10.${second}.0.0/24` } }],
    })
  }
})
after(() => estate.close())

const put = (path: string, properties: object = {}, more: object = { location }) =>
  estate.ask('PUT', path, { ...more, properties })
const get = async (path: string) => (await estate.ask('GET', path)).body
const refused = async (asked: ReturnType<TestEstate['ask']>, status: number, code: string) => {
  const { status: given, body } = await asked
  assert.deepEqual([given, body?.error?.code], [status, code], JSON.stringify(body))
}

describe('a peering', () => {
  it('is connected once both sides name each other', async () => {
    const near = `${VNET}/virtualNetworkPeerings/there`
    const far = `${NETWORK}/virtualNetworks/far/virtualNetworkPeerings/back`
    const to = (name: string) => ({
      remoteVirtualNetwork: { id: `${NETWORK}/virtualNetworks/${name}` },
    })
    const made = await put(near, to('far'), {})
    assert.equal(made.body.properties.peeringState, 'Initiated')
    assert.deepEqual(made.body.properties.remoteAddressSpace, { addressPrefixes: ['10.1.0.0/16'] })
    await put(far, to('net'), {})
    assert.equal((await get(near)).properties.peeringState, 'Connected')
    assert.equal((await get(VNET)).properties.virtualNetworkPeerings.length, 1)
    await refused(put(`${near}2`, to('far'), {}), 400, 'AnotherPeeringAlreadyReferencesRemoteVnet')
    await refused(put(`${near}3`, to('net'), {}), 400, 'VnetCannotPeerWithItself')
    await estate.ask('DELETE', far)
    assert.equal((await get(near)).properties.peeringState, 'Initiated')
  })

  it('takes the right to peer on the other side', async () => {
    const writer = await estate.principal('peer')
    await estate.assign(writer, OWNER, VNET)
    const body = {
      properties: { remoteVirtualNetwork: { id: `${NETWORK}/virtualNetworks/far` } },
    }
    const asked = await estate.ask('PUT', `${VNET}/virtualNetworkPeerings/x`, body, { as: writer })
    assert.equal(asked.status, 403)
    assert.match(asked.body.error.message, /virtualNetworks\/peer\/action/)
  })
})

describe('what a subnet refers to', () => {
  it('is shown by both, and stays while the subnet does', async () => {
    const table = `${NETWORK}/routeTables/table`
    const gateway = `${NETWORK}/natGateways/gate`
    const address = `${NETWORK}/publicIPAddresses/out`
    await put(table, { routes: [{ name: 'all', properties: route('0.0.0.0/0') }] })
    await put(address, {}, { location, sku: { name: 'Standard' } })
    await put(gateway, { publicIpAddresses: [{ id: address }] })
    const subnet = await put(
      SUBNET,
      {
        addressPrefix: '10.0.0.0/24',
        routeTable: { id: table },
        natGateway: { id: gateway },
        serviceEndpoints: [{ service: 'Microsoft.KeyVault' }],
        delegations: [{ name: 'one', properties: { serviceName: 'Microsoft.Web/serverFarms' } }],
      },
      {},
    )
    assert.equal(subnet.status, 200, JSON.stringify(subnet.body))
    const { serviceEndpoints, delegations } = subnet.body.properties
    assert.deepEqual(serviceEndpoints, [
      { provisioningState: 'Succeeded', service: 'Microsoft.KeyVault', locations: ['*'] },
    ])
    assert.equal(delegations[0].id, `${SUBNET}/delegations/one`)
    assert.deepEqual((await get(table)).properties.subnets, [{ id: SUBNET }])
    assert.deepEqual((await get(gateway)).properties.subnets, [{ id: SUBNET }])
    assert.deepEqual((await get(address)).properties.natGateway, { id: gateway })
    await refused(estate.ask('DELETE', table), 400, 'InUseRouteTableCannotBeDeleted')
    await refused(estate.ask('DELETE', gateway), 400, 'InUseNatGatewayCannotBeDeleted')
    await refused(estate.ask('DELETE', address), 400, 'PublicIPAddressCannotBeDeleted')
  })

  it('has routes that are resources of their own, and make sense', async () => {
    const one = `${NETWORK}/routeTables/table/routes/one`
    assert.equal((await put(one, route('10.9.0.0/16'), {})).status, 201)
    assert.equal((await get(`${NETWORK}/routeTables/table`)).properties.routes.length, 2)
    const bad = { addressPrefix: '10.8.0.0/16', nextHopType: 'VirtualAppliance' }
    await refused(put(one, bad, {}), 400, 'RouteConfigurationIsNotValid')
  })

  const route = (addressPrefix: string) => ({
    addressPrefix,
    nextHopType: 'virtualAppliance',
    nextHopIpAddress: '10.0.0.9',
  })
})

describe('an application security group', () => {
  it('is a name for rules, which takes a right to use and stays while it is used', async () => {
    const group = `${NETWORK}/applicationSecurityGroups/web`
    const rules = `${NETWORK}/networkSecurityGroups/rules`
    const rule = {
      protocol: 'Tcp',
      sourceAddressPrefix: '*',
      sourcePortRange: '*',
      destinationPortRange: '443',
      access: 'Allow',
      priority: 100,
      direction: 'Inbound',
      destinationApplicationSecurityGroups: [{ id: group }],
    }
    await put(rules)
    const https = `${rules}/securityRules/https`
    await refused(put(https, rule, {}), 400, 'InvalidResourceReference')
    const { resourceGuid } = (await put(group)).body.properties
    assert.equal((await put(group)).body.properties.resourceGuid, resourceGuid)
    const writer = await estate.principal('rules')
    await estate.assign(writer, OWNER, rules)
    const asked = estate.ask('PUT', https, { properties: rule }, { as: writer })
    await refused(asked, 403, 'LinkedAuthorizationFailed')
    await put(https, rule, {})
    const named = (await get(https)).properties.destinationApplicationSecurityGroups
    assert.deepEqual(named, [{ id: group }])
    const kept = estate.ask('DELETE', group)
    await refused(kept, 400, 'InUseApplicationSecurityGroupCannotBeDeleted')
    await estate.ask('DELETE', https)
    assert.equal((await estate.ask('DELETE', group)).status, 200)
  })
})

describe('addresses', () => {
  it('are free, or others are named', async () => {
    const ask = async (ip: string) => get(`${VNET}/CheckIPAddressAvailability?ipAddress=${ip}`)
    assert.equal((await ask('10.0.0.9')).available, true)
    const reserved = await ask('10.0.0.1')
    assert.deepEqual([reserved.available, reserved.isPlatformReserved], [false, true])
    assert.equal(reserved.availableIPAddresses.length, 5)
    assert.equal((await ask('10.7.0.1')).available, false)
    const { value } = await get(`${VNET}/usages`)
    assert.deepEqual([value[0].id, value[0].currentValue, value[0].limit], [SUBNET, 0, 251])
  })

  it('are given in runs, of which none overlap', async () => {
    const prefix = `${NETWORK}/publicIPPrefixes/run`
    const first = await put(prefix, { prefixLength: 30 })
    const second = await put(`${prefix}2`, { prefixLength: 31 })
    assert.equal(first.body.properties.ipPrefix, '198.18.0.0/30')
    assert.equal(second.body.properties.ipPrefix, '198.18.0.4/31')
    await refused(put(prefix, { prefixLength: 29 }), 400, 'PublicIpPrefixLengthCannotBeChanged')
  })

  it('have a label that no other has in the region', async () => {
    const labelled = { dnsSettings: { domainNameLabel: 'mine' } }
    await put(`${NETWORK}/publicIPAddresses/one`, labelled)
    await refused(put(`${NETWORK}/publicIPAddresses/two`, labelled), 400, 'DnsRecordInUse')
  })

  it('are of services that subnets may name', async () => {
    const at = `${SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope`
    const { value } = await get(`${at}/virtualNetworkAvailableEndpointServices`)
    assert.ok(value.some(({ name }: { name: string }) => name === 'Microsoft.KeyVault'))
  })
})

describe('a private DNS zone', () => {
  const zone = `${NETWORK}/privateDnsZones/inner.example`
  const global = { location: 'global' }

  it('has its authority from the start, and records that say their whole name', async () => {
    const made = await put(zone, {}, global)
    assert.equal(made.status, 201)
    assert.equal(made.body.properties.numberOfRecordSets, 1)
    assert.equal((await get(`${zone}/SOA/@`)).properties.soaRecord.minimumTtl, 10)
    const record = await put(
      `${zone}/A/www`,
      { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.5' }] },
      {},
    )
    assert.equal(record.status, 201)
    assert.equal(record.body.properties.fqdn, 'www.inner.example.')
    assert.equal(record.body.properties.provisioningState, undefined)
    const { value } = await get(`${zone}/ALL`)
    assert.deepEqual(
      value.map(({ type }: { type: string }) => type.split('/').at(-1)),
      ['A', 'SOA'],
    )
    await refused(
      put(`${zone}/A/bad`, { aRecords: [{ ipv4Address: 'here' }] }, {}),
      400,
      'InvalidRequestContent',
    )
    await refused(estate.ask('DELETE', `${zone}/SOA/@`), 400, 'BadRequest')
  })

  it('keeps conditions, of which an empty one is none', async () => {
    const url = `${zone}/A/once`
    const body = { properties: { ttl: 60 } }
    const headers = { 'if-none-match': '*' }
    assert.equal((await estate.ask('PUT', url, body, { headers })).status, 201)
    assert.equal((await estate.ask('PUT', url, body, { headers })).status, 412)
    const empty = { 'if-none-match': '', 'if-match': '' }
    assert.equal((await estate.ask('PUT', url, body, { headers: empty })).status, 200)
  })

  it('goes after its links, of which a network has one', async () => {
    const link = `${zone}/virtualNetworkLinks/one`
    const made = await put(link, { virtualNetwork: { id: VNET } }, global)
    assert.equal(made.body.properties.virtualNetworkLinkState, 'Completed')
    await refused(put(`${link}2`, { virtualNetwork: { id: VNET } }, global), 409, 'Conflict')
    await refused(estate.ask('DELETE', zone), 409, 'CannotDeleteResource')
    await estate.ask('DELETE', link)
    assert.equal((await estate.ask('DELETE', zone)).status, 200)
    assert.equal((await estate.ask('GET', `${zone}/A/www`)).status, 404)
  })
})

describe('a private endpoint', () => {
  const endpoint = `${NETWORK}/privateEndpoints/door`
  const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/behind-the-door`
  const to = (id: string) => ({
    subnet: { id: SUBNET },
    privateLinkServiceConnections: [
      { name: 'one', properties: { privateLinkServiceId: id, groupIds: ['vault'] } },
    ],
  })

  it('has a network interface of its own, and the name that leads to its address', async () => {
    const tenantId = estate.world.tenantId
    await put(vault, {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    })
    const made = await put(endpoint, to(vault))
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const { networkInterfaces, privateLinkServiceConnections, customDnsConfigs } =
      made.body.properties
    const [{ properties: connection }] = privateLinkServiceConnections
    assert.equal(connection.privateLinkServiceConnectionState.status, 'Approved')
    assert.deepEqual(customDnsConfigs, [
      { fqdn: 'behind-the-door.vault.azure.net', ipAddresses: ['10.0.0.4'] },
    ])
    const [{ id: card }] = networkInterfaces
    assert.deepEqual((await get(card)).properties.privateEndpoint, { id: endpoint })
    assert.deepEqual((await get(SUBNET)).properties.privateEndpoints, [{ id: endpoint }])
    await refused(
      estate.ask('DELETE', card),
      400,
      'CannotDeleteNetworkInterfaceWithPrivateEndpoint',
    )
    const again = await put(endpoint, (await get(endpoint)).properties)
    assert.deepEqual(again.body.properties.networkInterfaces, [{ id: card }])
    await estate.ask('DELETE', endpoint)
    assert.equal((await estate.ask('GET', card)).status, 404)
  })

  it('is approved by those who may approve; others wait', async () => {
    const writer = await estate.principal('caller')
    for (const scope of [endpoint, VNET, `${NETWORK}/networkInterfaces/door-card`]) {
      await estate.assign(writer, OWNER, scope)
    }
    const body = { location, properties: { ...to(vault), customNetworkInterfaceName: 'door-card' } }
    const asked = await estate.ask('PUT', endpoint, body, { as: writer })
    assert.equal(asked.status, 403)
    assert.match(asked.body.error.message, /privateEndpointConnectionsApproval\/action/)
    const { privateLinkServiceConnections: wanted, ...rest } = body.properties
    const waiting = await estate.ask(
      'PUT',
      endpoint,
      { location, properties: { ...rest, manualPrivateLinkServiceConnections: wanted } },
      { as: writer },
    )
    assert.equal(waiting.status, 201, JSON.stringify(waiting.body))
    const [{ properties: connection }] = waiting.body.properties.manualPrivateLinkServiceConnections
    assert.equal(connection.privateLinkServiceConnectionState.status, 'Pending')
  })
})
