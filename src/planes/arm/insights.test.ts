import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { insightsProvider } from '../../providers/insights/insights.ts'
import { operationalInsightsProvider } from '../../providers/operational-insights/operational-insights.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`
const COMPONENT = `${GROUP}/providers/Microsoft.Insights/components/told`
/** Every action on components, and nothing on workspaces. */
const COMPONENT_CONTRIBUTOR = 'ae349356-3a1b-4a5e-921d-050484c6347e'
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(insightsProvider, operationalInsightsProvider)
})
after(() => estate.close())

describe('a workspace of logs', () => {
  it('is made with what Azure gives it', async () => {
    const made = await estate.ask('PUT', WORKSPACE, {
      location,
      identity: { type: 'SystemAssigned' },
      properties: { sku: { name: 'pergb2018' }, features: { disableLocalAuth: true } },
    })
    assert.equal(made.status, 201)
    assert.equal(made.body.identity.type, 'SystemAssigned')
    const { properties } = made.body
    assert.equal(properties.sku.name, 'PerGB2018')
    assert.equal(properties.retentionInDays, 30)
    assert.deepEqual(properties.workspaceCapping, { dailyQuotaGb: -1 })
    assert.equal(properties.features.enableLogAccessUsingOnlyResourcePermissions, true)
    assert.match(properties.customerId, /^[0-9a-f-]{36}$/)
    const again = await estate.ask('PUT', WORKSPACE, { location, properties: {} })
    assert.equal(again.body.properties.customerId, properties.customerId)
    assert.equal(again.body.properties.features.disableLocalAuth, true)
  })

  it('refuses skus and retentions that there are not', async () => {
    const url = WORKSPACE.replace('logs', 'other')
    for (const properties of [{ sku: { name: 'Huge' } }, { retentionInDays: 29 }]) {
      const { status, body } = await estate.ask('PUT', url, { location, properties })
      assert.equal(status, 400)
      assert.equal(body.error.code, 'InvalidParameter')
    }
  })

  it('has two keys, sealed, for those who may list them', async () => {
    const { body } = await estate.ask('POST', `${WORKSPACE}/sharedKeys`)
    assert.deepEqual(Object.keys(body), ['primarySharedKey', 'secondarySharedKey'])
    assert.notEqual(body.primarySharedKey, body.secondarySharedKey)
    const rows = JSON.stringify(
      await estate.world.database.reader.all('SELECT * FROM resources', []),
    )
    for (const key of Object.values<string>(body)) assert.ok(!rows.includes(key))
    const as = estate.reader
    assert.equal(
      (await estate.ask('POST', `${WORKSPACE}/sharedKeys`, undefined, { as })).status,
      403,
    )
  })

  it('does not come back: none is listed as deleted', async () => {
    const url = `${SUBSCRIPTION}/providers/Microsoft.OperationalInsights/deletedWorkspaces`
    assert.deepEqual((await estate.ask('GET', url)).body, { value: [] })
  })
})

describe('a component of Application Insights', () => {
  const body = {
    location,
    kind: 'web',
    properties: { Application_Type: 'web', WorkspaceResourceId: WORKSPACE },
  }

  it('says by one text where to tell it what', async () => {
    const made = await estate.ask('PUT', COMPONENT, body)
    assert.equal(made.status, 200)
    const { properties } = made.body
    assert.equal(properties.RetentionInDays, 90)
    assert.equal(properties.IngestionMode, 'LogAnalytics')
    assert.deepEqual(properties.ConnectionString.split(';'), [
      `InstrumentationKey=${properties.InstrumentationKey}`,
      'IngestionEndpoint=https://westeurope-0.in.applicationinsights.azure.com/',
      'LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/',
      `ApplicationId=${properties.AppId}`,
    ])
    const again = await estate.ask('PUT', COMPONENT, body)
    assert.equal(again.body.properties.InstrumentationKey, properties.InstrumentationKey)
  })

  it('names only a workspace that is there, and that its writer may read', async () => {
    const other = { ...body.properties, WorkspaceResourceId: `${WORKSPACE}-not` }
    const lost = await estate.ask('PUT', COMPONENT, { ...body, properties: other })
    assert.equal(lost.body.error.code, 'InvalidResourceReference')
    const as = await estate.principal('writer')
    await estate.assign(as, COMPONENT_CONTRIBUTOR, GROUP)
    const url = `${COMPONENT}-mine`
    const refused = await estate.ask('PUT', url, body, { as })
    assert.equal(refused.status, 403)
    assert.equal(refused.body.error.code, 'LinkedAuthorizationFailed')
    const alone = { ...body, properties: { Application_Type: 'web' } }
    assert.equal((await estate.ask('PUT', url, alone, { as })).status, 200)
  })

  it('is told so much a day', async () => {
    const url = `${COMPONENT}/currentbillingfeatures`
    assert.equal((await estate.ask('GET', url)).body.DataVolumeCap.Cap, 100)
    const put = await estate.ask('PUT', url, { DataVolumeCap: { Cap: 5 } })
    assert.equal(put.body.DataVolumeCap.Cap, 5)
    assert.equal((await estate.ask('GET', url)).body.DataVolumeCap.WarningThreshold, 90)
    const as = estate.reader
    assert.equal((await estate.ask('PUT', url, {}, { as })).status, 403)
  })

  it('keeps it for as long as Azure offers', async () => {
    const properties = { ...body.properties, RetentionInDays: 45 }
    const { status, body: refused } = await estate.ask('PUT', COMPONENT, { ...body, properties })
    assert.equal(status, 400)
    assert.equal(refused.error.code, 'InvalidRetention')
  })
})
