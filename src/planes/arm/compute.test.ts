import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { finishWork, operationsFor } from '../../core/resources/operation-work.ts'
import { transaction } from '../../core/transaction.ts'
import { computeProvider } from '../../providers/compute/compute.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const COMPUTE = 'providers/Microsoft.Compute'
const VM = `${GROUP}/${COMPUTE}/virtualMachines/vm1`
const PLACE = `${SUBSCRIPTION}/${COMPUTE}/locations/westeurope`
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(computeProvider, managedIdentityProvider)
  await estate.ask('PUT', VM, { location })
})
after(() => estate.close())

const names = async (path: string): Promise<string[]> => {
  const { status, body } = await estate.ask('GET', path)
  assert.equal(status, 200, JSON.stringify(body))
  return body.map(({ name }: { name: string }) => name)
}

describe('the catalogue of images', () => {
  const ubuntu = `${PLACE}/publishers/canonical/artifacttypes/vmimage/offers/0001-com-ubuntu-server-jammy`

  it('leads from a location to a version, in bare arrays', async () => {
    assert.ok((await names(`${PLACE}/publishers`)).includes('Canonical'))
    assert.ok(
      (await names(`${PLACE}/publishers/Canonical/artifacttypes/vmimage/offers`)).includes(
        'UbuntuServer',
      ),
    )
    assert.deepEqual(await names(`${ubuntu}/skus`), ['22_04-lts', '22_04-lts-gen2'])
    const newest = `${ubuntu}/skus/22_04-lts-gen2/versions?$top=1&$orderby=name desc`
    assert.deepEqual(await names(encodeURI(newest)), ['22.04.202511100'])
  })

  it('says of a version what a client decides by', async () => {
    const { body } = await estate.ask(
      'GET',
      `${ubuntu}/skus/22_04-lts-gen2/versions/22.04.202511100`,
    )
    assert.deepEqual(body.properties.osDiskImage.operatingSystem, 'Linux')
    assert.equal(body.properties.hyperVGeneration, 'V2')
    assert.deepEqual(body.properties.dataDiskImages, [])
  })

  it('has nothing that it does not list', async () => {
    for (const path of [
      `${PLACE}/publishers/Nobody/artifacttypes/vmimage/offers`,
      `${ubuntu}/skus/none/versions`,
      `${ubuntu}/skus/22_04-lts-gen2/versions/0.0.1`,
      `${PLACE}/publishers/Canonical/artifacttypes/other/offers`,
    ]) {
      assert.equal((await estate.ask('GET', path)).status, 404, path)
    }
  })

  it('knows extensions too', async () => {
    const types = `${PLACE}/publishers/Microsoft.Azure.Extensions/artifacttypes/vmextension/types`
    assert.deepEqual(await names(types), ['CustomScript'])
    assert.deepEqual(await names(`${types}/CustomScript/versions`), ['2.0.7', '2.1.10'])
  })
})

describe('sizes', () => {
  it('are listed for a location, and as skus by a filter', async () => {
    const sizes = await estate.ask('GET', `${PLACE}/vmSizes`)
    const found = sizes.body.value.find(({ name }: { name: string }) => name === 'Standard_B1s')
    assert.equal(found.memoryInMB, 1024)
    const filter = encodeURIComponent("location eq 'West Europe'")
    const skus = await estate.ask('GET', `${SUBSCRIPTION}/${COMPUTE}/skus?$filter=${filter}`)
    for (const { locations } of skus.body.value) assert.deepEqual(locations, ['westeurope'])
  })
})

describe('runCommand', () => {
  const body = { commandId: 'RunShellScript', script: ['echo hi'], parameters: [] }

  it('is work for a job, one at a time; its output is at Location', async () => {
    const begun = await estate.ask('POST', `${VM}/runCommand`, body)
    assert.equal(begun.status, 202)
    assert.equal(begun.headers['retry-after'], '1')
    assert.ok(estate.world.woken.includes('run-commands'))
    const again = await estate.ask('POST', `${VM}/runCommand`, body)
    assert.equal(again.status, 409)
    const result = new URL(String(begun.headers.location)).pathname
    const pending = await estate.ask('GET', result)
    assert.equal(pending.status, 202)
    assert.equal(pending.headers['retry-after'], '1')
    const [operation] = await operationsFor(estate.world.call(), 'run-commands')
    const value = [{ code: 'ProvisioningState/succeeded', message: 'said' }]
    await transaction(estate.world.call(), (tx) =>
      finishWork(tx, operation?.id ?? '', { result: { value } }),
    )
    const done = await estate.ask('GET', result)
    assert.equal(done.status, 200)
    assert.deepEqual(done.body, { value })
  })

  it('is for shells, and for machines that run', async () => {
    const other = { ...body, commandId: 'RunPowerShellScript' }
    const { status, body: refused } = await estate.ask('POST', `${VM}/runCommand`, other)
    assert.equal(status, 400)
    assert.match(refused.error.message, /machines here run Linux/)
    for (const bad of [undefined, {}, { ...body, script: 'echo' }, { ...body, user: 'x' }]) {
      assert.equal((await estate.ask('POST', `${VM}/runCommand`, bad)).status, 400)
    }
    await estate.ask('POST', `${VM}/deallocate`)
    const stopped = await estate.ask('POST', `${VM}/runCommand`, body)
    assert.equal(stopped.status, 409)
    assert.equal(stopped.body.error.code, 'OperationNotAllowed')
    await estate.ask('POST', `${VM}/start`)
  })

  it('needs its own action', async () => {
    const { status } = await estate.ask('POST', `${VM}/runCommand`, body, { as: estate.reader })
    assert.equal(status, 403)
  })
})

