import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { containerInstanceProvider } from '../../providers/container-instance/container-instance.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { webProvider } from '../../providers/web/web.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const PLAN = `${GROUP}/providers/Microsoft.Web/serverfarms/plan`
const SITE = `${GROUP}/providers/Microsoft.Web/sites/Front`
const location = 'westeurope'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(webProvider, containerInstanceProvider, managedIdentityProvider)
})
after(() => estate.close())

const rowsText = async () =>
  JSON.stringify(await estate.world.database.reader.all('SELECT * FROM resources', []))

describe('a site', () => {
  it('is made with 200 on a plan, which stays while it has sites', async () => {
    const plan = await estate.ask('PUT', PLAN, { location, sku: { name: 'B1' } })
    assert.equal(plan.status, 200)
    assert.equal(plan.body.sku.tier, 'Basic')
    const made = await estate.ask('PUT', SITE, {
      location,
      kind: 'functionapp,linux',
      properties: {
        serverFarmId: PLAN,
        siteConfig: { appSettings: [{ name: 'KEY', value: 'hunter2' }], linuxFxVersion: 'NODE|22' },
      },
    })
    assert.equal(made.status, 200)
    assert.equal(made.body.kind, 'functionapp,linux')
    assert.equal(made.body.properties.defaultHostName, 'front.azurewebsites.net')
    assert.equal(made.body.properties.siteConfig.linuxFxVersion, 'NODE|22')
    assert.ok(!JSON.stringify(made.body).includes('hunter2'))
    const refused = await estate.ask('DELETE', PLAN)
    assert.equal(refused.status, 409)
    assert.match(refused.body.error.message, /Front assigned to it/)
  })

  it('takes an identity with itself, whole', async () => {
    const { body } = await estate.ask('GET', SITE)
    const put = await estate.ask('PUT', SITE, { ...body, identity: { type: 'SystemAssigned' } })
    assert.equal(put.status, 200, JSON.stringify(put.body))
    assert.equal(put.body.identity.type, 'SystemAssigned')
    const { identity: _, ...rest } = put.body
    assert.deepEqual(rest, body)
  })

  it('has a name of its own in all of Azure', async () => {
    const other = `${SUBSCRIPTION}/resourceGroups/Green`
    await estate.ask('PUT', other, { location })
    const url = `${other}/providers/Microsoft.Web/sites/front`
    const { status, body } = await estate.ask('PUT', url, { location })
    assert.equal(status, 409)
    assert.equal(body.error.message, 'Website with given name front already exists.')
    const check = `${SUBSCRIPTION}/providers/Microsoft.Web/checknameavailability`
    const taken = await estate.ask('POST', check, { name: 'FRONT', type: 'Site' })
    assert.equal(taken.body.nameAvailable, false)
    const free = await estate.ask('POST', check, { name: 'back', type: 'Microsoft.Web/sites' })
    assert.equal(free.body.nameAvailable, true)
  })

  it('is switched off and on', async () => {
    assert.equal((await estate.ask('POST', `${SITE}/stop`)).status, 200)
    assert.equal((await estate.ask('GET', SITE)).body.properties.state, 'Stopped')
    await estate.ask('POST', `${SITE}/start`)
    assert.equal((await estate.ask('GET', SITE)).body.properties.state, 'Running')
  })
})

describe("a site's settings", () => {
  const settings = `${SITE}/config/appsettings`

  it('are listed by those who may, and shown to nobody else', async () => {
    const listed = await estate.ask('POST', `${settings}/list`)
    assert.deepEqual(listed.body.properties, { KEY: 'hunter2' })
    assert.deepEqual((await estate.ask('GET', settings)).body.properties, {})
    const { status } = await estate.ask('POST', `${settings}/list`, undefined, {
      as: estate.reader,
    })
    assert.equal(status, 403)
  })

  it('are listed by GET too, and nobody else hears whether there is such a site', async () => {
    const list = (site: string) => `${site}/config/authsettingsV2/list`
    assert.equal((await estate.ask('GET', list(SITE))).status, 200)
    for (const site of [SITE, `${SITE}-not-there`]) {
      const { status, body } = await estate.ask('GET', list(site), undefined, { as: estate.reader })
      assert.deepEqual([status, body.error.code], [403, 'AuthorizationFailed'])
    }
  })

  it('are replaced as a whole, and rest sealed', async () => {
    const put = await estate.ask('PUT', settings, { properties: { A: 'swordfish' } })
    assert.equal(put.status, 200)
    const listed = await estate.ask('POST', `${settings}/list`)
    assert.deepEqual(listed.body.properties, { A: 'swordfish' })
    const rows = await rowsText()
    for (const word of ['hunter2', 'swordfish']) assert.ok(!rows.includes(word))
  })

  it('are known by their names', async () => {
    assert.equal((await estate.ask('GET', `${SITE}/config/web`)).status, 200)
    assert.equal((await estate.ask('GET', `${SITE}/config/other`)).status, 404)
    assert.equal((await estate.ask('PUT', settings, { properties: 1 })).status, 400)
    const gone = settings.replace('Front', 'None')
    assert.equal((await estate.ask('POST', `${gone}/list`)).status, 404)
  })
})

