import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { computeProvider } from '../../providers/compute/compute.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { GROUP, OWNER, openTestEstate, type TestEstate } from './test-estate.ts'

const COMPUTE = `${GROUP}/providers/Microsoft.Compute`
const VM = `${COMPUTE}/virtualMachines/vm1`
const NETWORK = `${GROUP}/providers/Microsoft.Network`
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(computeProvider, networkProvider, managedIdentityProvider)
})
after(() => estate.close())

const put = (path: string, properties: object = {}, more: object = {}) =>
  estate.ask('PUT', path, { location, properties, ...more })
const get = async (path: string) => (await estate.ask('GET', path)).body
const machine = (storageProfile: object = {}, more: object = {}) => ({ storageProfile, ...more })
const refused = async (asked: ReturnType<TestEstate['ask']>, status: number, code: string) => {
  const { status: given, body } = await asked
  assert.deepEqual([given, body?.error?.code], [status, code], JSON.stringify(body))
  return body.error.message as string
}

describe('the disks of a machine', () => {
  it('come into being with it, with the kind its size can have', async () => {
    const made = await put(VM, {
      hardwareProfile: { vmSize: 'Standard_D2s_v5' },
      storageProfile: {
        imageReference: {
          publisher: 'canonical',
          offer: 'ubuntu-24_04-lts',
          sku: 'server',
          version: 'latest',
        },
        dataDisks: [{ lun: 0, createOption: 'Empty', diskSizeGB: 8, name: 'own' }],
      },
    })
    const { osDisk, dataDisks, imageReference } = made.body.properties.storageProfile
    assert.match(imageReference.exactVersion, /^24\.04\./)
    assert.match(osDisk.name, /^vm1_OsDisk_1_[0-9a-f]{32}$/)
    assert.equal(osDisk.osType, 'Linux')
    assert.equal(osDisk.managedDisk.storageAccountType, 'Premium_LRS')
    const os = await get(osDisk.managedDisk.id)
    assert.equal(os.managedBy, VM)
    assert.equal(os.properties.diskState, 'Attached')
    assert.equal(os.properties.diskSizeGB, 30)
    assert.equal(os.properties.creationData.createOption, 'FromImage')
    assert.equal(dataDisks[0].managedDisk.id, `${COMPUTE}/disks/own`)
    assert.equal((await get(`${COMPUTE}/disks/own`)).properties.tier, 'P2')
  })

  it('say of which generation it is, in its instance view', async () => {
    const old = `${COMPUTE}/virtualMachines/old`
    const [publisher, offer] = ['Canonical', '0001-com-ubuntu-server-jammy']
    const imageReference = { publisher, offer, sku: '22_04-lts', version: 'latest' }
    const osProfile = {
      computerName: 'elder',
      adminUsername: 'a',
      adminPassword: 'Correct-horse-1',
    }
    await put(old, machine({ imageReference }, { osProfile }))
    const seen = async (path: string) => {
      const { hyperVGeneration, computerName } = await get(`${path}/instanceView`)
      return [hyperVGeneration, computerName]
    }
    assert.deepEqual(await seen(old), ['V1', 'elder'])
    assert.deepEqual(await seen(VM), ['V2', 'vm1'])
    await estate.ask('DELETE', old)
  })

  it('stay its own when it is written again, in full or in part', async () => {
    const was = await get(VM)
    const again = await put(VM, was.properties)
    assert.deepEqual(again.body.properties.storageProfile, was.properties.storageProfile)
    await put(VM, { hardwareProfile: { vmSize: 'Standard_D4s_v5' } })
    const { osDisk } = (await get(VM)).properties.storageProfile
    assert.equal((await get(osDisk.managedDisk.id)).managedBy, VM)
  })

  it('are those in their places, where the body names none by id', async () => {
    const own = `${COMPUTE}/disks/own`
    for (const disk of [{}, { name: 'OWN', managedDisk: { storageAccountType: 'Premium_LRS' } }]) {
      const dataDisks = [{ lun: 0, createOption: 'Empty', diskSizeGB: 8, ...disk }]
      const { body } = await put(VM, machine({ dataDisks }))
      assert.equal(body.properties.storageProfile.dataDisks[0].managedDisk.id, own)
    }
    // Another name is another disk.
    const dataDisks = [{ lun: 0, createOption: 'Empty', diskSizeGB: 4, name: 'other' }]
    await put(VM, machine({ dataDisks }))
    assert.equal((await get(own)).managedBy, undefined)
    const back = { lun: 0, createOption: 'Attach', managedDisk: { id: own } }
    await put(VM, machine({ dataDisks: [back] }))
    assert.equal((await get(own)).managedBy, VM)
    await estate.ask('DELETE', `${COMPUTE}/disks/other`)
  })

  it('are shown in its size as they have grown, and never shrink', async () => {
    const own = `${COMPUTE}/disks/own`
    const grown = await estate.ask('PATCH', own, { properties: { diskSizeGB: 16 } })
    assert.equal(grown.body.properties.tier, 'P3')
    const { dataDisks } = (await get(VM)).properties.storageProfile
    assert.equal(dataDisks[0].diskSizeGB, 16)
    const message = await refused(
      estate.ask('PATCH', own, { properties: { diskSizeGB: 8 } }),
      409,
      'OperationNotAllowed',
    )
    assert.match(message, /^Disk size reduction is not supported\./)
  })

  it('are in one machine at a time, at a place of their own', async () => {
    const own = { lun: 0, createOption: 'Attach', managedDisk: { id: `${COMPUTE}/disks/own` } }
    const other = `${COMPUTE}/virtualMachines/vm2`
    await refused(put(other, machine({ dataDisks: [own] })), 409, 'ConflictingUserInput')
    await refused(
      put(other, machine({ dataDisks: [{ lun: 1 }, { lun: 1 }] })),
      400,
      'InvalidParameter',
    )
    const taken = { name: 'own', createOption: 'FromImage' }
    assert.match(
      await refused(put(other, machine({ osDisk: taken })), 409, 'ConflictingUserInput'),
      /Only CreateOption.Attach is supported/,
    )
    assert.equal((await estate.ask('GET', other)).status, 404)
  })

  it('are attached and detached by ids, by those who may write them', async () => {
    const disk = `${COMPUTE}/disks/loose`
    await put(disk, { creationData: { createOption: 'Empty' }, diskSizeGB: 4 })
    const attach = { dataDisksToAttach: [{ diskId: disk }] }
    const url = `${VM}/attachDetachDataDisks`
    const attached = await estate.ask('POST', url, attach)
    assert.equal(attached.status, 200, JSON.stringify(attached.body))
    assert.equal(attached.body.dataDisks[1].lun, 1)
    assert.equal((await get(disk)).managedBy, VM)
    await refused(estate.ask('DELETE', disk), 409, 'OperationNotAllowed')
    await estate.ask('POST', url, { dataDisksToDetach: [{ diskId: disk }] })
    assert.equal((await get(disk)).properties.diskState, 'Unattached')
    const writer = await estate.principal('attacher')
    await estate.assign(writer, OWNER, VM)
    const { status, body } = await estate.ask('POST', url, attach, { as: writer })
    assert.deepEqual([status, body.error.code], [403, 'LinkedAuthorizationFailed'])
  })

  it('are made only for those who may make disks', async () => {
    const writer = await estate.principal('machines alone')
    await estate.assign(writer, OWNER, `${COMPUTE}/virtualMachines/vm9`)
    const { status, body } = await estate.ask(
      'PUT',
      `${COMPUTE}/virtualMachines/vm9`,
      { location },
      { as: writer },
    )
    assert.equal(status, 403)
    assert.match(body.error.message, /'Microsoft.Compute\/disks\/write'/)
  })

  it('stay when it goes, but for those that shall go with it', async () => {
    const url = `${COMPUTE}/virtualMachines/gone`
    const subnet = `${NETWORK}/virtualNetworks/net/subnets/inner`
    await put(`${NETWORK}/virtualNetworks/net`, {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ name: 'inner', properties: { addressPrefix: '10.0.0.0/24' } }],
    })
    const address = `${NETWORK}/publicIPAddresses/out`
    await put(address, {}, { sku: { name: 'Standard' } })
    const card = `${NETWORK}/networkInterfaces/card`
    const publicIPAddress = { id: address, properties: { deleteOption: 'Delete' } }
    await put(card, {
      ipConfigurations: [{ name: 'one', properties: { subnet: { id: subnet }, publicIPAddress } }],
    })
    await put(url, {
      networkProfile: { networkInterfaces: [{ id: card, properties: { deleteOption: 'Delete' } }] },
      storageProfile: {
        osDisk: { name: 'goes', createOption: 'FromImage', deleteOption: 'Delete' },
        dataDisks: [{ lun: 0, createOption: 'Empty', diskSizeGB: 4, name: 'stays' }],
      },
    })
    assert.equal((await estate.ask('DELETE', url)).status, 202)
    for (const path of [card, address, `${COMPUTE}/disks/goes`]) {
      assert.equal((await estate.ask('GET', path)).status, 404, path)
    }
    assert.equal((await get(`${COMPUTE}/disks/stays`)).properties.diskState, 'Unattached')
  })

  it('stay too where they are locked, or not the caller’s to delete', async () => {
    const url = `${COMPUTE}/virtualMachines/careful`
    const disk = { createOption: 'FromImage', deleteOption: 'Delete' }
    await put(url, machine({ osDisk: { ...disk, name: 'kept' } }))
    const writer = await estate.principal('deleter')
    await estate.assign(writer, OWNER, url)
    assert.equal((await estate.ask('DELETE', url, undefined, { as: writer })).status, 202)
    assert.equal((await estate.ask('GET', `${COMPUTE}/disks/kept`)).status, 200)
  })
})

