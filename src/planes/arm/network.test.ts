import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { computeProvider } from '../../providers/compute/compute.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const NETWORK = `${GROUP}/providers/Microsoft.Network`
const VNET = `${NETWORK}/virtualNetworks/net`
const SUBNET = `${VNET}/subnets/inner`
const NSG = `${NETWORK}/networkSecurityGroups/guard`
const ADDRESS = `${NETWORK}/publicIPAddresses/front`
const NIC = `${NETWORK}/networkInterfaces/nic1`
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm1`
const NETWORK_CONTRIBUTOR = '4d97b98b-1d4f-4787-a291-c67834d212e7'

const location = 'westeurope'
const nicBody = (properties: object = {}) => ({
  location,
  properties: {
    ipConfigurations: [
      {
        name: 'ipconfig1',
        properties: { subnet: { id: SUBNET }, publicIPAddress: { id: ADDRESS }, ...properties },
      },
    ],
  },
})

describe('Microsoft.Network', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(networkProvider, computeProvider)
  })
  after(() => estate.close())

  const refused = async (asked: ReturnType<TestEstate['ask']>, code: string, status = 400) => {
    const { status: given, body } = await asked
    assert.equal(body?.error?.code, code, JSON.stringify(body))
    assert.equal(given, status)
    return body.error.message as string
  }

  describe('a security group', () => {
    it('has rules written inside it, and the six that all have', async () => {
      const made = await estate.ask('PUT', NSG, {
        location,
        properties: {
          securityRules: [{ name: 'ssh', properties: { ...rule(1000), protocol: 'TCP' } }],
        },
      })
      assert.equal(made.status, 201)
      const [ssh] = made.body.properties.securityRules
      assert.equal(ssh.id, `${NSG}/securityRules/ssh`)
      assert.equal(ssh.properties.protocol, 'Tcp')
      assert.equal(ssh.properties.provisioningState, 'Succeeded')
      assert.equal(made.body.properties.defaultSecurityRules.length, 6)
    })

    it('takes rules one by one, no two of one priority', async () => {
      const web = `${NSG}/securityRules/web`
      assert.equal((await estate.ask('PUT', web, { properties: rule(1010) })).status, 201)
      const other = `${NSG}/securityRules/other`
      assert.equal(
        await refused(estate.ask('PUT', other, { properties: rule(1010) }), 'SecurityRuleConflict'),
        'Security rule other conflicts with rule web. Rules cannot have the same Priority and Direction.',
      )
      await refused(
        estate.ask('PUT', other, { properties: rule(99) }),
        'SecurityRuleInvalidPriority',
      )
      const list = await estate.ask('GET', `${NSG}/securityRules`)
      assert.deepEqual(
        list.body.value.map(({ name }: { name: string }) => name),
        ['ssh', 'web'],
      )
    })
  })

  describe('a virtual network', () => {
    it('has its subnets inside it', async () => {
      const made = await estate.ask('PUT', VNET, {
        location,
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [{ name: 'inner', properties: { addressPrefix: '10.0.0.0/29' } }],
        },
      })
      assert.equal(made.status, 201)
      assert.equal(made.body.properties.provisioningState, 'Succeeded')
      const [inner] = made.body.properties.subnets
      assert.equal(inner.id, SUBNET)
      assert.equal(inner.properties.addressPrefix, '10.0.0.0/29')
      const { body } = await estate.ask('GET', `${GROUP}/resources`)
      assert.deepEqual(
        body.value.map(({ name }: { name: string }) => name),
        ['guard', 'net'],
        'its parts are not resources of the group',
      )
      assert.equal((await estate.ask('GET', SUBNET)).body.properties.addressPrefix, '10.0.0.0/29')
    })

    it('keeps subnets that a change does not speak of, and drops those it leaves out', async () => {
      const second = `${VNET}/subnets/second`
      await estate.ask('PUT', second, { properties: { addressPrefixes: ['10.0.1.0/24'] } })
      const addressSpace = { addressPrefixes: ['10.0.0.0/16'] }
      const same = await estate.ask('PUT', VNET, { location, properties: { addressSpace } })
      assert.equal(same.body.properties.subnets.length, 2)
      const subnets = [{ name: 'inner', properties: { addressPrefix: '10.0.0.0/29' } }]
      await estate.ask('PUT', VNET, { location, properties: { addressSpace, subnets } })
      assert.equal((await estate.ask('GET', second)).status, 404)
    })

    it('refuses ranges that are none, lie outside, or overlap', async () => {
      const put = (name: string, addressPrefix: string) =>
        estate.ask('PUT', `${VNET}/subnets/${name}`, { properties: { addressPrefix } })
      await refused(put('x', '10.0.0.0'), 'InvalidAddressPrefixFormat')
      await refused(put('x', '10.0.0.1/24'), 'InvalidCIDRNotation')
      await refused(put('x', '10.1.0.0/24'), 'NetcfgInvalidSubnet')
      await refused(put('x', '10.0.0.0/24'), 'NetcfgSubnetRangesOverlap')
    })
  })

  describe('a public address', () => {
    it('is given at once when it is static, and once it is used when it is not', async () => {
      const made = await estate.ask('PUT', ADDRESS, { location, sku: { name: 'Standard' } })
      assert.equal(made.body.properties.publicIPAllocationMethod, 'Static')
      assert.equal(made.body.properties.ipAddress, '198.19.0.4')
      const loose = await estate.ask('PUT', `${ADDRESS}2`, {
        location,
        properties: { publicIPAllocationMethod: null, dnsSettings: { domainNameLabel: 'here' } },
      })
      assert.equal(loose.body.sku.name, 'Basic')
      assert.equal(loose.body.properties.ipAddress, undefined)
      assert.equal(loose.body.properties.dnsSettings.fqdn, 'here.westeurope.cloudapp.azure.com')
    })
  })

  describe('a network interface', () => {
    it('takes the first free address, and is shown by all it refers to', async () => {
      const made = await estate.ask('PUT', NIC, nicBody())
      assert.equal(made.status, 201)
      const { macAddress, ipConfigurations } = made.body.properties
      assert.match(macAddress, /^00-0D-3A(-[0-9A-F]{2}){3}$/)
      assert.equal(ipConfigurations[0].properties.privateIPAddress, '10.0.0.4')
      const from = `${NIC}/ipConfigurations/ipconfig1`
      const subnet = await estate.ask('GET', SUBNET)
      assert.deepEqual(subnet.body.properties.ipConfigurations, [{ id: from }])
      const address = await estate.ask('GET', ADDRESS)
      assert.deepEqual(address.body.properties.ipConfiguration, { id: from })
      const again = await estate.ask('PUT', NIC, nicBody())
      assert.equal(again.status, 200)
      assert.equal(again.body.properties.macAddress, macAddress)
      assert.equal(
        again.body.properties.ipConfigurations[0].properties.privateIPAddress,
        '10.0.0.4',
      )
    })

    it('takes the address it names, if nobody has it and it is one', async () => {
      const put = (privateIPAddress: string) =>
        estate.ask('PUT', `${NIC}b`, {
          location,
          properties: {
            ipConfigurations: [
              {
                name: 'x',
                properties: {
                  subnet: { id: SUBNET },
                  privateIPAllocationMethod: 'Static',
                  privateIPAddress,
                },
              },
            ],
          },
        })
      await refused(put('10.0.0.4'), 'PrivateIPAddressIsAllocated')
      await refused(put('10.0.0.3'), 'PrivateIPAddressInReservedRange')
      await refused(put('10.0.9.9'), 'PrivateIPAddressNotInSubnet')
      assert.equal((await put('10.0.0.6')).status, 201)
    })

    it('is refused when the subnet is full', async () => {
      const only = { publicIPAddress: undefined }
      assert.equal((await estate.ask('PUT', `${NIC}c`, nicBody(only))).status, 201)
      await refused(estate.ask('PUT', `${NIC}d`, nicBody(only)), 'SubnetIsFull')
    })

    it('does not share a public address, nor refer to what is not there', async () => {
      await refused(estate.ask('PUT', `${NIC}e`, nicBody()), 'PublicIPAddressInUse')
      const nowhere = { subnet: { id: `${VNET}/subnets/none` } }
      assert.match(
        await refused(estate.ask('PUT', `${NIC}e`, nicBody(nowhere)), 'InvalidResourceReference'),
        /subnets\/none referenced by resource .*ipconfig1 was not found/,
      )
    })

    it('joins only what its writer may join', async () => {
      const writer = await estate.principal('writer')
      await estate.assign(writer, NETWORK_CONTRIBUTOR, `${NIC}f`)
      const { status, body } = await estate.ask('PUT', `${NIC}f`, nicBody(), { as: writer })
      assert.equal(status, 403)
      assert.equal(body.error.code, 'LinkedAuthorizationFailed')
      assert.match(body.error.message, /subnets\/join\/action/)
    })
  })

  describe('what is in use', () => {
    it('is not deleted before what uses it', async () => {
      const vm = await estate.ask('PUT', VM, {
        location,
        properties: { networkProfile: { networkInterfaces: [{ id: NIC }] } },
      })
      assert.equal(vm.status, 201)
      const nic = await estate.ask('GET', NIC)
      assert.deepEqual(nic.body.properties.virtualMachine, { id: VM })
      assert.equal(
        await refused(estate.ask('DELETE', NIC), 'NicInUse'),
        `Network Interface ${NIC} is used by existing resource ${VM}. In order to delete the ` +
          'network interface, it must be dissociated from the resource. To learn more, see ' +
          'aka.ms/deletenic.',
      )
      await refused(estate.ask('DELETE', SUBNET), 'InUseSubnetCannotBeDeleted')
      await refused(estate.ask('DELETE', VNET), 'InUseSubnetCannotBeDeleted')
      await refused(estate.ask('DELETE', ADDRESS), 'PublicIPAddressCannotBeDeleted')
      await estate.ask('DELETE', VM)
      assert.equal((await estate.ask('DELETE', NIC)).status, 200)
      assert.equal((await estate.ask('DELETE', ADDRESS)).status, 200)
    })

    it('guards a subnet', async () => {
      const properties = { addressPrefix: '10.0.0.0/29', networkSecurityGroup: { id: NSG } }
      assert.equal((await estate.ask('PUT', SUBNET, { properties })).status, 200)
      await refused(estate.ask('DELETE', NSG), 'InUseNetworkSecurityGroupCannotBeDeleted')
      const shown = await estate.ask('GET', NSG)
      assert.deepEqual(shown.body.properties.subnets, [{ id: SUBNET }])
    })

    it('goes with its group, unless somebody outside uses it', async () => {
      const other = `${SUBSCRIPTION}/resourceGroups/Green`
      await estate.ask('PUT', other, { location })
      const outside = `${other}/providers/Microsoft.Network/networkInterfaces/outside`
      await estate.ask('DELETE', `${NIC}b`)
      await estate.ask('PUT', outside, nicBody({ publicIPAddress: undefined }))
      await refused(estate.ask('DELETE', GROUP), 'InUseSubnetCannotBeDeleted')
      await estate.ask('DELETE', outside)
      assert.equal((await estate.ask('DELETE', GROUP)).status, 202)
    })
  })
})

function rule(priority: number): object {
  return {
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Inbound',
    priority,
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '22',
  }
}
