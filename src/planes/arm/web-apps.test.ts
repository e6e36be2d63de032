import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { findServicePrincipal } from '../../core/directory/service-principals.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { webProvider } from '../../providers/web/web.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const WEB = `${GROUP}/providers/Microsoft.Web`
const PLAN = `${WEB}/serverfarms/plan`
const SITE = `${WEB}/sites/front`
const SLOT = `${SITE}/slots/staging`
/** Sites and what is in them, and joining plans; no plan of its own. */
const WEBSITE_CONTRIBUTOR = 'de139f84-1756-47ae-9be6-808fbbe84772'
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(authorizationProvider, webProvider, managedIdentityProvider)
})
after(() => estate.close())

const rowsText = async () =>
  JSON.stringify(await estate.world.database.reader.all('SELECT * FROM resources', []))

describe('a site on Linux', () => {
  before(async () => {
    const sku = { name: 'b1', tier: 'BASIC' }
    const plan = await estate.ask('PUT', PLAN, { location, sku, properties: { reserved: true } })
    assert.equal(plan.body.kind, 'linux')
    assert.deepEqual(plan.body.sku, {
      name: 'B1',
      tier: 'Basic',
      size: 'B1',
      family: 'B',
      capacity: 1,
    })
    const properties = { serverFarmId: PLAN, httpsOnly: true, siteConfig: { alwaysOn: true } }
    const made = await estate.ask('PUT', SITE, { location, properties })
    assert.equal(made.body.kind, 'app,linux')
    assert.equal(made.body.properties.sku, 'Basic')
    assert.equal(made.body.properties.reserved, true)
  })

  it('may call a plan of its group by its name alone', async () => {
    const properties = { serverFarmId: 'plan' }
    const made = await estate.ask('PUT', `${WEB}/sites/byname`, { location, properties })
    assert.equal(made.body.properties.serverFarmId, PLAN)
    assert.equal((await estate.ask('DELETE', `${WEB}/sites/byname`)).status, 200)
    const lost = { serverFarmId: 'plan/of/none' }
    const refused = await estate.ask('PUT', `${WEB}/sites/lost`, { location, properties: lost })
    assert.equal(refused.status, 400)
  })

  it('keeps what a PUT does not name', async () => {
    const properties = { siteConfig: { linuxFxVersion: 'NODE|22-lts' } }
    const again = await estate.ask('PUT', SITE, { location, properties })
    assert.equal(again.body.properties.serverFarmId, PLAN)
    assert.equal(again.body.properties.httpsOnly, true)
    assert.equal(again.body.properties.siteConfig.alwaysOn, true)
    assert.equal(again.body.properties.siteConfig.linuxFxVersion, 'NODE|22-lts')
  })

  it('has one configuration, by either path, with what App Service fills in', async () => {
    const web = `${SITE}/config/web`
    const { properties } = (await estate.ask('GET', web)).body
    assert.equal(properties.linuxFxVersion, 'NODE|22-lts')
    assert.equal(properties.minTlsVersion, '1.2')
    assert.equal(properties.ftpsState, 'FtpsOnly')
    assert.equal(properties.publishingUsername, '$front')
    // What is always on is loaded early.
    assert.deepEqual(properties.virtualApplications, [
      { virtualPath: '/', physicalPath: 'site\\wwwroot', preloadEnabled: true },
    ])
    assert.deepEqual(properties.ipSecurityRestrictions, [
      {
        ipAddress: 'Any',
        action: 'Allow',
        priority: 2147483647,
        name: 'Allow all',
        description: 'Allow all access',
      },
    ])
    const rule = { ipAddress: '10.0.0.0/8', action: 'Allow', priority: '100', name: 'inside' }
    const changes = { ipSecurityRestrictions: [rule], alwaysOn: false }
    const changed = (await estate.ask('PATCH', web, { properties: changes })).body.properties
    const names = changed.ipSecurityRestrictions.map(({ name }: { name: string }) => name)
    assert.deepEqual(names, ['inside', 'Deny all'])
    assert.equal(changed.ipSecurityRestrictions[0].priority, 100)
    assert.equal((await estate.ask('GET', SITE)).body.properties.siteConfig.alwaysOn, false)
  })

  it('takes settings that come inside the configuration, and shows them to no reader', async () => {
    const properties = {
      appSettings: [{ name: 'KEY', value: 'hunter2' }],
      connectionStrings: [{ name: 'db', connectionString: 'swordfish', type: 'SQLAzure' }],
      azureStorageAccounts: { share: { accountName: 'blues', accessKey: 'open-sesame' } },
    }
    const put = await estate.ask('PATCH', `${SITE}/config/web`, { properties })
    assert.equal(put.status, 200)
    const list = async (name: string) =>
      (await estate.ask('POST', `${SITE}/config/${name}/list`)).body.properties
    assert.deepEqual(await list('appsettings'), { KEY: 'hunter2' })
    assert.deepEqual(await list('connectionstrings'), {
      db: { value: 'swordfish', type: 'SQLAzure' },
    })
    assert.equal((await list('azurestorageaccounts')).share.accessKey, 'open-sesame')
    const as = estate.reader
    const seen = JSON.stringify([
      (await estate.ask('GET', SITE, undefined, { as })).body,
      (await estate.ask('GET', `${SITE}/config`, undefined, { as })).body,
      (await estate.ask('GET', `${SITE}/config/connectionstrings`, undefined, { as })).body,
    ])
    const rows = await rowsText()
    for (const word of ['hunter2', 'swordfish', 'open-sesame']) {
      assert.ok(!seen.includes(word), word)
      assert.ok(!rows.includes(word), word)
    }
  })

  it('has the settings of a site that was given none', async () => {
    const list = (name: string) => estate.ask('POST', `${SITE}/config/${name}/list`)
    assert.equal((await list('backup')).status, 404)
    const logs = `${SITE}/config/logs`
    const { applicationLogs } = (await estate.ask('GET', logs)).body.properties
    assert.deepEqual(applicationLogs.fileSystem, { level: 'Off' })
    await estate.ask('PUT', logs, { properties: { sasUrl: 'https://x/?sig=swordfish' } })
    assert.ok(!(await rowsText()).includes('swordfish'))
    assert.equal((await list('authsettings')).body.properties.configVersion, 'v1')
    const v2 = `${SITE}/config/authsettingsV2`
    await estate.ask('PUT', v2, { properties: { platform: { enabled: true } } })
    assert.equal((await list('authsettings')).body.properties.configVersion, 'v2')
    assert.equal((await estate.ask('GET', `${v2}/list`)).body.properties.platform.enabled, true)
    const as = estate.reader
    assert.equal((await estate.ask('GET', `${v2}/list`, undefined, { as })).status, 403)
  })
})

