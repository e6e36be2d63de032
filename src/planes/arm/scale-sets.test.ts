import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { computeProvider } from '../../providers/compute/compute.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, type TestEstate } from './test-estate.ts'

const SET = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/set`
const NETWORK = `${GROUP}/providers/Microsoft.Network`
const BALANCER = `${NETWORK}/loadBalancers/lb`
const POOL = `${BALANCER}/backendAddressPools/pool`
const SUBNET = `${NETWORK}/virtualNetworks/net/subnets/inner`
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(computeProvider, networkProvider, managedIdentityProvider)
  const put = (path: string, properties: object) =>
    estate.ask('PUT', path, { location, properties })
  await put(`${NETWORK}/virtualNetworks/net`, {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ name: 'inner', properties: { addressPrefix: '10.0.0.0/24' } }],
  })
  await put(BALANCER, {
    frontendIPConfigurations: [{ name: 'front', properties: { subnet: { id: SUBNET } } }],
    backendAddressPools: [{ name: 'pool' }],
  })
})
after(() => estate.close())

/** As the Azure CLI's template has it: truth as text, and members in other cases. */
const model = (size = 'Standard_B1s', capacity: unknown = 2) => ({
  location,
  sku: { name: size, capacity },
  tags: { kept: 'yes' },
  properties: {
    upgradePolicy: { mode: 'Manual' },
    virtualMachineProfile: {
      osProfile: { computerNamePrefix: 'node', adminPassword: 'hunter2' },
      networkProfile: {
        networkInterfaceConfigurations: [
          {
            name: 'nic',
            properties: {
              primary: 'true',
              ipConfigurations: [
                {
                  name: 'one',
                  properties: {
                    subnet: { id: SUBNET },
                    loadBalancerBackendAddressPools: [{ id: POOL }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  },
})
const instances = async (set = SET) => {
  const { body } = await estate.ask('GET', `${set}/virtualMachines`)
  return body.value as {
    instanceId: string
    name: string
    properties: { latestModelApplied: boolean }
  }[]
}
const ids = async (set = SET) => (await instances(set)).map(({ instanceId }) => instanceId)
const act = (name: string, instanceIds?: readonly string[]) =>
  estate.ask('POST', `${SET}/${name}`, instanceIds && { instanceIds })

describe('a scale set', () => {
  it('has as many instances as its capacity says, described by its model', async () => {
    const made = await estate.ask('PUT', SET, model())
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual(made.body.sku, { tier: 'Standard', name: 'Standard_B1s', capacity: 2 })
    assert.deepEqual(await ids(), ['0', '1'])
    const { body } = await estate.ask('GET', `${SET}/virtualMachines/1?$expand=instanceView`)
    assert.equal(body.name, 'set_1')
    assert.equal(body.properties.osProfile.computerName, 'node000001')
    assert.equal(body.properties.instanceView.statuses[1].code, 'PowerState/running')
    assert.ok(!JSON.stringify([made.body, body]).includes('hunter2'))
  })

  it('is scaled by a body that says a capacity alone: all else stays', async () => {
    const scaled = await estate.ask('PUT', SET, {
      location,
      sku: { name: 'Standard_B1s', capacity: 3 },
    })
    assert.equal(scaled.body.sku.capacity, 3)
    assert.deepEqual(scaled.body.tags, { kept: 'yes' })
    assert.equal(scaled.body.properties.virtualMachineProfile.osProfile.computerNamePrefix, 'node')
    assert.deepEqual(await ids(), ['0', '1', '2'])
    for (const capacity of [-1, 1001, 'many']) {
      const { status } = await estate.ask('PUT', SET, model('Standard_B1s', capacity))
      assert.equal(status, 400)
    }
  })

  it('loses the instances that are deleted, and gives their numbers to no others', async () => {
    assert.equal((await act('delete', ['1'])).status, 200)
    assert.equal((await estate.ask('GET', SET)).body.sku.capacity, 2)
    await estate.ask('PUT', SET, { location, sku: { name: 'Standard_B1s', capacity: 3 } })
    assert.deepEqual(await ids(), ['0', '2', '3'])
    const gone = await estate.ask('GET', `${SET}/virtualMachines/1`)
    assert.equal(gone.status, 404)
  })

  it('turns instances on and off: those that are named, or all', async () => {
    await act('deallocate', ['0'])
    const view = `${SET}/virtualMachines/0/instanceView`
    const power = async () => (await estate.ask('GET', view)).body.statuses[1].code
    assert.equal(await power(), 'PowerState/deallocated')
    await act('start')
    assert.equal(await power(), 'PowerState/running')
    await estate.ask('POST', `${SET}/virtualMachines/0/powerOff`)
    assert.equal(await power(), 'PowerState/stopped')
    const { status, body } = await act('restart', ['99'])
    assert.equal(status, 400)
    assert.equal(
      body.error.message,
      'The provided instanceId 99 is not an active Virtual Machine Scale Set VM instanceId.',
    )
  })

  it('says which instances are older than its model, until they are upgraded', async () => {
    const changed = model('Standard_B1s', 3)
    changed.properties.virtualMachineProfile.osProfile.computerNamePrefix = 'other'
    await estate.ask('PUT', SET, changed)
    const latest = async () => (await instances()).map((one) => one.properties.latestModelApplied)
    assert.deepEqual(await latest(), [false, false, false])
    await act('manualupgrade', ['2'])
    assert.deepEqual(await latest(), [false, true, false])
  })

  it('joins only what its writer may join', async () => {
    const writer = await estate.principal('scaler')
    await estate.assign(writer, OWNER, `${SET}2`)
    const { status, body } = await estate.ask('PUT', `${SET}2`, model(), { as: writer })
    assert.equal(status, 403)
    assert.match(body.error.message, /subnets\/join\/action/)
  })

  it('keeps the load balancer that its machines are behind', async () => {
    const gone = await estate.ask('DELETE', BALANCER)
    assert.equal(gone.status, 400)
    assert.equal(gone.body.error.code, 'LoadBalancerInUseByVirtualMachineScaleSet')
    const pool = await estate.ask('DELETE', POOL)
    assert.equal(
      pool.body.error.message,
      'Cannot remove backend address pool pool from load balancer since it is in use by virtual ' +
        `machine scale set ${SET}.`,
    )
    assert.equal((await estate.ask('DELETE', SET)).status, 200)
    assert.equal((await estate.ask('DELETE', POOL)).status, 200)
    assert.equal((await estate.ask('DELETE', BALANCER)).status, 200)
  })

  it('names its instances when it is flexible', async () => {
    const flexible = `${SET}3`
    await estate.ask('PUT', flexible, {
      location,
      sku: { name: 'Standard_B1s', capacity: 1 },
      properties: { orchestrationMode: 'Flexible', platformFaultDomainCount: 1 },
    })
    const [one] = await instances(flexible)
    assert.match(one?.name ?? '', /^set3_[0-9a-f]{8}$/)
    assert.equal(one?.instanceId, one?.name)
  })

  it('has the machines that are made into it, which are listed by it and hold it', async () => {
    const machines = `${GROUP}/providers/Microsoft.Compute/virtualMachines`
    const virtualMachineScaleSet = { id: `${SET}3` }
    await estate.ask('PUT', `${machines}/alone`, { location })
    await estate.ask('PUT', `${machines}/inside`, {
      location,
      properties: { virtualMachineScaleSet },
    })
    assert.ok((await ids(`${SET}3`)).includes('inside'))
    const filter = encodeURIComponent(`'virtualMachineScaleSet/id' eq '${SET}3'`)
    const { body } = await estate.ask('GET', `${machines}?$filter=${filter}`)
    assert.deepEqual(
      body.value.map(({ name }: { name: string }) => name),
      ['inside'],
    )
    const refused = await estate.ask('DELETE', `${SET}3`)
    assert.deepEqual([refused.status, refused.body.error.code], [409, 'OperationNotAllowed'])
  })
})