describe('copies of disks', () => {
  const source = `${COMPUTE}/disks/source`
  const copyOf = (id: string) => ({ creationData: { createOption: 'Copy', sourceResourceId: id } })

  it('have the size of what they copy: a snapshot of a disk, a disk of a snapshot', async () => {
    await put(source, { creationData: { createOption: 'Empty' }, diskSizeGB: 64 })
    const snapshot = `${COMPUTE}/snapshots/then`
    assert.equal((await put(snapshot, copyOf(source))).body.properties.diskSizeGB, 64)
    const copy = await put(`${COMPUTE}/disks/copy`, copyOf(snapshot))
    assert.equal(copy.body.properties.diskSizeBytes, 64 * 1024 ** 3)
    assert.equal((await estate.ask('DELETE', source)).status, 200, 'nothing holds the source')
    await refused(put(`${COMPUTE}/disks/x`, copyOf(source)), 400, 'InvalidResourceReference')
  })

  it('take the right to read what is copied', async () => {
    const writer = await estate.principal('copier')
    const url = `${COMPUTE}/snapshots/taken`
    await estate.assign(writer, OWNER, url)
    const body = { location, properties: copyOf(`${COMPUTE}/disks/copy`) }
    const { status, body: said } = await estate.ask('PUT', url, body, { as: writer })
    assert.equal(status, 403)
    assert.match(said.error.message, /'Microsoft.Compute\/disks\/beginGetAccess\/action'/)
  })

  it('say their size when they copy nothing', async () => {
    const empty = { creationData: { createOption: 'Empty' } }
    await refused(put(`${COMPUTE}/disks/x`, empty), 400, 'InvalidParameter')
  })
})

