/** Where the secrets that a deployment is given must not be read again. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  DEPLOYMENTS,
  GROUP,
  identity,
  openTestDeployments,
  type TestDeployments,
  template,
} from './test-deployments.ts'

describe('a secret of a template', () => {
  let tested: TestDeployments
  before(async () => {
    tested = await openTestDeployments()
  })
  after(() => tested.close())

  it('is not written into the templates inside, by the variables that it goes into neither', async () => {
    const tags = {
      one: "[string(length(variables('one')))]",
      turn: "[string(length(variables('turns')[1]))]",
      through: "[string(length(variables('through').one))]",
      free: "[variables('free')]",
    }
    const content = {
      parameters: { key: { type: 'securestring' } },
      variables: {
        one: "[concat('x', parameters('key'))]",
        through: { one: "[ variables( 'one' ) ]" },
        free: "[concat('a', 'b')]",
        copy: [
          { name: 'turns', count: 2, input: "[concat(variables('one'), copyIndex('turns'))]" },
        ],
      },
      resources: [
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2024-11-01',
          name: 'inside',
          properties: {
            mode: 'Incremental',
            template: template({ resources: [identity('tagged', { tags })] }),
          },
        },
      ],
    }
    const { body } = await tested.deploy(content, { parameters: { key: { value: 'hidden' } } })
    assert.equal(body.properties.provisioningState, 'Succeeded', JSON.stringify(body))
    const { owner, as } = tested
    const identityPath = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/tagged`
    const made = await as(owner, 'GET', `${identityPath}?api-version=2023-01-31`)
    assert.deepEqual(made.body.tags, { one: '7', turn: '8', through: '7', free: 'ab' })
    for (const name of ['one', 'inside']) {
      const path = `${GROUP}/${DEPLOYMENTS}/${name}`
      const shown = await as(owner, 'GET', path)
      const exported = await as(owner, 'POST', `${path}/exportTemplate`)
      const operations = await as(owner, 'GET', `${path}/operations`)
      assert.deepEqual([shown.status, exported.status, operations.status], [200, 200, 200])
      const all = JSON.stringify([shown.body, exported.body, operations.body])
      assert.doesNotMatch(all, /hidden/, name)
    }
  })
})
