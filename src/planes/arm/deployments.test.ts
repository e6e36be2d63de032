import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import type { TestWorld } from '../../core/test-world.ts'
import {
  DEPLOYMENTS,
  GROUP,
  IDENTITY,
  identity,
  openTestDeployments,
  role,
  SCHEMA,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { READER, SUBSCRIPTION } from './test-estate.ts'

describe('deployments', () => {
  let world: TestWorld
  let owner: ServicePrincipal
  let contributor: ServicePrincipal
  let as: TestDeployments['as']
  let rest: TestDeployments['rest']
  let deploy: TestDeployments['deploy']
  let close: TestDeployments['close']

  before(async () => {
    ;({ world, owner, contributor, as, rest, deploy, close } = await openTestDeployments())
  })
  after(() => close())

  it('begins, works in the order of dependencies and ends with outputs', async () => {
    const path = `${GROUP}/${DEPLOYMENTS}/first`
    const begun = await as(owner, 'PUT', path, {
      properties: {
        mode: 'incremental',
        parameters: { name: { value: 'id-1' } },
        template: template({
          parameters: {
            name: { type: 'string' },
            secret: { type: 'securestring', defaultValue: 'hush' },
          },
          resources: [
            {
              type: 'Microsoft.Authorization/roleAssignments',
              apiVersion: '2022-04-01',
              name: "[guid(resourceGroup().id, 'x')]",
              dependsOn: ['microsoft.managedidentity/userAssignedIdentities/ID-1'],
              properties: {
                roleDefinitionId: role(READER),
                principalId: `[reference(resourceId('${IDENTITY}', parameters('name'))).principalId]`,
                description: null,
              },
            },
            identity("[parameters('name')]"),
          ],
          outputs: {
            id: { type: 'string', value: `[resourceId('${IDENTITY}', parameters('name'))]` },
            who: { type: 'string', value: `[reference(parameters('name')).principalId]` },
          },
        }),
      },
    })
    assert.equal(begun.status, 201)
    assert.equal(begun.body.properties.provisioningState, 'Accepted')
    assert.deepEqual(begun.body.properties.parameters, {
      name: { type: 'String', value: 'id-1' },
      secret: { type: 'SecureString' },
    })
    assert.equal(begun.body.properties.mode, 'Incremental')
    const poll = new URL(String(begun.headers['azure-asyncoperation']))
    const underWay = await as(owner, 'GET', poll.pathname)
    assert.equal(underWay.body.status, 'Accepted')
    // Without it az waits half a minute between polls.
    assert.equal(underWay.headers['retry-after'], '1')
    await rest()
    assert.deepEqual((await as(owner, 'GET', poll.pathname)).body, { status: 'Succeeded' })
    const { properties } = (await as(owner, 'GET', path)).body
    const id = `${GROUP}/providers/${IDENTITY}/id-1`
    const made = await as(owner, 'GET', `${id}?api-version=2023-01-31`)
    assert.equal(properties.provisioningState, 'Succeeded')
    assert.deepEqual(properties.outputs, {
      id: { type: 'String', value: id },
      who: { type: 'String', value: made.body.properties.principalId },
    })
    assert.equal(properties.outputResources.length, 2)
    const rows = await world.database.reader.all('SELECT * FROM resources', [])
    assert.ok(!JSON.stringify(rows).includes('hush'))
    const operations = await as(owner, 'GET', `${path}/operations`)
    assert.deepEqual(
      operations.body.value.map(
        (one: { properties: { statusCode: string } }) => one.properties.statusCode,
      ),
      ['Created', 'Created'],
    )
    const old = `${SUBSCRIPTION}/resourcegroups/green/deployments/first/operations`
    assert.equal((await as(owner, 'GET', old)).body.value.length, 2)
    assert.equal((await as(owner, 'HEAD', path)).status, 204)
    assert.equal((await as(owner, 'DELETE', path)).status, 204)
    assert.equal((await as(owner, 'HEAD', path)).status, 404)
  })

  it('turns loops, serial ones batch after batch, and leaves out what a condition refuses', async () => {
    const { body } = await deploy({
      resources: [
        identity("[concat('loop-', copyIndex(1))]", {
          copy: { name: 'all', count: 3, mode: 'serial', batchSize: 1 },
        }),
        identity('never', { condition: '[equals(1, 2)]' }),
        identity('last', { dependsOn: ['all', 'never'] }),
      ],
      outputs: {
        ids: {
          type: 'array',
          copy: { count: 3, input: `[resourceId('${IDENTITY}', concat('loop-', copyIndex(1)))]` },
        },
      },
    })
    assert.equal(body.properties.provisioningState, 'Succeeded')
    assert.deepEqual(
      body.properties.outputResources.map(({ id }: { id: string }) => id.split('/').at(-1)),
      ['last', 'loop-1', 'loop-2', 'loop-3'],
    )
    assert.equal(body.properties.outputs.ids.value.length, 3)
  })

  it('deploys what is inside, of inner and of outer scope, and hands outputs out', async () => {
    const inside = (scope: string | undefined, content: object, parameters = {}) => ({
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      properties: {
        mode: 'Incremental',
        ...(scope && { expressionEvaluationOptions: { scope } }),
        parameters,
        template: template(content),
      },
    })
    const { body } = await deploy(
      {
        parameters: { who: { type: 'string' }, key: { type: 'securestring' } },
        variables: { who: "[concat(parameters('who'), '-v')]" },
        resources: [
          {
            ...inside(
              'inner',
              {
                parameters: { who: { type: 'string' } },
                resources: [identity("[parameters('who')]")],
                outputs: { name: { type: 'string', value: "[parameters('who')]" } },
              },
              { who: { value: "[toUpper(variables('who'))]" } },
            ),
            name: 'inner',
          },
          {
            ...inside(undefined, {
              resources: [
                identity("[variables('who')]", {
                  tags: { length: "[string(length(parameters('key')))]" },
                }),
              ],
              outputs: { n: { type: 'string', value: "[variables('who')]" } },
            }),
            name: 'outer',
            dependsOn: ['inner'],
          },
        ],
        outputs: { inner: { type: 'string', value: "[reference('inner').outputs.name.value]" } },
      },
      { parameters: { who: { value: 'n' }, key: { value: 'swordfish' } } },
    )
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    assert.deepEqual(body.properties.outputs, { inner: { type: 'String', value: 'N-V' } })
    const made = await as(owner, 'GET', `${GROUP}/providers/${IDENTITY}/n-v?api-version=2023-01-31`)
    assert.deepEqual(made.body.tags, { length: '9' })
    const exported = await as(owner, 'POST', `${GROUP}/${DEPLOYMENTS}/outer/exportTemplate`)
    assert.ok(!JSON.stringify(exported.body).includes('swordfish'))
  })

  it('knows symbolic names and what exists', async () => {
    await as(owner, 'PUT', `${GROUP}/providers/${IDENTITY}/there?api-version=2023-01-31`, {
      location: 'westeurope',
    })
    const { body } = await deploy({
      languageVersion: '2.0',
      resources: {
        there: { existing: true, type: IDENTITY, apiVersion: '2023-01-31', name: 'there' },
        mine: identity('mine', { dependsOn: ['there'] }),
      },
      outputs: {
        there: { type: 'string', value: "[reference('there').principalId]" },
        full: { type: 'string', value: "[reference('mine', '2023-01-31', 'full').location]" },
        info: { type: 'string', value: "[resourceInfo('mine').name]" },
      },
    })
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    assert.match(body.properties.outputs.there.value, /^[0-9a-f-]{36}$/)
    assert.equal(body.properties.outputs.full.value, 'westeurope')
    assert.equal(body.properties.outputs.info.value, 'mine')
    assert.equal(body.properties.outputResources.length, 1)
  })

  it('deploys to a subscription: groups, and into them', async () => {
    const { body } = await deploy(
      {
        resources: [
          {
            type: 'Microsoft.Resources/resourceGroups',
            apiVersion: '2022-09-01',
            name: 'made',
            location: '[deployment().location]',
          },
          {
            type: 'Microsoft.Resources/deployments',
            apiVersion: '2022-09-01',
            name: 'into',
            resourceGroup: 'made',
            dependsOn: ['made'],
            properties: {
              mode: 'Incremental',
              expressionEvaluationOptions: { scope: 'Inner' },
              template: template({ resources: [identity('in-made')] }),
            },
          },
        ],
      },
      { scope: SUBSCRIPTION },
    )
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const id = `${SUBSCRIPTION}/resourceGroups/made/providers/${IDENTITY}/in-made`
    assert.equal((await as(owner, 'GET', `${id}?api-version=2023-01-31`)).status, 200)
  })

  it('fails with the reason of what failed, and does not begin what waits for it', async () => {
    const { body } = await deploy({
      resources: [identity('x'), identity('after', { dependsOn: ['x'] }), identity('beside')],
    })
    const { error, provisioningState } = body.properties
    assert.equal(provisioningState, 'Failed')
    assert.equal(error.code, 'DeploymentFailed')
    assert.equal(error.details.length, 1)
    assert.equal(error.details[0].code, 'InvalidResourceName')
    assert.equal(error.details[0].target, `${GROUP}/providers/${IDENTITY}/x`)
    const at = (name: string) => `${GROUP}/providers/${IDENTITY}/${name}?api-version=2023-01-31`
    assert.equal((await as(owner, 'GET', at('after'))).status, 404)
    assert.equal((await as(owner, 'GET', at('beside'))).status, 200)
  })

  it('says before anything is done what is no type, templates inside included', async () => {
    const thing = { type: 'Microsoft.Nothing/things', apiVersion: '2020-01-01', name: 'x' }
    const script = {
      type: 'Microsoft.Resources/deploymentScripts',
      apiVersion: '2023-08-01',
      name: 'run',
    }
    const { status, body } = await deploy({
      resources: [
        identity('before'),
        script,
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2022-09-01',
          name: 'inside',
          properties: { mode: 'Incremental', template: template({ resources: [thing] }) },
        },
      ],
    })
    assert.deepEqual([status, body.error.code], [400, 'InvalidTemplateDeployment'])
    assert.deepEqual(
      body.error.details.map(({ code, target }: { code: string; target: string }) => [
        code,
        target,
      ]),
      [
        ['InvalidResourceType', `${GROUP}/providers/Microsoft.Resources/deploymentScripts/run`],
        ['InvalidResourceNamespace', `${GROUP}/providers/Microsoft.Nothing/things/x`],
      ],
    )
    const made = `${GROUP}/providers/${IDENTITY}/before?api-version=2023-01-31`
    assert.equal((await as(owner, 'GET', made)).status, 404)
  })

  it('honours the scope that an old role assignment names', async () => {
    const name = randomUUID()
    const { body } = await deploy({
      resources: [
        {
          type: 'Microsoft.Authorization/roleAssignments',
          apiVersion: '2015-07-01',
          name,
          properties: {
            roleDefinitionId: role(READER),
            principalId: contributor.objectId,
            scope: SUBSCRIPTION,
          },
        },
      ],
    })
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const at = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/${name}`
    assert.equal((await as(owner, 'GET', at)).body.properties.scope, SUBSCRIPTION)
  })

  it('deletes what a complete template leaves out', async () => {
    const group = `${SUBSCRIPTION}/resourceGroups/whole`
    await as(owner, 'PUT', group, { location: 'westeurope' })
    for (const name of ['keep', 'drop']) {
      const id = `${group}/providers/${IDENTITY}/${name}?api-version=2023-01-31`
      await as(owner, 'PUT', id, { location: 'westeurope' })
    }
    const path = `${group}/${DEPLOYMENTS}/whole`
    const inside = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'inside-whole',
      properties: { mode: 'Incremental', template: template({ resources: [identity('inner')] }) },
    }
    const body = {
      properties: {
        mode: 'Complete',
        template: template({ resources: [identity('keep'), inside] }),
      },
    }
    const { body: seen } = await as(owner, 'POST', `${path}/whatIf`, body)
    assert.deepEqual(
      seen.properties.changes.map((one: { changeType: string }) => one.changeType),
      ['NoChange', 'Create', 'Delete'],
    )
    await as(owner, 'PUT', path, body)
    await rest()
    const { properties } = (await as(owner, 'GET', path)).body
    assert.deepEqual(
      properties.outputResources.map(({ id }: { id: string }) => id.split('/').at(-1)),
      ['inner', 'keep'],
    )
    const left = await as(owner, 'GET', `${group}/resources`)
    assert.deepEqual(
      left.body.value.map((one: { name: string }) => one.name),
      ['inner', 'keep'],
    )
  })

  it('reads a template as people write it', async () => {
    const text = `{"properties": {"mode": "Incremental", template: {
      // a comment
      "$schema": "${SCHEMA}", /* another */
      "contentVersion": "1.0.0.0",
      "resources": [],
      "outputs": {"a": {"type": "string", "value": "[concat('one
two', '')]"},},
    }}}`
    const path = `${GROUP}/${DEPLOYMENTS}/lenient`
    assert.equal((await as(owner, 'PUT', path, text)).status, 201)
    await rest()
    const { body } = await as(owner, 'GET', path)
    assert.equal(body.properties.outputs.a.value, 'one\ntwo')
    assert.equal((await as(owner, 'PUT', GROUP, '{location: "westeurope"}')).status, 400)
  })

  it('says before anything is done what the deployer may not', async () => {
    const path = `${GROUP}/${DEPLOYMENTS}/refused`
    const body = {
      properties: {
        mode: 'Incremental',
        template: template({
          resources: [
            identity('never-made'),
            {
              type: 'Microsoft.Authorization/roleAssignments',
              apiVersion: '2022-04-01',
              name: 'b0000000-0000-0000-0000-000000000000',
              properties: { roleDefinitionId: role(READER), principalId: contributor.objectId },
            },
          ],
        }),
      },
    }
    const { status, body: refused } = await as(contributor, 'PUT', path, body)
    assert.equal(status, 403)
    assert.equal(refused.error.code, 'InvalidTemplateDeployment')
    const scope = `${GROUP}/providers/Microsoft.Authorization/roleAssignments/b0000000-0000-0000-0000-000000000000`
    assert.equal(
      refused.error.message,
      `Deployment failed with multiple errors: 'Authorization failed for template resource 'b0000000-0000-0000-0000-000000000000' of type 'Microsoft.Authorization/roleAssignments'. The client '${contributor.clientId}' with object id '${contributor.objectId}' does not have permission to perform action 'Microsoft.Authorization/roleAssignments/write' at scope '${scope}'.'`,
    )
    assert.equal((await as(owner, 'GET', path)).body.error.code, 'DeploymentNotFound')
  })
})
