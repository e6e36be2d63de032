import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { computeProvider } from '../../providers/compute/compute.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const NETWORK = `${GROUP}/providers/Microsoft.Network`
const COMPUTE = `${GROUP}/providers/Microsoft.Compute`
const THEIRS = `${SUBSCRIPTION}/resourceGroups/Red`
const VM = `${THEIRS}/providers/Microsoft.Compute/virtualMachines/vm1`
const CARD = `${NETWORK}/networkInterfaces/card`
const location = 'westeurope'

let estate: TestEstate
let other: ServicePrincipal
before(async () => {
  estate = await openTestEstate(computeProvider, networkProvider)
  await estate.ask('PUT', THEIRS, { location })
  other = await estate.principal('other')
  await estate.assign(other, OWNER, THEIRS)
  await put(`${NETWORK}/virtualNetworks/net`, {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [subnet('inner', '10.0.0.0/24')],
  })
  await put(CARD, {
    ipConfigurations: [
      {
        name: 'one',
        properties: { subnet: { id: `${NETWORK}/virtualNetworks/net/subnets/inner` } },
      },
    ],
  })
})
after(() => estate.close())

const put = (path: string, properties: object, as = estate.owner) =>
  estate.ask('PUT', path, { location, properties }, { as })
const subnet = (name: string, addressPrefix: string) => ({ name, properties: { addressPrefix } })
const codeOf = ({ status, body }: Awaited<ReturnType<typeof put>>) => [status, body?.error?.code]

describe('what a resource refers to', () => {
  it('is not joined by naming it first as what takes no right to name', async () => {
    const image = { imageReference: { publisher: 'Canonical', offer: 'o', sku: 's', version: '1' } }
    const joining = (networkInterfaces: object[], more: object = {}) =>
      put(VM, { storageProfile: image, networkProfile: { networkInterfaces }, ...more }, other)
    assert.deepEqual(codeOf(await joining([{ id: CARD }])), [403, 'LinkedAuthorizationFailed'])
    const beside = await joining([], { proximityPlacementGroup: { id: CARD } })
    assert.equal(beside.status, 201, JSON.stringify(beside.body))
    assert.deepEqual(codeOf(await joining([{ id: CARD }])), [403, 'LinkedAuthorizationFailed'])
    // What was joined by somebody who may stays joined, whoever writes.
    const joined = await put(VM, {
      storageProfile: image,
      networkProfile: { networkInterfaces: [{ id: CARD }] },
    })
    assert.equal(joined.status, 200, JSON.stringify(joined.body))
    assert.equal((await joining([{ id: CARD }])).status, 200)
  })

  it('says nothing of itself to a disk that was made without it', async () => {
    const source = `${COMPUTE}/disks/source`
    await put(source, {
      creationData: { createOption: 'Empty' },
      diskSizeGB: 77,
      osType: 'Windows',
    })
    const copy = `${THEIRS}/providers/Microsoft.Compute/disks/copy`
    const asked = { createOption: 'Copy', sourceResourceId: source }
    assert.equal((await put(copy, { creationData: asked }, other)).status, 403)
    await put(copy, { creationData: { createOption: 'Empty' }, diskSizeGB: 4 }, other)
    const { body } = await put(copy, { creationData: asked }, other)
    const { diskSizeGB, osType, creationData } = body.properties
    assert.deepEqual([diskSizeGB, osType, creationData], [4, undefined, { createOption: 'Empty' }])
  })
})
