import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { createServicePrincipal } from '../../core/directory/service-principals.ts'
import { findResource, putResource } from '../../core/resources/resource.ts'
import { transaction } from '../../core/transaction.ts'
import {
  DEPLOYMENTS,
  GROUP,
  IDENTITY,
  identity,
  openTestDeployments,
  role,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { READER } from './test-estate.ts'

describe('how deployments end', () => {
  let tested: TestDeployments
  const at = (name: string) => `${GROUP}/${DEPLOYMENTS}/${name}`
  const read = async (name: string) =>
    (await tested.as(tested.owner, 'GET', at(name))).body.properties
  const begin = (name: string, content: object, more: object = {}) =>
    tested.as(tested.owner, 'PUT', at(name), {
      properties: { mode: 'Incremental', template: template(content), ...more },
    })
  const assignment = (principalId: string) => ({
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersion: '2015-07-01',
    name: randomUUID(),
    properties: { roleDefinitionId: role(READER), principalId },
  })

  before(async () => {
    tested = await openTestDeployments()
  })
  after(() => tested.close())

  it('is tried again for a principal that is not yet known everywhere', async () => {
    const { world } = tested
    const objectId = randomUUID() as ObjectId
    await begin('early', { resources: [assignment(objectId)] })
    await tested.rest()
    assert.equal((await read('early')).provisioningState, 'Running')
    const operations = await tested.as(tested.owner, 'GET', `${at('early')}/operations`)
    assert.equal(operations.body.value[0].properties.provisioningState, 'Running')
    await transaction(world.call(), async (tx) => {
      const made = await createServicePrincipal(tx, { type: 'Application', displayName: 'late' })
      await tx.db.run('UPDATE service_principals SET object_id = ? WHERE object_id = ?', [
        objectId,
        made.objectId,
      ])
    })
    await tested.rest()
    assert.equal((await read('early')).provisioningState, 'Running')
    world.clock.move(5000)
    await tested.rest()
    assert.equal((await read('early')).provisioningState, 'Succeeded')
  })

  it('gives a principal up that does not appear', async () => {
    const objectId = randomUUID()
    await begin('never', { resources: [assignment(objectId)] })
    for (let tries = 0; tries < 5; tries++) {
      await tested.rest()
      tested.world.clock.move(5000)
    }
    const { provisioningState, error } = await read('never')
    assert.equal(provisioningState, 'Failed')
    assert.equal(error.details[0].code, 'PrincipalNotFound')
  })

  it('is cancelled while it is under way, and not after', async () => {
    await begin('cancelled', { resources: [identity('never-there')] })
    const again = await begin('cancelled', {})
    assert.deepEqual([again.status, again.body.error.code], [409, 'DeploymentActive'])
    const gone = await tested.as(tested.owner, 'DELETE', at('cancelled'))
    assert.deepEqual([gone.status, gone.body.error.code], [409, 'DeploymentActive'])
    const { status } = await tested.as(tested.owner, 'POST', `${at('cancelled')}/cancel`)
    assert.equal(status, 204)
    await tested.rest()
    assert.equal((await read('cancelled')).provisioningState, 'Canceled')
    const made = `${GROUP}/providers/${IDENTITY}/never-there?api-version=2023-01-31`
    assert.equal((await tested.as(tested.owner, 'GET', made)).status, 404)
    const twice = await tested.as(tested.owner, 'POST', `${at('cancelled')}/cancel`)
    assert.deepEqual([twice.status, twice.body.error.code], [409, 'DeploymentCannotBeCancelled'])
  })

  it('tells why what is inside has failed', async () => {
    const inside = template({
      resources: [identity('x')],
    })
    await begin('around', {
      resources: [
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2022-09-01',
          name: 'inside',
          properties: { mode: 'Incremental', template: inside },
        },
      ],
    })
    await tested.rest()
    const { error, correlationId } = await read('around')
    assert.equal(error.details[0].code, 'ResourceDeploymentFailure')
    assert.equal(error.details[0].details[0].code, 'DeploymentFailed')
    const [reason] = error.details[0].details[0].details
    assert.equal(reason.code, 'InvalidResourceName')
    assert.equal((await read('inside')).correlationId, correlationId)
  })

  it('fails when an output cannot be read, with the reason', async () => {
    const value = `[reference(resourceId('${IDENTITY}', 'nobody'), '2023-01-31').clientId]`
    await begin('outputs', { outputs: { x: { type: 'string', value } } })
    await tested.rest()
    const { error } = await read('outputs')
    assert.equal(error.details[0].code, 'DeploymentOutputEvaluationFailed')
    assert.equal(error.details[0].details[0].code, 'ResourceNotFound')
  })

  it('is shown before it is made, without what is secure', async () => {
    const { body } = await tested.as(tested.owner, 'POST', `${at('shown')}/whatIf`, {
      properties: {
        mode: 'Incremental',
        template: template({
          parameters: { key: { type: 'securestring' }, tag: { type: 'string' } },
          resources: [
            identity('shown', { tags: { key: "[parameters('key')]", tag: "[parameters('tag')]" } }),
          ],
        }),
        parameters: { key: { value: 'swordfish' }, tag: { value: 'plain' } },
      },
    })
    const [change] = body.properties.changes
    assert.equal(change.changeType, 'Create')
    assert.deepEqual(change.after.tags, { key: '*******', tag: 'plain' })
    assert.ok(!JSON.stringify(body).includes('swordfish'))
  })

  it('goes back to an earlier one when it fails, and deletes what that did not name', async () => {
    const group = GROUP.replace('Green', 'back')
    const { as, owner, rest } = tested
    const path = (name: string) => `${group}/${DEPLOYMENTS}/${name}`
    const put = (name: string, resources: object[], more: object = {}) =>
      as(owner, 'PUT', path(name), {
        properties: { mode: 'Incremental', template: template({ resources }), ...more },
      })
    await as(owner, 'PUT', group, { location: 'westeurope' })
    const last = { onErrorDeployment: { type: 'LastSuccessful' } }
    const none = await put('first', [], last)
    assert.deepEqual([none.status, none.body.error.code], [400, 'InvalidDeployment'])
    const named = { onErrorDeployment: { type: 'SpecificDeployment', deploymentName: 'nobody' } }
    const nobody = await put('first', [], named)
    assert.deepEqual([nobody.status, nobody.body.error.code], [404, 'DeploymentNotFound'])
    await put('first', [identity('old')])
    await rest()
    await put('second', [identity('new'), identity('bad', { location: 'nowhere' })], last)
    await rest()
    const { properties } = (await as(owner, 'GET', path('second'))).body
    assert.equal(properties.provisioningState, 'Failed')
    assert.deepEqual(properties.onErrorDeployment, {
      type: 'LastSuccessful',
      deploymentName: 'first',
      provisioningState: 'Succeeded',
    })
    const left = await as(owner, 'GET', `${group}/resources`)
    assert.deepEqual(
      left.body.value.map(({ name }: { name: string }) => name),
      ['old'],
    )
  })

  it('is forgotten when its group has had many more, unless a lock keeps it', async () => {
    const { as, owner, rest, world } = tested
    const group = GROUP.replace('Green', 'many')
    const idOf = (name: string) => parseResourceId(`${group}/${DEPLOYMENTS}/${name}`)
    await as(owner, 'PUT', group, { location: 'westeurope' })
    const put = (name: string) =>
      as(owner, 'PUT', `${group}/${DEPLOYMENTS}/${name}`, {
        properties: { mode: 'Incremental', template: template({}) },
      })
    await put('first')
    await rest()
    const first = await findResource(world.call(), idOf('first'))
    assert.ok(first)
    await transaction(world.call(), async (tx) => {
      for (let n = 1; n < 800; n++) await putResource(tx, { ...first, id: idOf(`copy-${n}`) })
    })
    const lock = `${group}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`
    await as(owner, 'PUT', lock, { properties: { level: 'CanNotDelete' } })
    const full = await put('one-more')
    assert.deepEqual([full.status, full.body.error.code], [409, 'DeploymentQuotaExceeded'])
    await as(owner, 'DELETE', lock)
    assert.equal((await put('one-more')).status, 201)
    const { body } = await as(owner, 'GET', `${group}/${DEPLOYMENTS}`)
    assert.equal(body.value.length, 751)
  })

  it('goes with its group', async () => {
    const group = GROUP.replace('Green', 'short-lived')
    await tested.as(tested.owner, 'PUT', group, { location: 'westeurope' })
    const path = `${group}/${DEPLOYMENTS}/gone`
    const body = {
      properties: { mode: 'Incremental', template: template({ resources: [identity('g')] }) },
    }
    await tested.as(tested.owner, 'PUT', path, body)
    assert.equal((await tested.as(tested.owner, 'DELETE', group)).status, 202)
    await tested.rest()
    const rows = await tested.world.database.reader.all(
      "SELECT key FROM resources WHERE key LIKE '%short-lived%'",
      [],
    )
    assert.deepEqual(rows, [])
  })

  const links: [what: string, properties: object, code: string][] = [
    [
      'a linked template',
      { template: undefined, templateLink: { uri: 'https://x/y.json' } },
      'InvalidContentLink',
    ],
    ['linked parameters', { parametersLink: { uri: 'https://x/y.json' } }, 'InvalidContentLink'],
    ['another mode', { mode: 'Whatever' }, 'InvalidRequestContent'],
    ['no mode', { mode: undefined }, 'InvalidRequestContent'],
    ['no template', { template: undefined }, 'InvalidRequestContent'],
    [
      'going back to a deployment without a name',
      { onErrorDeployment: { type: 'SpecificDeployment' } },
      'InvalidDeployment',
    ],
    [
      'going back in a way that is none',
      { onErrorDeployment: { type: 'Whatever' } },
      'InvalidRequestContent',
    ],
    [
      'a template by a path',
      { template: undefined, templateLink: { relativePath: 'y.json' } },
      'InvalidContentLink',
    ],
    [
      'a template by the id of something else',
      { template: undefined, templateLink: { id: GROUP } },
      'InvalidTemplateLink',
    ],
    ['a template that is a list', { template: [] }, 'InvalidRequestContent'],
    ['a parameter twice removed', { parameters: { x: 1 } }, 'InvalidTemplate'],
  ]
  for (const [what, properties, code] of links) {
    it(`${what} is refused as ${code}`, async () => {
      const { status, body } = await begin('refused', {}, properties)
      assert.deepEqual([status, body.error.code], [400, code])
      assert.equal((await tested.as(tested.owner, 'GET', at('refused'))).status, 404)
    })
  }
})
