import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, type TestEstate } from './test-estate.ts'

const NETWORK = `${GROUP}/providers/Microsoft.Network`
const SUBNET = `${NETWORK}/virtualNetworks/net/subnets/inner`
const BALANCER = `${NETWORK}/loadBalancers/lb`
const FRONT = `${BALANCER}/frontendIPConfigurations/front`
const POOL = `${BALANCER}/backendAddressPools/pool`
const NIC = `${NETWORK}/networkInterfaces/nic`
const location = 'westeurope'

const body = (more: object = {}) => ({
  location,
  sku: { name: 'Standard' },
  properties: {
    frontendIPConfigurations: [{ name: 'front', properties: { subnet: { id: SUBNET } } }],
    backendAddressPools: [{ name: 'pool' }],
    probes: [{ name: 'alive', properties: { protocol: 'tcp', port: '80' } }],
    loadBalancingRules: [
      {
        name: 'web',
        properties: {
          frontendIPConfiguration: { id: FRONT },
          backendAddressPool: { id: POOL },
          probe: { id: `${BALANCER}/probes/alive` },
          protocol: 'TCP',
          frontendPort: 80,
          backendPort: 8080,
        },
      },
    ],
    ...more,
  },
})

describe('a load balancer', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(networkProvider)
    await estate.ask('PUT', `${NETWORK}/virtualNetworks/net`, {
      location,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ name: 'inner', properties: { addressPrefix: '10.0.0.0/24' } }],
      },
    })
  })
  after(() => estate.close())

  const get = async (path: string) => (await estate.ask('GET', path)).body
  const code = async (asked: ReturnType<TestEstate['ask']>) => {
    const { status, body } = await asked
    return [status, body?.error?.code]
  }

  it('fills in what its parts leave out, and says what refers to each', async () => {
    const made = await estate.ask('PUT', BALANCER, body())
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const { frontendIPConfigurations, loadBalancingRules, probes } = made.body.properties
    const [front] = frontendIPConfigurations
    assert.equal(front.id, FRONT)
    assert.equal(front.properties.privateIPAddress, '10.0.0.4')
    assert.deepEqual(front.properties.loadBalancingRules, [
      { id: `${BALANCER}/loadBalancingRules/web` },
    ])
    const { properties: rule } = loadBalancingRules[0]
    assert.equal(rule.protocol, 'Tcp')
    assert.equal(rule.idleTimeoutInMinutes, 4)
    assert.equal(rule.loadDistribution, 'Default')
    assert.deepEqual(rule.backendAddressPools, [{ id: POOL }])
    assert.deepEqual([probes[0].properties.port, probes[0].properties.intervalInSeconds], [80, 15])
  })

  it('reads back what it has shown, and stays as it was', async () => {
    const was = await get(BALANCER)
    const again = await estate.ask('PUT', BALANCER, was)
    assert.equal(again.status, 200, JSON.stringify(again.body))
    const withoutEtags = (shown: unknown) =>
      JSON.parse(JSON.stringify(shown), (name, value) => (name === 'etag' ? undefined : value))
    assert.deepEqual(withoutEtags(again.body), withoutEtags(was))
  })

  it('has parts that are read under their own ids, and two kinds that are written so', async () => {
    const second = `${BALANCER}/backendAddressPools/second`
    assert.equal((await estate.ask('PUT', second, {})).status, 201)
    assert.equal((await estate.ask('PUT', second, { properties: {} })).status, 200)
    const listed = (await get(`${BALANCER}/backendAddressPools`)).value
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      ['pool', 'second'],
    )
    const rule = `${BALANCER}/inboundNatRules/ssh`
    const properties = {
      frontendIPConfiguration: { id: FRONT },
      protocol: 'tcp',
      frontendPort: '2222',
      backendPort: 22,
    }
    const made = await estate.ask('PUT', rule, { location, properties })
    assert.equal(made.body.properties.frontendPort, 2222, JSON.stringify(made.body))
    assert.equal((await get(BALANCER)).properties.inboundNatRules.length, 1)
    assert.equal((await estate.ask('DELETE', second)).status, 200)
    assert.equal((await estate.ask('DELETE', second)).status, 204)
    assert.equal((await estate.ask('GET', second)).status, 404)
    assert.equal((await get(`${BALANCER}/probes/alive`)).properties.protocol, 'Tcp')
    assert.equal((await estate.ask('PUT', `${BALANCER}/probes/alive`, {})).status, 405)
  })

  it('takes network interfaces into its pools, of those who may join them', async () => {
    const card = {
      location,
      properties: {
        ipConfigurations: [
          {
            name: 'one',
            properties: {
              subnet: { id: SUBNET },
              loadBalancerBackendAddressPools: [{ id: POOL }],
              loadBalancerInboundNatRules: [{ id: `${BALANCER}/inboundNatRules/ssh` }],
            },
          },
        ],
      },
    }
    const made = await estate.ask('PUT', NIC, card)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(made.body.properties.ipConfigurations[0].properties.privateIPAddress, '10.0.0.5')
    assert.deepEqual((await get(POOL)).properties.backendIPConfigurations, [
      { id: `${NIC}/ipConfigurations/one` },
    ])
    const writer = await estate.principal('joiner')
    await estate.assign(writer, OWNER, `${NIC}2`)
    await estate.assign(writer, OWNER, `${NETWORK}/virtualNetworks/net`)
    const refused = await estate.ask('PUT', `${NIC}2`, card, { as: writer })
    assert.equal(refused.status, 403)
    assert.match(refused.body.error.message, /backendAddressPools\/join\/action/)
  })

  it('takes those in it along when it moves to another group', async () => {
    const other = GROUP.replace('Blue', 'Green')
    await estate.ask('PUT', other, { location })
    const move = (from: string, to: string) =>
      estate.ask('POST', `${from}/moveResources`, {
        resources: [BALANCER.replace(GROUP, from)],
        targetResourceGroup: to,
      })
    assert.ok((await move(GROUP, other)).status < 300)
    const pool = await get(POOL.replace(GROUP, other))
    assert.deepEqual(pool.properties.backendIPConfigurations, [
      { id: `${NIC}/ipConfigurations/one` },
    ])
    assert.ok((await move(other, GROUP)).status < 300)
  })

  it('is no longer shown by those in it once it is gone', async () => {
    assert.equal((await estate.ask('DELETE', BALANCER)).status, 200)
    const [one] = (await get(NIC)).properties.ipConfigurations
    assert.deepEqual(one.properties.loadBalancerBackendAddressPools, [])
  })

  it('refuses rules that refer to what it has not, and interfaces that join no pool', async () => {
    const strange = body({ backendAddressPools: [] })
    assert.deepEqual(await code(estate.ask('PUT', BALANCER, strange)), [
      400,
      'InvalidResourceReference',
    ])
    const lost = {
      location,
      properties: {
        ipConfigurations: [
          {
            name: 'one',
            properties: { subnet: { id: SUBNET }, loadBalancerBackendAddressPools: [{ id: POOL }] },
          },
        ],
      },
    }
    assert.deepEqual(await code(estate.ask('PUT', `${NIC}3`, lost)), [
      400,
      'InvalidResourceReference',
    ])
  })
})