describe('a container group', () => {
  const url = `${GROUP}/providers/Microsoft.ContainerInstance/containerGroups/group`

  it('carries an identity, and keeps no secret', async () => {
    const made = await estate.ask('PUT', url, {
      location,
      identity: { type: 'SystemAssigned' },
      properties: {
        // As Ansible writes it.
        osType: 'linux',
        volumes: [
          { name: 'files', secret: { key: 'c3dvcmRmaXNo' } },
          { name: 'share', azureFile: { shareName: 's', storageAccountKey: 'swordfish' } },
        ],
        imageRegistryCredentials: [{ server: 'a', username: 'b', password: 'swordfish' }],
        containers: [
          {
            name: 'one',
            properties: {
              image: 'busybox',
              environmentVariables: [{ name: 'KEY', secureValue: 'hunter2' }],
            },
          },
        ],
      },
    })
    assert.equal(made.status, 201)
    assert.equal(made.body.identity.type, 'SystemAssigned')
    assert.equal(made.body.properties.osType, 'Linux')
    assert.deepEqual(made.body.properties.volumes, [
      { name: 'files', secret: {} },
      { name: 'share', azureFile: { shareName: 's' } },
    ])
    assert.deepEqual(made.body.properties.containers[0].properties.environmentVariables, [
      { name: 'KEY' },
    ])
    const rows = await rowsText()
    for (const word of ['hunter2', 'swordfish']) assert.ok(!rows.includes(word))
    assert.equal((await estate.ask('POST', `${url}/stop`)).status, 204)
  })

  it('shows what it is given unasked, and where it would be reached', async () => {
    const { properties } = (await estate.ask('GET', url)).body
    const [one] = properties.containers
    assert.deepEqual(one.properties.ports, [])
    assert.deepEqual(one.properties.resources, { requests: { memoryInGB: 1.5, cpu: 1 } })
    assert.equal(properties.ipAddress, undefined)
    const named = await estate.ask('PUT', url.replace(/group$/, 'named'), {
      location,
      properties: {
        ipAddress: { type: 'Public', dnsNameLabel: 'front', ports: [{ port: 80 }] },
        containers: [{ name: 'one', properties: { image: 'busybox' } }],
      },
    })
    assert.equal(named.body.properties.ipAddress.fqdn, 'front.westeurope.azurecontainer.io')
    assert.match(named.body.properties.ipAddress.ip, /^203\.0\.113\./)
  })

  it('runs nothing: its logs are empty, and nothing is run in it', async () => {
    const logs = await estate.ask('GET', `${url}/containers/one/logs`)
    assert.deepEqual(logs.body, { content: '' })
    const command = { command: '/bin/sh' }
    const refused = await estate.ask('POST', `${url}/containers/one/exec`, command)
    assert.equal(refused.status, 409)
    assert.equal(refused.body.error.code, 'ContainerNotRunning')
    const none = await estate.ask('POST', `${url}/containers/two/exec`, command)
    assert.equal(none.body.error.code, 'ContainerNotFound')
  })

  it('joins only a subnet that is there', async () => {
    const id = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/none`
    const { status, body } = await estate.ask('PUT', url.replace(/group$/, 'joined'), {
      location,
      properties: {
        subnetIds: [{ id }],
        containers: [{ name: 'one', properties: { image: 'busybox' } }],
      },
    })
    assert.equal(status, 400)
    assert.equal(body.error.code, 'InvalidResourceReference')
  })
})