describe('how a site is published to', () => {
  const policies = `${SITE}/basicPublishingCredentialsPolicies`

  it('is by a password of its own, for those who may list it', async () => {
    const url = `${SITE}/config/publishingcredentials/list`
    const { properties } = (await estate.ask('POST', url)).body
    assert.equal(properties.publishingUserName, '$front')
    assert.equal(
      properties.scmUri,
      `https://$front:${properties.publishingPassword}@front.scm.azurewebsites.net`,
    )
    assert.ok(!(await rowsText()).includes(properties.publishingPassword))
    const as = estate.reader
    for (const secret of [url, `${SITE}/publishxml`]) {
      assert.equal((await estate.ask('POST', secret, undefined, { as })).status, 403)
    }
  })

  it('is shut way by way', async () => {
    const before = String((await estate.ask('POST', `${SITE}/publishxml`)).body)
    assert.equal(before.match(/<publishProfile /g)?.length, 3)
    assert.ok(!before.includes('REDACTED'))
    assert.equal((await estate.ask('GET', `${policies}/scm`)).body.properties.allow, true)
    const put = await estate.ask('PUT', `${policies}/scm`, { properties: { allow: false } })
    assert.deepEqual(put.body.properties, { allow: false })
    const listed = (await estate.ask('GET', policies)).body.value
    assert.deepEqual(
      listed.map((one: { properties: { allow: boolean } }) => one.properties.allow),
      [true, false],
    )
    const after = String((await estate.ask('POST', `${SITE}/publishxml`)).body)
    assert.equal(after.match(/userPWD="REDACTED"/g)?.length, 2)
    assert.equal((await estate.ask('GET', `${policies}/telnet`)).status, 404)
    assert.equal((await estate.ask('PUT', `${policies}/ftp`, { properties: {} })).status, 400)
  })
})