describe('an extension', () => {
  it('is kept without its protected settings, and goes with its machine', async () => {
    const machine = `${VM}x`
    await estate.ask('PUT', machine, { location })
    const url = `${machine}/extensions/script`
    const made = await estate.ask('PUT', url, {
      location,
      properties: {
        publisher: 'Microsoft.Azure.Extensions',
        type: 'CustomScript',
        typeHandlerVersion: '2.1',
        settings: { a: 1 },
        protectedSettings: { commandToExecute: 'hunter2' },
      },
    })
    assert.equal(made.status, 201)
    assert.deepEqual(made.body.properties.settings, { a: 1 })
    assert.equal(made.body.properties.protectedSettings, undefined)
    const shown = await estate.ask('GET', `${machine}?$expand=instanceView`)
    assert.equal(shown.body.resources[0].id, url)
    assert.equal(shown.body.properties.instanceView.extensions[0].name, 'script')
    const { body } = await estate.ask('GET', `${GROUP}/resources`)
    assert.ok(body.value.some(({ name }: { name: string }) => name === 'vm1x/script'))
    const rows = await estate.world.database.reader.all('SELECT * FROM resources', [])
    assert.ok(!JSON.stringify(rows).includes('hunter2'))
    await estate.ask('DELETE', machine)
    assert.equal((await estate.ask('GET', url)).status, 404)
  })
})

describe('a scale set', () => {
  it('carries identities and says its upgrade mode', async () => {
    const url = `${GROUP}/${COMPUTE}/virtualMachineScaleSets/set`
    const made = await estate.ask('PUT', url, {
      location,
      sku: { name: 'Standard_B1s', capacity: 2 },
      properties: { virtualMachineProfile: { osProfile: { adminPassword: 'hunter2' } } },
    })
    assert.equal(made.body.properties.upgradePolicy.mode, 'Manual')
    assert.ok(!JSON.stringify(made.body).includes('hunter2'))
    const patched = await estate.ask('PATCH', url, { identity: { type: 'SystemAssigned' } })
    assert.equal(patched.body.identity.type, 'SystemAssigned')
    assert.equal(patched.body.properties.upgradePolicy.mode, 'Manual')
  })
})

describe('a disk and an availability set', () => {
  it('say who uses them, and stay while somebody does', async () => {
    const disk = `${GROUP}/${COMPUTE}/disks/data`
    const set = `${GROUP}/${COMPUTE}/availabilitySets/apart`
    const made = await estate.ask('PUT', disk, {
      location,
      properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 8 },
    })
    assert.equal(made.status, 200)
    assert.equal(made.body.properties.diskState, 'Unattached')
    assert.equal((await estate.ask('PUT', set, { location })).status, 200)
    const machine = `${VM}y`
    await estate.ask('PUT', machine, {
      location,
      properties: {
        availabilitySet: { id: set },
        storageProfile: {
          dataDisks: [{ lun: 0, createOption: 'Attach', managedDisk: { id: disk } }],
        },
      },
    })
    assert.equal((await estate.ask('GET', disk)).body.properties.diskState, 'Attached')
    const refused = await estate.ask('DELETE', disk)
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error.message, `Disk data is attached to VM ${machine}.`)
    assert.equal((await estate.ask('DELETE', set)).body.error.code, 'OperationNotAllowed')
    const { key } = parseResourceId(machine)
    assert.deepEqual(
      (await estate.ask('GET', set)).body.properties.virtualMachines.map(({ id }: { id: string }) =>
        id.toLowerCase(),
      ),
      [key],
    )
  })
})

describe('a secret that is sent to a machine', () => {
  it('is neither kept nor shown, however its member is spelt', async () => {
    const machine = VM.replace(/vm1$/, 'spelt')
    const osProfile = {
      adminPassword: 'hidden-1',
      AdminPassword: 'hidden-2',
      CustomData: 'hidden-3',
    }
    const properties = { osProfile, OsProfile: { adminPassword: 'hidden-4' } }
    const made = await estate.ask('PUT', machine, { location, properties })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const command = `${machine}/runCommands/one`
    const secret = [{ name: 'KEY', value: 'hidden-5' }]
    const put = await estate.ask('PUT', command, {
      location,
      properties: {
        source: { script: 'true' },
        protectedParameters: secret,
        ProtectedParameters: secret,
        RunAsPassword: 'hidden-6',
      },
    })
    assert.equal(put.status, 201, JSON.stringify(put.body))
    const shown = await estate.ask('GET', `${command}?$expand=instanceView`)
    const rows = await estate.world.database.reader.all('SELECT * FROM resources', [])
    assert.doesNotMatch(JSON.stringify([made.body, put.body, shown.body, rows]), /hidden-/)
  })
})
