import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { keysOf } from '../../providers/storage/account-keys.ts'
import { findStorageAccount } from '../../providers/storage/account-settings.ts'
import { storageProvider } from '../../providers/storage/storage.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const STORAGE = 'providers/Microsoft.Storage'
const ACCOUNT = `${GROUP}/${STORAGE}/storageAccounts/blues`
const CHECK = `${SUBSCRIPTION}/${STORAGE}/checkNameAvailability`
const BODY = { location: 'westeurope', kind: 'StorageV2', sku: { name: 'standard_lrs' } }

describe('a storage account', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(storageProvider, managedIdentityProvider)
  })
  after(() => estate.close())

  it('is made with 200, its address by the names of the caller', async () => {
    const made = await estate.ask('PUT', ACCOUNT, { ...BODY, identity: { type: 'SystemAssigned' } })
    assert.equal(made.status, 200)
    assert.deepEqual(made.body.sku, { name: 'Standard_LRS', tier: 'Standard' })
    assert.equal(made.body.properties.primaryEndpoints.blob, 'https://blues.blob.core.windows.net/')
    assert.equal(made.body.properties.provisioningState, 'Succeeded')
    assert.equal(made.body.identity.type, 'SystemAssigned')
    const patched = await estate.ask('PATCH', ACCOUNT, { properties: { accessTier: 'Cool' } })
    assert.equal(patched.body.properties.accessTier, 'Cool')
    assert.equal(patched.body.kind, 'StorageV2')
  })

  it('says where it is reached, and where its copies are', async () => {
    const url = `${GROUP}/${STORAGE}/storageAccounts/copies`
    const sku = { name: 'Standard_RAGRS' }
    const { properties } = (await estate.ask('PUT', url, { ...BODY, sku })).body
    assert.deepEqual(Object.keys(properties.primaryEndpoints).sort(), [
      'blob',
      'dfs',
      'file',
      'queue',
      'table',
      'web',
    ])
    assert.equal(properties.primaryEndpoints.table, 'https://copies.table.core.windows.net/')
    assert.equal(properties.secondaryLocation, 'northeurope')
    const copy = 'https://copies-secondary.blob.core.windows.net/'
    assert.equal(properties.secondaryEndpoints.blob, copy)
    assert.equal(properties.secondaryEndpoints.file, undefined)
    const files = await estate.ask('PUT', `${GROUP}/${STORAGE}/storageAccounts/files`, {
      location: 'westeurope',
      kind: 'FileStorage',
      sku: { name: 'Premium_LRS' },
    })
    assert.deepEqual(Object.keys(files.body.properties.primaryEndpoints), ['file'])
    assert.equal(files.body.properties.secondaryLocation, undefined)
  })

  it('keeps what a change does not name, and what it was made with for good', async () => {
    const url = `${GROUP}/${STORAGE}/storageAccounts/kept`
    const properties = {
      minimumTlsVersion: 'TLS1_2',
      isHnsEnabled: true,
      networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3' }] },
      encryption: {
        keySource: 'Microsoft.Storage',
        services: { queue: { keyType: 'Account' }, table: { keyType: 'Service' } },
      },
    }
    const made = (await estate.ask('PUT', url, { ...BODY, properties })).body.properties
    assert.deepEqual(made.networkAcls.ipRules, [{ action: 'Allow', value: '20.1.2.3' }])
    assert.deepEqual(Object.keys(made.encryption.services), ['blob', 'file', 'queue'])
    const again = (await estate.ask('PUT', url, BODY)).body.properties
    for (const name of Object.keys(properties)) assert.deepEqual(again[name], made[name], name)
    const change = { properties: { isHnsEnabled: false } }
    const refused = await estate.ask('PATCH', url, change)
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error.code, 'AccountPropertyIsImmutable')
  })

  it('lets in by the network only from a subnet that is there', async () => {
    const id = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/none`
    const networkAcls = { virtualNetworkRules: [{ id }] }
    const { status, body } = await estate.ask('PATCH', ACCOUNT, { properties: { networkAcls } })
    assert.equal(status, 400)
    assert.equal(body.error.code, 'InvalidResourceReference')
  })

  it('has its services from the start, for as long as it is there', async () => {
    const blobs = `${ACCOUNT}/blobServices/default`
    assert.deepEqual((await estate.ask('GET', blobs)).body.properties.cors, { corsRules: [] })
    assert.equal((await estate.ask('DELETE', blobs)).status, 405)
    const files = (await estate.ask('GET', `${ACCOUNT}/fileServices/default`)).body.properties
    assert.deepEqual(files.shareDeleteRetentionPolicy, { enabled: true, days: 7 })
    const versions = { properties: { isVersioningEnabled: true } }
    await estate.ask('PUT', blobs, versions)
    const kept = { properties: { deleteRetentionPolicy: { enabled: true, days: 7 } } }
    const both = (await estate.ask('PUT', blobs, kept)).body.properties
    assert.equal(both.isVersioningEnabled, true)
    assert.equal(both.deleteRetentionPolicy.days, 7)
    const container = `${blobs}/containers/data`
    const made = await estate.ask('PUT', container, { properties: { publicAccess: 'None' } })
    assert.equal(made.status, 201)
    assert.equal(made.body.properties.leaseState, 'Available')
    const bad = await estate.ask('PUT', `${blobs}/containers/Da--ta`, {})
    assert.equal(bad.body.error.code, 'ContainerNameInvalid')
    const list = await estate.ask('GET', `${blobs}/containers`)
    assert.equal(list.body.value.length, 1)
  })

  it('has shares of files and queues, by name', async () => {
    const share = `${ACCOUNT}/fileServices/default/shares/share`
    const made = await estate.ask('PUT', share, { properties: { shareQuota: 50 } })
    assert.equal(made.status, 201)
    assert.equal(made.body.properties.accessTier, 'TransactionOptimized')
    const again = await estate.ask('PATCH', share, { properties: { metadata: { a: 'b' } } })
    assert.equal(again.body.properties.shareQuota, 50)
    const wrong = await estate.ask('PUT', share, { properties: { shareQuota: 0 } })
    assert.equal(wrong.status, 400)
    const queue = `${ACCOUNT}/queueServices/default/queues/queue`
    assert.equal((await estate.ask('PUT', queue, { properties: {} })).status, 200)
    assert.equal((await estate.ask('PUT', `${queue}--no`, { properties: {} })).status, 400)
    assert.equal((await estate.ask('DELETE', queue)).status, 204)
    assert.equal((await estate.ask('DELETE', share)).status, 200)
  })

  it('takes a blank for what is not chosen', async () => {
    const properties = { protocolSettings: { smb: { versions: '', channelEncryption: '' } } }
    const put = await estate.ask('PUT', `${ACCOUNT}/fileServices/default`, { properties })
    assert.deepEqual(put.body.properties.protocolSettings, { smb: {} })
  })

  it('has a name of its own in all of Azure', async () => {
    const other = `${SUBSCRIPTION}/resourceGroups/Green`
    await estate.ask('PUT', other, { location: 'westeurope' })
    const again = await estate.ask('PUT', `${other}/${STORAGE}/storageAccounts/blues`, BODY)
    assert.equal(again.status, 409)
    assert.equal(again.body.error.code, 'StorageAccountInAnotherResourceGroup')
    const bad = await estate.ask('PUT', `${GROUP}/${STORAGE}/storageAccounts/Blues_1`, BODY)
    assert.equal(bad.body.error.code, 'AccountNameInvalid')
    const rows: [name: string, available: boolean, reason: string | undefined][] = [
      ['blues', false, 'AlreadyExists'],
      ['no', false, 'AccountNameInvalid'],
      ['greens', true, undefined],
    ]
    for (const [name, available, reason] of rows) {
      const { body } = await estate.ask('POST', CHECK, { name, type: STORAGE_TYPE })
      assert.equal(body.nameAvailable, available, name)
      assert.equal(body.reason, reason, name)
    }
  })

  it('refuses skus and kinds that there are not', async () => {
    const url = `${GROUP}/${STORAGE}/storageAccounts/other`
    for (const wrong of [{ sku: { name: 'Huge' } }, { sku: undefined }, { kind: 'Cupboard' }]) {
      const { status, body } = await estate.ask('PUT', url, { ...BODY, ...wrong })
      assert.equal(status, 400)
      assert.equal(body.error.code, 'InvalidValuesForRequestParameters')
    }
  })

  describe('its keys', () => {
    const list = async (): Promise<{ keyName: string; value: string }[]> =>
      (await estate.ask('POST', `${ACCOUNT}/listKeys?$expand=kerb`)).body.keys

    it('are two, for those who may list them', async () => {
      const keys = await list()
      assert.deepEqual(
        keys.map(({ keyName }) => keyName),
        ['key1', 'key2'],
      )
      for (const { value } of keys) assert.equal(Buffer.from(value, 'base64').length, 64)
      const { status } = await estate.ask('POST', `${ACCOUNT}/listKeys`, undefined, {
        as: estate.reader,
      })
      assert.equal(status, 403)
    })

    it('are made anew one at a time', async () => {
      const [first, second] = await list()
      const { body } = await estate.ask('POST', `${ACCOUNT}/regenerateKey`, { keyName: 'key1' })
      assert.notEqual(body.keys[0].value, first?.value)
      assert.equal(body.keys[1].value, second?.value)
      assert.deepEqual(await list(), body.keys)
      for (const bad of [{}, { keyName: 'key3' }, undefined]) {
        assert.equal((await estate.ask('POST', `${ACCOUNT}/regenerateKey`, bad)).status, 400)
      }
    })

    it('rest sealed, and are kept over changes', async () => {
      const keys = await list()
      await estate.ask('PUT', ACCOUNT, BODY)
      assert.deepEqual(await list(), keys)
      const rows = JSON.stringify(
        await estate.world.database.reader.all('SELECT * FROM resources', []),
      )
      for (const { value } of keys) assert.ok(!rows.includes(value))
      const call = estate.world.call()
      const account = await findStorageAccount(call, 'blues')
      assert.ok(account)
      const opened = keysOf(call, account).map(({ value }) => value.reveal().toString('base64'))
      assert.deepEqual(
        opened,
        keys.map(({ value }) => value),
      )
    })
  })
})

const STORAGE_TYPE = 'Microsoft.Storage/storageAccounts'
