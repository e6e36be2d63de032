/** Templates as the Bicep compiler writes them. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  GROUP,
  IDENTITY,
  identity,
  openTestDeployments,
  type TestDeployments,
  template,
} from './test-deployments.ts'
import { READER, SUBSCRIPTION } from './test-estate.ts'

describe('what Bicep compiles to', () => {
  let tested: TestDeployments
  const outputsOf = async (content: object, more: Record<string, unknown> = {}) => {
    const { body } = await tested.deploy({ languageVersion: '2.0', ...content }, more)
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    return Object.fromEntries(
      Object.entries(body.properties.outputs).map(([name, output]) => [
        name,
        (output as { value: unknown }).value,
      ]),
    )
  }

  before(async () => {
    tested = await openTestDeployments()
  })
  after(() => tested.close())

  it('loops with symbolic names, one turn or all of them meant', async () => {
    const outputs = await outputsOf({
      resources: {
        all: identity("[format('all-{0}', range(0, 3)[copyIndex()])]", {
          copy: { name: 'all', count: '[length(range(0, 3))]' },
        }),
        second: identity('second', {
          dependsOn: ["[format('all[{0}]', 1)]"],
          tags: { of: "[reference(format('all[{0}]', 1)).clientId]" },
        }),
        last: identity('last', { dependsOn: ['all'] }),
      },
      outputs: {
        ids: {
          type: 'array',
          value: "[map(references('all', 'full'), lambda('r', lambdaVariables('r').location))]",
        },
        tag: {
          type: 'bool',
          value:
            "[equals(reference('second', '2023-01-31', 'full').tags.of, reference('all[1]').clientId)]",
        },
      },
    })
    assert.deepEqual(outputs, { ids: ['westeurope', 'westeurope', 'westeurope'], tag: true })
  })

  it('types and functions of its own, parameters that may be null', async () => {
    const outputs = await outputsOf(
      {
        definitions: {
          size: { type: 'string', allowedValues: ['small', 'large'] },
          shape: { type: 'object', properties: { name: { type: 'string' } } },
        },
        functions: [
          {
            namespace: '__bp',
            members: {
              greet: {
                parameters: [{ type: 'string', name: 'who' }],
                output: { type: 'string', value: "[format('Hello, {0}.', parameters('who'))]" },
              },
            },
          },
        ],
        parameters: {
          size: { $ref: '#/definitions/size' },
          shape: { $ref: '#/definitions/shape', defaultValue: { name: 'box' } },
          none: { type: 'string', nullable: true },
        },
        variables: { '$fxv#0': 'from a file: [kept]' },
        resources: {},
        outputs: {
          greeting: { type: 'string', value: "[__bp.greet(parameters('shape').name)]" },
          size: { type: 'string', value: "[parameters('size')]" },
          none: {
            type: 'string',
            value:
              "[coalesce(parameters('none'), tryGet(parameters('shape'), 'x', 'y'), 'nothing')]",
          },
          file: { type: 'string', value: "[variables('$fxv#0')]" },
        },
      },
      { parameters: { size: { value: 'large' } } },
    )
    assert.deepEqual(outputs, {
      greeting: 'Hello, box.',
      size: 'large',
      none: 'nothing',
      file: 'from a file: [kept]',
    })
    const refused = await tested.deploy(
      {
        parameters: { size: { $ref: '#/definitions/size' } },
        definitions: { size: { type: 'string', allowedValues: ['small'] } },
      },
      { parameters: { size: { value: 'huge' } } },
    )
    assert.match(
      refused.body.error.message,
      /'huge' is not part of the allowed value\(s\): 'small'/,
    )
  })

  it('modules, to other scopes and in loops, with conditions, and roles on what they made', async () => {
    const module = template({
      parameters: { name: { type: 'string' } },
      resources: [identity("[parameters('name')]")],
      outputs: { id: { type: 'string', value: `[resourceId('${IDENTITY}', parameters('name'))]` } },
    })
    const nested = (more: object) => ({
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      ...more,
    })
    const outputs = await outputsOf(
      {
        parameters: { names: { type: 'array', defaultValue: ['m-1', 'm-2'] } },
        resources: {
          group: {
            type: 'Microsoft.Resources/resourceGroups',
            apiVersion: '2021-04-01',
            name: 'modules',
            location: '[deployment().location]',
          },
          module: nested({
            copy: {
              name: 'module',
              count: "[length(parameters('names'))]",
              mode: 'serial',
              batchSize: 1,
            },
            name: "[format('module-{0}', copyIndex())]",
            resourceGroup: 'modules',
            properties: {
              expressionEvaluationOptions: { scope: 'inner' },
              mode: 'Incremental',
              parameters: { name: { value: "[parameters('names')[copyIndex()]]" } },
              template: module,
            },
            dependsOn: ['group'],
          }),
          never: nested({
            condition: "[empty(parameters('names'))]",
            name: 'never',
            resourceGroup: 'modules',
            properties: {
              expressionEvaluationOptions: { scope: 'inner' },
              mode: 'Incremental',
              template: module,
            },
          }),
          role: nested({
            name: 'role',
            resourceGroup: 'modules',
            dependsOn: ['module'],
            properties: {
              mode: 'Incremental',
              template: template({
                resources: [
                  {
                    type: 'Microsoft.Authorization/roleAssignments',
                    apiVersion: '2022-04-01',
                    scope: `[format('${IDENTITY}/{0}', parameters('names')[0])]`,
                    name: "[guid(subscription().id, 'role')]",
                    properties: {
                      roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${READER}')]`,
                      principalId: `[reference(extensionResourceId(format('/subscriptions/{0}/resourceGroups/{1}', subscription().subscriptionId, 'modules'), '${IDENTITY}', parameters('names')[0]), '2023-01-31').principalId]`,
                      principalType: 'ServicePrincipal',
                    },
                  },
                ],
              }),
            },
          }),
        },
        outputs: {
          ids: {
            type: 'array',
            copy: {
              count: "[length(parameters('names'))]",
              input: "[reference(format('module[{0}]', copyIndex())).outputs.id.value]",
            },
          },
        },
      },
      { scope: SUBSCRIPTION, name: 'main' },
    )
    const group = `${SUBSCRIPTION}/resourceGroups/modules`
    assert.deepEqual(outputs, {
      ids: ['m-1', 'm-2'].map((name) => `${group}/providers/${IDENTITY}/${name}`),
    })
    const roles = await tested.as(
      tested.owner,
      'GET',
      `${group}/providers/${IDENTITY}/m-1/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=atScope()`,
    )
    assert.equal(
      roles.body.value.filter(({ properties }: { properties: { scope: string } }) =>
        properties.scope.endsWith('/m-1'),
      ).length,
      1,
    )
  })

  it('children of what exists, and children inside their parents', async () => {
    const { body } = await tested.deploy({
      resources: [
        identity('parent', {
          resources: [
            {
              type: 'providers/locks',
              apiVersion: '2016-09-01',
              name: 'Microsoft.Authorization/kept',
              dependsOn: ['parent'],
              properties: { level: 'CanNotDelete' },
            },
          ],
        }),
      ],
    })
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const lock = `${GROUP}/providers/${IDENTITY}/parent/providers/Microsoft.Authorization/locks/kept`
    const { status } = await tested.as(tested.owner, 'GET', `${lock}?api-version=2016-09-01`)
    assert.equal(status, 200)
  })
})
