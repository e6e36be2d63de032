import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { storageProvider } from '../../providers/storage/storage.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared`
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net`
const NIC = `${GROUP}/providers/Microsoft.Network/networkInterfaces/nic`
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/exportedaccount`
const RED = `${SUBSCRIPTION}/resourceGroups/Red`
const NETWORK_CONTRIBUTOR = '4d97b98b-1d4f-4787-a291-c67834d212e7'
const location = 'westeurope'

interface Exported {
  readonly type: string
  readonly name: string
  readonly dependsOn?: readonly string[]
  readonly [member: string]: unknown
}

describe('a group as a template', () => {
  let estate: TestEstate
  const exported = async (body: object) => {
    const answered = await estate.ask('POST', `${GROUP}/exportTemplate`, body)
    assert.equal(answered.status, 200, JSON.stringify(answered.body))
    return answered.body.template
  }
  const ofType = (template: { resources: Exported[] }, type: string) =>
    template.resources.find((one) => one.type === type)
  before(async () => {
    estate = await openTestEstate(managedIdentityProvider, networkProvider, storageProvider)
    await estate.ask('PUT', RED, { location })
    await estate.ask('PUT', IDENTITY, { location, tags: { note: '[not an expression]' } })
    await estate.ask('PUT', NETWORK, {
      location,
      properties: {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ name: 'default', properties: { addressPrefix: '10.0.0.0/24' } }],
      },
    })
    const subnet = { id: `${NETWORK}/subnets/default` }
    const ipConfigurations = [{ name: 'ipconfig1', properties: { subnet } }]
    await estate.ask('PUT', NIC, { location, properties: { ipConfigurations } })
    await estate.ask('PUT', ACCOUNT, {
      location,
      kind: 'StorageV2',
      sku: { name: 'Standard_LRS' },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
    })
  })
  after(() => estate.close())

  it('has names as parameters, references as resourceId, and what each depends on', async () => {
    const template = await exported({ resources: ['*'] })
    assert.deepEqual(template.parameters.networkInterfaces_nic_name, {
      defaultValue: 'nic',
      type: 'String',
    })
    const nic = ofType(template, 'Microsoft.Network/networkInterfaces')
    assert.equal(nic?.name, "[parameters('networkInterfaces_nic_name')]")
    const subnet =
      "[resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('virtualNetworks_net_name'), 'default')]"
    assert.deepEqual(nic?.dependsOn, [subnet])
    assert.ok(JSON.stringify(nic?.properties).includes(JSON.stringify({ id: subnet })))
    const account = ofType(template, 'Microsoft.Storage/storageAccounts')
    const identity =
      "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('userAssignedIdentities_shared_name'))]"
    assert.deepEqual(account?.identity, {
      type: 'UserAssigned',
      userAssignedIdentities: { [identity]: {} },
    })
  })

  it('escapes what would be read as an expression', async () => {
    const template = await exported({ resources: [IDENTITY] })
    assert.equal(template.resources.length, 1)
    assert.deepEqual(template.resources[0].tags, { note: '[[not an expression]' })
  })

  it('has no parameters when none are wanted', async () => {
    const template = await exported({ resources: [NETWORK], options: 'SkipAllParameterization' })
    assert.deepEqual(template.parameters, {})
    assert.deepEqual(
      template.resources.map(({ name, dependsOn }: Exported) => [name, dependsOn]),
      [
        ['net', undefined],
        ['net/default', ["[resourceId('Microsoft.Network/virtualNetworks', 'net')]"]],
      ],
    )
  })

  it('tells no key', async () => {
    const { body } = await estate.ask('POST', `${ACCOUNT}/listKeys`)
    const text = JSON.stringify(await exported({ resources: ['*'] }))
    for (const { value } of body.keys) assert.equal(text.includes(value), false)
    assert.equal(/sealed|keyName/.test(text), false)
  })

  it('can be deployed to another group', async () => {
    const template = await exported({ resources: ['*'] })
    const at = `${RED}/providers/Microsoft.Resources/deployments/again/validate`
    const { status, body } = await estate.ask('POST', at, {
      properties: { mode: 'Incremental', template },
    })
    assert.equal(status, 200, JSON.stringify(body))
    const ids = body.properties.validatedResources.map(({ id }: { id: string }) => id)
    for (const id of [IDENTITY, NETWORK, `${NETWORK}/subnets/default`, NIC, ACCOUNT]) {
      assert.ok(ids.includes(id.replace(GROUP, RED)), id)
    }
    assert.equal(JSON.stringify(ids).includes('/Blue/'), false)
  })

  it('is for those who may read the group, and has of it what they may read', async () => {
    const refused = await estate.ask('POST', `${GROUP}/exportTemplate`, {}, { as: estate.nobody })
    assert.equal(refused.status, 403)
    assert.match(
      refused.body.error.message,
      /'Microsoft.Resources\/subscriptions\/resourceGroups\/read'/,
    )
    const whole = await estate.ask('POST', `${GROUP}/exportTemplate`, {}, { as: estate.reader })
    assert.deepEqual([whole.status, whole.body.error], [200, undefined])
    const narrow = await estate.principal('narrow')
    await estate.assign(narrow, NETWORK_CONTRIBUTOR, GROUP)
    const { status, body } = await estate.ask('POST', `${GROUP}/exportTemplate`, {}, { as: narrow })
    assert.equal(status, 200)
    assert.deepEqual(
      body.template.resources.map(({ type }: Exported) => type.split('/')[0]),
      ['Microsoft.Network', 'Microsoft.Network', 'Microsoft.Network'],
    )
    assert.equal(body.error.code, 'ExportTemplateCompletedWithErrors')
    assert.equal(body.error.details[0].code, 'AuthorizationFailed')
  })
})