describe('a deployment slot', () => {
  it('is a site beside the site, with an identity of its own', async () => {
    const identity = { type: 'SystemAssigned' }
    const made = await estate.ask('PUT', SLOT, { location, identity })
    assert.equal(made.status, 200, JSON.stringify(made.body))
    assert.equal(made.body.name, 'front/staging')
    assert.equal(made.body.kind, 'app,linux')
    assert.equal(made.body.properties.serverFarmId, PLAN)
    assert.equal(made.body.properties.defaultHostName, 'front-staging.azurewebsites.net')
    const site = await estate.ask('PATCH', SITE, { identity })
    const { principalId } = made.body.identity
    assert.notEqual(site.body.identity.principalId, principalId)
    const principal = await findServicePrincipal(estate.world.call(), principalId)
    assert.equal(principal?.displayName, 'front/slots/staging')
    const listed = (await estate.ask('GET', `${SITE}/slots`)).body.value
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      ['front/staging'],
    )
  })

  it('has settings of its own; the names that stay are those of the site', async () => {
    await estate.ask('PUT', `${SLOT}/config/appsettings`, { properties: { KEY: 'staged' } })
    const list = async (of: string) =>
      (await estate.ask('POST', `${of}/config/appsettings/list`)).body.properties
    assert.deepEqual(await list(SLOT), { KEY: 'staged' })
    assert.deepEqual(await list(SITE), { KEY: 'hunter2' })
    const names = { properties: { appSettingNames: ['KEY'] } }
    assert.equal((await estate.ask('PUT', `${SITE}/config/slotConfigNames`, names)).status, 200)
    assert.equal((await estate.ask('GET', `${SLOT}/config/slotConfigNames`)).status, 404)
    const user = (await estate.ask('POST', `${SLOT}/config/publishingcredentials/list`)).body
    assert.equal(user.properties.publishingUserName, '$front__staging')
  })

  it('needs its site, goes with it, and leaves the plan to it', async () => {
    const lost = await estate.ask('PUT', SLOT.replace('front', 'none'), { location })
    assert.equal(lost.status, 404)
    assert.equal((await estate.ask('DELETE', SLOT)).status, 200)
    assert.equal((await estate.ask('GET', PLAN)).body.properties.numberOfSites, 1)
    await estate.ask('PUT', SLOT, { location })
    const kept = `${SITE}?deleteEmptyServerFarm=false`
    assert.equal((await estate.ask('DELETE', kept)).status, 200)
    assert.equal((await estate.ask('GET', SLOT)).status, 404)
    assert.equal((await estate.ask('GET', PLAN)).body.properties.numberOfSites, 0)
  })
})

describe('the plan of the last site', () => {
  const put = (site: string) =>
    estate.ask('PUT', `${WEB}/sites/${site}`, { location, properties: { serverFarmId: PLAN } })

  it('goes with it, unless it is used, kept, locked or not the caller’s to delete', async () => {
    await put('one')
    await put('two')
    await estate.ask('DELETE', `${WEB}/sites/one`)
    assert.equal((await estate.ask('GET', PLAN)).status, 200)
    const as = await estate.principal('publisher')
    await estate.assign(as, WEBSITE_CONTRIBUTOR, GROUP)
    assert.equal((await estate.ask('DELETE', `${WEB}/sites/two`, undefined, { as })).status, 200)
    assert.equal((await estate.ask('GET', PLAN)).status, 200)
    await put('three')
    await estate.ask('DELETE', `${WEB}/sites/three`)
    assert.equal((await estate.ask('GET', PLAN)).status, 404)
  })
})

