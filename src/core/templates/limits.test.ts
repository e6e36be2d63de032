/** How much a template may hold: as much as the documented limits say, and no more. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planDeployment } from './plan.ts'
import { readTemplate } from './template.ts'
import { somePlace } from './test-environment.ts'

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities'

function plan(members: object): ReturnType<typeof planDeployment> {
  const whole = { $schema: 's', contentVersion: '1', resources: [], ...members }
  return planDeployment(readTemplate(whole), [], somePlace)
}

/** So many members of one text. */
function many(count: number, member: unknown): object {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, member]))
}

function identity(name: string): object {
  return { type: TYPE, apiVersion: '2023-01-31', name }
}

function loop(name: string, count: number, resources: readonly object[] = []): object {
  return { ...identity(`[concat('${name}', copyIndex())]`), copy: { name, count }, resources }
}

function refused(members: object): string {
  try {
    plan(members)
  } catch (reason) {
    return (reason as Error).message
  }
  return 'nothing was refused'
}

describe('a template holds', () => {
  const rows: [what: string, limit: number, member: unknown][] = [
    ['parameters', 256, { type: 'string', defaultValue: 'x' }],
    ['variables', 512, 'x'],
    ['outputs', 64, { type: 'string', value: 'x' }],
  ]
  for (const [what, limit, member] of rows) {
    it(`${limit} ${what}, and not one more`, () => {
      plan({ [what]: many(limit, member) })
      assert.match(
        refused({ [what]: many(limit + 1, member) }),
        new RegExp(`template ${what} limit exceeded. Limit: '${limit}' and actual: '${limit + 1}'`),
      )
    })
  }

  it('800 resources, turns of loops included', () => {
    assert.equal(plan({ resources: [loop('a', 799), identity('b')] }).resources.length, 800)
    assert.match(
      refused({ resources: [loop('a', 800), identity('b')] }),
      /template resources limit exceeded. Limit: '800' and actual: '801'/,
    )
    const listed = Array.from({ length: 900 }, (_, at) => identity(`a${at}`))
    assert.match(refused({ resources: listed }), /Limit: '800' and actual: '900'/)
  })

  it('no loops in loops in loops: they are refused before they are turned', () => {
    const child = { ...loop('c', 800), type: 'federatedIdentityCredentials' }
    const deep = loop('a', 800, [{ ...child, resources: [child] }])
    assert.match(refused({ resources: [deep] }), /template resources limit exceeded/)
  })
})