describe('an image of a machine', () => {
  const url = `${COMPUTE}/virtualMachines/model`
  const image = `${COMPUTE}/images/mine`

  it('is made once the machine is generalized, which then starts no more', async () => {
    await put(url, machine({ osDisk: { createOption: 'FromImage', diskSizeGB: 40 } }))
    const of = { sourceVirtualMachine: { id: url } }
    await refused(put(image, of), 409, 'OperationNotAllowed')
    await refused(estate.ask('POST', `${url}/generalize`), 409, 'OperationNotAllowed')
    await estate.ask('POST', `${url}/deallocate`)
    assert.equal((await estate.ask('POST', `${url}/generalize`)).status, 200)
    const made = await put(image, of)
    const { osDisk } = made.body.properties.storageProfile
    assert.deepEqual([osDisk.osType, osDisk.osState], ['Linux', 'Generalized'])
    assert.equal(osDisk.diskSizeGB, 40)
    assert.equal(
      await refused(estate.ask('POST', `${url}/start`), 409, 'OperationNotAllowed'),
      "Operation 'start' is not allowed on VM 'model' since the VM is generalized.",
    )
  })

  it('gives its sizes to the machines that are made of it', async () => {
    const copy = `${COMPUTE}/virtualMachines/copy`
    const made = await put(copy, machine({ imageReference: { id: image } }))
    assert.equal(made.body.properties.storageProfile.osDisk.diskSizeGB, 40)
    await refused(
      put(`${copy}2`, machine({ imageReference: { id: `${image}2` } })),
      400,
      'InvalidResourceReference',
    )
    assert.equal((await estate.ask('DELETE', image)).status, 200, 'no machine holds it')
  })
})

describe('a key for SSH', () => {
  it('shows its private half once', async () => {
    const url = `${COMPUTE}/sshPublicKeys/key`
    assert.equal((await put(url)).body.properties.publicKey, undefined)
    const pair = await estate.ask('POST', `${url}/generateKeyPair`, { encryptionType: 'Ed25519' })
    assert.match(pair.body.privateKey, /^-----BEGIN OPENSSH PRIVATE KEY-----/)
    assert.equal(pair.body.id, url)
    const kept = await get(url)
    assert.equal(kept.properties.publicKey, pair.body.publicKey)
    const rows = await estate.world.database.reader.all('SELECT * FROM resources', [])
    assert.ok(!JSON.stringify(rows).includes('PRIVATE KEY'))
    await refused(put(url, { publicKey: 'not a key' }), 400, 'InvalidParameter')
  })
})

describe('what stands near each other', () => {
  it('is listed by its group, which stays while something does', async () => {
    const near = `${COMPUTE}/proximityPlacementGroups/near`
    await put(near)
    const set = `${COMPUTE}/availabilitySets/set`
    await put(set, { proximityPlacementGroup: { id: near } })
    assert.deepEqual((await get(near)).properties.availabilitySets, [{ id: set }])
    await refused(estate.ask('DELETE', near), 409, 'OperationNotAllowed')
    await estate.ask('DELETE', set)
    assert.equal((await estate.ask('DELETE', near)).status, 200)
  })
})
