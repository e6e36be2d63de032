import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { insightsProvider } from '../../providers/insights/insights.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { armPlane } from './arm.ts'
import { GROUP, openTestEstate, READER, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

describe('the cloud, to who has not signed in', () => {
  let world: TestWorld
  let door: TestDoor
  before(async () => {
    world = await openTestWorld()
    door = await openTestDoor(world, armPlane([]), { host: 'management.azure.com' })
  })
  after(async () => {
    await door.close()
    await world.close()
  })
  const ask = (version: string, host = 'management.azure.com') =>
    door.ask({ path: `/metadata/endpoints?api-version=${version}`, host })

  it('is one object, a list, or a short object, by the version asked', async () => {
    const one = await ask('2022-09-01')
    assert.equal(one.body.name, 'AzureCloud')
    assert.equal(one.body.authentication.loginEndpoint, 'https://login.microsoftonline.com/')
    assert.equal(one.body.suffixes.keyVaultDns, 'vault.azure.net')
    assert.equal(one.body.suffixes.storage, 'core.windows.net')
    assert.deepEqual((await ask('2019-05-01')).body, [one.body])
    const short = await ask('2015-01-01')
    assert.equal(short.body.authentication.audiences[0], 'https://management.core.windows.net/')
  })

  it('has local names on the host', async () => {
    const { body } = await ask('2022-09-01', 'management.locum.localhost:8443')
    assert.equal(body.name, 'Locum')
    assert.equal(body.resourceManager, 'https://management.locum.localhost:8443/')
    assert.equal(body.authentication.audiences[0], 'https://management.locum.localhost:8443/')
    assert.equal(body.authentication.tenant, 'common')
    assert.equal(body.suffixes.keyVaultDns, 'vault.locum.localhost:8443')
    assert.equal(body.suffixes.storage, 'locum.localhost:8443')
    const path = new URL(body.vmImageAliasDoc).pathname
    const { Linux, Windows } = (await door.ask({ path })).body.outputs.aliases.value
    assert.deepEqual(Object.keys(Linux.UbuntuLTS), [
      'publisher',
      'offer',
      'sku',
      'version',
      'architecture',
    ])
    assert.equal(Windows.Win2016Datacenter.publisher, 'MicrosoftWindowsServer')
  })

  it('needs a version', async () => {
    assert.equal((await door.ask({ path: '/metadata/endpoints' })).status, 400)
  })
})

describe('the activity log', () => {
  const LOG = `${SUBSCRIPTION}/providers/microsoft.insights/eventtypes/management/values`
  const NSG = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/guard`
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(insightsProvider, networkProvider)
    await estate.ask('PUT', NSG, { location: 'westeurope' })
    await estate.ask('DELETE', NSG, undefined, { as: estate.reader })
  })
  after(() => estate.close())
  const ask = (filter: string, facts = {}) =>
    estate.ask('GET', `${LOG}?$filter=${encodeURIComponent(filter)}`, undefined, facts)

  it('says who did what, newest first, and what was refused', async () => {
    const since = "eventTimestamp ge '2020-01-01T00:00:00Z' and eventTimestamp le '2099-01-01'"
    const { status, body } = await ask(`${since} and resourceGroupName eq 'blue'`)
    assert.equal(status, 200)
    const told = body.value.map((event: Record<string, { value: string }>) => [
      event.operationName?.value,
      event.status?.value,
      event.subStatus?.value,
      event.caller,
    ])
    assert.deepEqual(told, [
      [
        'Microsoft.Network/networkSecurityGroups/delete',
        'Failed',
        'Forbidden',
        estate.reader.objectId,
      ],
      ['Microsoft.Network/networkSecurityGroups/write', 'Succeeded', '', estate.owner.objectId],
      [
        'Microsoft.Resources/subscriptions/resourceGroups/write',
        'Succeeded',
        '',
        estate.owner.objectId,
      ],
    ])
    assert.equal(body.value[0].resourceId, NSG)
  })

  it('is narrowed by resource, call, time and provider', async () => {
    assert.equal((await ask(`resourceUri eq '${NSG}'`)).body.value.length, 2)
    const [event] = (await ask(`resourceUri eq '${NSG}'`)).body.value
    const same = await ask(`correlationId eq '${event.correlationId}'`)
    assert.equal(same.body.value[0].eventDataId, event.eventDataId)
    assert.deepEqual((await ask("eventTimestamp ge '2099-01-01'")).body.value, [])
    const unquoted = await ask('eventTimestamp ge 2020-01-01T00:00:00.123456')
    assert.ok(unquoted.body.value.length > 0)
    assert.equal((await ask("resourceProvider eq 'Microsoft.Network'")).body.value.length, 2)
  })

  it('is for those who may read events there', async () => {
    const nobody = await ask("resourceGroupName eq 'Blue'", { as: estate.nobody })
    assert.equal(nobody.status, 403)
    await estate.assign(estate.nobody, READER, GROUP)
    assert.equal((await ask("resourceGroupName eq 'Blue'", { as: estate.nobody })).status, 200)
    assert.equal((await ask('', { as: estate.nobody })).status, 403)
  })

  it('refuses filters it does not understand', async () => {
    for (const filter of ['x', "x eq '1'", "correlationId eq '1'", "eventTimestamp ge 'now'"]) {
      assert.equal((await ask(filter)).status, 400, filter)
    }
    const elsewhere = '/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/x'
    assert.equal((await ask(`resourceUri eq '${elsewhere}'`)).status, 400)
  })
})
