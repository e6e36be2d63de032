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

describe('deployments that are refused', () => {
  let tested: TestDeployments

  before(async () => {
    tested = await openTestDeployments()
  })
  after(() => tested.close())

  describe('a template that is wrong is refused, and deploys nothing', () => {
    const rows: [what: string, content: object, message: RegExp][] = [
      [
        'a circle',
        { resources: [identity('a', { dependsOn: ['b'] }), identity('b', { dependsOn: ['a'] })] },
        /Circular dependency detected on resource: '.*\/a'/,
      ],
      [
        'an unknown function',
        { resources: [identity("[nope('x')]")] },
        /The template function 'nope' is not valid/,
      ],
      [
        'an unknown function in an output',
        { outputs: { x: { type: 'string', value: '[nope()]' } } },
        /The template function 'nope' is not valid/,
      ],
      [
        'a parameter without a value',
        { parameters: { p: { type: 'string' } } },
        /The value for the template parameter 'p' is not provided/,
      ],
      [
        'a parameter that is not declared',
        { resources: [identity("[parameters('q')]")] },
        /The template parameter 'q' is not found/,
      ],
      [
        'a dependency that is not there',
        { resources: [identity('a', { dependsOn: ['z'] })] },
        /The resource 'z' is not defined in the template/,
      ],
      [
        'a resource twice',
        { resources: [identity('a'), identity('A')] },
        /is defined multiple times in a template/,
      ],
      ['names that do not fit', { resources: [identity('a/b')] }, /incorrect segment lengths/],
      [
        'a reference in a name',
        { resources: [identity("[reference('x').y]")] },
        /The template function 'reference' is not expected at this location/,
      ],
      [
        'an unknown member',
        { outptus: {} },
        /Could not find member 'outptus' on object of type 'Template'/,
      ],
    ]
    for (const [what, content, message] of rows) {
      it(what, async () => {
        const refused = await tested.deploy(content, { name: 'wrong' })
        assert.equal(refused.status, 400)
        assert.equal(refused.body.error.code, 'InvalidTemplate')
        assert.match(refused.body.error.message, message)
        const validated = await tested.as(
          tested.owner,
          'POST',
          `${GROUP}/${DEPLOYMENTS}/wrong/validate`,
          {
            properties: { mode: 'Incremental', template: template(content) },
          },
        )
        assert.equal(validated.status, 400)
        assert.equal(
          (await tested.as(tested.owner, 'GET', `${GROUP}/${DEPLOYMENTS}/wrong`)).status,
          404,
        )
      })
    }
  })
})