describe('a function app that names no plan', () => {
  const dynamic = `${WEB}/serverfarms/WestEuropeLinuxDynamicPlan`
  const body = { location, kind: 'functionapp,linux', properties: { reserved: true } }

  it('brings the consumption plan of its region along', async () => {
    const made = await estate.ask('PUT', `${WEB}/sites/fun`, body)
    assert.equal(made.body.properties.serverFarmId, dynamic)
    assert.equal(made.body.properties.sku, 'Dynamic')
    const plan = (await estate.ask('GET', dynamic)).body
    assert.equal(plan.kind, 'functionapp')
    assert.equal(plan.sku.name, 'Y1')
    await estate.ask('PUT', `${WEB}/sites/more`, body)
    assert.equal((await estate.ask('GET', dynamic)).body.properties.numberOfSites, 2)
  })

  it('does so only for those who may make plans', async () => {
    const as = await estate.principal('planless')
    await estate.assign(as, WEBSITE_CONTRIBUTOR, GROUP)
    const refused = await estate.ask('PUT', `${WEB}/sites/mine`, body, { as })
    assert.equal(refused.status, 403)
    assert.equal(refused.body.error.code, 'LinkedAuthorizationFailed')
    assert.equal((await estate.ask('GET', `${WEB}/sites/mine`)).status, 404)
  })
})

describe('what is the same for everybody', () => {
  it('is read without a role: what can be run', async () => {
    const as = estate.nobody
    for (const path of [
      'webAppStacks',
      'functionAppStacks',
      'locations/westeurope/functionAppStacks',
    ]) {
      const { status, body } = await estate.ask(
        'GET',
        `/providers/Microsoft.Web/${path}`,
        undefined,
        {
          as,
        },
      )
      assert.equal(status, 200, path)
      assert.ok(body.value.length > 0, path)
    }
  })

  it('is read by readers of the subscription: where plans can be had', async () => {
    const url = `${SUBSCRIPTION}/providers/Microsoft.Web/geoRegions?sku=Dynamic`
    const { body } = await estate.ask('GET', url, undefined, { as: estate.reader })
    assert.ok(body.value.some(({ name }: { name: string }) => name === 'West Europe'))
    assert.equal((await estate.ask('GET', url, undefined, { as: estate.nobody })).status, 403)
  })
})

describe('a secret in the configuration of a site', () => {
  it('is shown to none but those who may list it, however its member is spelt', async () => {
    const site = `${WEB}/sites/spelt`
    const siteConfig = {
      AppSettings: [{ name: 'KEY', value: 'hidden-setting' }],
      ConnectionStrings: [{ name: 'db', connectionString: 'hidden-string', type: 'Custom' }],
      PublishingPassword: 'hidden-password',
    }
    const sku = { name: 'B1' }
    await estate.ask('PUT', PLAN, { location, sku, properties: { reserved: true } })
    const made = await estate.ask('PUT', site, {
      location,
      properties: { serverFarmId: PLAN, siteConfig },
    })
    assert.equal(made.status, 200)
    await estate.ask('PUT', `${site}/config/web`, { properties: siteConfig })
    for (const path of [site, `${site}/config/web`, `${site}/config`]) {
      const { status, body } = await estate.ask('GET', path, undefined, { as: estate.reader })
      assert.equal(status, 200)
      assert.doesNotMatch(JSON.stringify(body), /hidden-/, path)
    }
    assert.doesNotMatch(await rowsText(), /hidden-/)
    const listed = await estate.ask('POST', `${site}/config/appsettings/list`)
    assert.deepEqual(listed.body.properties, { KEY: 'hidden-setting' })
  })

  it('is not listed where a lock lets nobody write', async () => {
    const site = `${WEB}/sites/spelt`
    const lock = `${site}/providers/Microsoft.Authorization/locks/still`
    await estate.ask('PUT', lock, { properties: { level: 'ReadOnly' } })
    for (const name of ['appsettings', 'publishingcredentials']) {
      const { status, body } = await estate.ask('POST', `${site}/config/${name}/list`)
      assert.deepEqual([status, body.error?.code], [409, 'ScopeLocked'], name)
    }
    await estate.ask('DELETE', lock)
    assert.equal((await estate.ask('POST', `${site}/config/appsettings/list`)).status, 200)
  })
})
