/** What a deployment would change, told beforehand. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { assignRole } from '../../core/rbac/test-assignment.ts'
import { makePrincipal } from '../../http/test-door.ts'
import { computeProvider } from '../../providers/compute/compute.ts'
import { networkProvider } from '../../providers/network/network.ts'
import { storageProvider } from '../../providers/storage/storage.ts'
import { webProvider } from '../../providers/web/web.ts'
import {
  DEPLOYMENTS,
  GROUP,
  IDENTITY,
  identity,
  openTestDeployments,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { READER } from './test-estate.ts'

const ESTATE = JSON.parse(
  readFileSync(join(import.meta.dirname, 'test-estate.template.json'), 'utf8'),
)
const PASSWORD = 'swordfish-Of-2026'
const LOG_ANALYTICS_CONTRIBUTOR = '92aaf0da-9dab-42b6-94a3-d43ce8d16293'
const DNS_ZONE_CONTRIBUTOR = 'befefa01-2a29-4197-83a8-272ff33ce314'

interface Change {
  readonly resourceId: string
  readonly changeType: string
  readonly delta?: readonly Delta[]
}

interface Delta {
  readonly path: string
  readonly propertyChangeType: string
  readonly before: unknown
  readonly after: unknown
  readonly children: readonly Delta[] | null
}

describe('what-if', () => {
  let tested: TestDeployments
  const path = `${GROUP}/${DEPLOYMENTS}/orchard`
  const body = (parameters: object, more: object = {}) => ({
    properties: {
      mode: 'Incremental',
      template: ESTATE,
      parameters: { password: { value: PASSWORD }, ...parameters },
      ...more,
    },
  })
  const ask = (parameters: object = {}, more: object = {}) =>
    tested.as(tested.owner, 'POST', `${path}/whatIf`, body(parameters, more))
  const changesOf = async (parameters: object = {}, more: object = {}): Promise<Change[]> => {
    const { status, body } = await ask(parameters, more)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.properties.diagnostics, undefined, JSON.stringify(body.properties))
    return body.properties.changes
  }
  const told = (changes: Change[]) =>
    changes
      .filter(({ changeType }) => changeType !== 'NoChange')
      .map(({ resourceId, changeType, delta }) => [
        changeType,
        resourceId.split('/').at(-1),
        (delta ?? []).map((one) => `${one.propertyChangeType} ${one.path}`).join(', '),
      ])
  const rows = async () =>
    (
      await tested.world.database.reader.all<{ n: number }>(
        'SELECT count(*) AS n FROM resources',
        [],
      )
    )[0]?.n

  before(async () => {
    tested = await openTestDeployments(
      computeProvider,
      networkProvider,
      storageProvider,
      webProvider,
    )
  })
  after(() => tested.close())

  it('of an empty group is Create for everything, and leaves it empty', async () => {
    const before = await rows()
    const { body } = await ask()
    const kinds = new Set(body.properties.changes.map((one: Change) => one.changeType))
    assert.deepEqual([...kinds], ['Create'])
    assert.equal(body.properties.diagnostics, undefined)
    assert.equal(body.properties.changes.length, 23)
    assert.equal(await rows(), before)
    assert.ok(!JSON.stringify(body).includes(PASSWORD))
  })

  it('of an unchanged estate is NoChange for everything', async () => {
    assert.equal((await tested.as(tested.owner, 'PUT', path, body({}))).status, 201)
    await tested.rest()
    const { properties } = (await tested.as(tested.owner, 'GET', path)).body
    assert.equal(properties.provisioningState, 'Succeeded', JSON.stringify(properties.error))
    tested.world.clock.move(60_000)
    const changes = await changesOf()
    assert.deepEqual(told(changes), [])
    assert.equal(changes.length, 23)
  })

  it('of another secret is NoChange: it is only written', async () => {
    const changes = await changesOf({ password: { value: 'Another-secret-2026' } })
    assert.deepEqual(told(changes), [])
  })

  const changed: [what: string, parameters: object, changes: string[][]][] = [
    [
      'a member',
      { httpsOnly: { value: false } },
      [['Modify', 'orchard-site', 'Modify properties.httpsOnly']],
    ],
    [
      'a list',
      { subnetPrefix: { value: '10.4.7.0/24' } },
      [['Modify', 'orchard-net', 'Array properties.subnets']],
    ],
  ]
  for (const [what, parameters, changes] of changed) {
    it(`of ${what} that is changed is that Modify alone`, async () => {
      assert.deepEqual(told(await changesOf(parameters)), changes)
    })
  }

  it('tells where in a list the change is', async () => {
    const changes = await changesOf({ subnetPrefix: { value: '10.4.7.0/24' } })
    const network = changes.find(({ resourceId }) => resourceId.endsWith('/orchard-net'))
    const [delta] = network?.delta ?? []
    assert.deepEqual(
      delta?.children?.map(({ path, children }) => ({ path, children })),
      [
        {
          path: '1',
          children: [
            {
              path: 'properties.addressPrefix',
              propertyChangeType: 'Modify',
              before: '10.4.1.0/24',
              after: '10.4.7.0/24',
              children: null,
            },
          ],
        },
      ],
    )
  })

  it('tells what is beside: ignored, or deleted by a complete template', async () => {
    const extra = `${GROUP}/providers/${IDENTITY}/extra?api-version=2023-01-31`
    await tested.as(tested.owner, 'PUT', extra, { location: 'westeurope' })
    assert.deepEqual(told(await changesOf()), [['Ignore', 'extra', '']])
    assert.deepEqual(told(await changesOf({}, { mode: 'Complete' })), [['Delete', 'extra', '']])
    assert.equal((await tested.as(tested.owner, 'GET', extra)).status, 200)
  })

  it('names resources alone when that is asked for', async () => {
    const changes = await changesOf({}, { whatIfSettings: { resultFormat: 'ResourceIdOnly' } })
    assert.deepEqual(Object.keys(changes[0] ?? {}), ['resourceId', 'changeType'])
    const { status, body } = await ask({}, { whatIfSettings: { resultFormat: 'Everything' } })
    assert.deepEqual([status, body.error.code], [400, 'InvalidRequestContent'])
  })

  it('answers what is wrong with a template, and refuses what is none', async () => {
    const thing = { type: 'Microsoft.Nothing/things', apiVersion: '2020-01-01', name: 'x' }
    const { status, body } = await ask({}, { template: template({ resources: [thing] }) })
    assert.equal(status, 200)
    assert.deepEqual([body.status, body.properties], ['Failed', undefined])
    assert.equal(body.error.code, 'InvalidTemplate')
    const parameters = {}
    const { body: other } = await ask(
      {},
      { template: template({ resources: [thing] }), parameters },
    )
    assert.equal(other.error.code, 'InvalidTemplateDeployment')
    assert.equal(other.error.details[0].code, 'InvalidResourceNamespace')
    const none = await ask({}, { template: [] })
    assert.deepEqual([none.status, none.body.error.code], [400, 'InvalidRequestContent'])
  })

  it('says which resource could not be written, and goes on', async () => {
    const resources = [identity('x'), identity('fine')]
    const { body } = await ask({}, { template: template({ resources }), parameters: {} })
    const [diagnostic] = body.properties.diagnostics
    assert.deepEqual(
      [diagnostic.level, diagnostic.code, diagnostic.target],
      ['Warning', 'InvalidResourceName', `${GROUP}/providers/${IDENTITY}/x`],
    )
    assert.ok(body.properties.changes.some((one: Change) => one.resourceId.endsWith('/fine')))
  })

  it('is refused to who may not deploy what it names, and asks for no more than rights to look', async () => {
    const { world, as } = tested
    const reader = await makePrincipal(world, 'what-if-reader')
    await assignRole(world, reader, READER, GROUP)
    const asReader = (more: object = {}) => as(reader, 'POST', `${path}/whatIf`, body({}, more))
    const refused = await asReader()
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'AuthorizationFailed'])
    assert.match(refused.body.error.message, /Microsoft.Resources\/deployments\/whatIf\/action/)
    await assignRole(world, reader, LOG_ANALYTICS_CONTRIBUTOR, GROUP)
    const { body: alone } = await asReader()
    assert.deepEqual([alone.status, alone.error.code], ['Failed', 'InvalidTemplateDeployment'])
    assert.match(alone.error.message, /Microsoft.Network\/virtualNetworks\/write/)
    const looked = await asReader({ validationLevel: 'ProviderNoRbac' })
    assert.equal(looked.status, 200, JSON.stringify(looked.body))
  })

  it('does not show beside it what the caller may not read', async () => {
    const { world, as } = tested
    const narrow = await makePrincipal(world, 'narrow')
    await assignRole(world, narrow, DNS_ZONE_CONTRIBUTOR, GROUP)
    const { status, body: seen } = await as(narrow, 'POST', `${path}/whatIf`, {
      properties: { mode: 'Incremental', template: template({}) },
    })
    assert.equal(status, 200, JSON.stringify(seen))
    assert.deepEqual(seen.properties.changes, [])
  })
})
