import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { masked, settleParameters } from './parameters.ts'
import { readTemplate } from './template.ts'
import { FRESH, somePlace } from './test-environment.ts'
import type { Json } from './value.ts'
import { openEnvironment } from './variables.ts'

/** The values that parameters come to, by name. */
function settle(parameters: object, given: Record<string, Json> = {}): Record<string, unknown> {
  const template = readTemplate({ $schema: 's', contentVersion: '1', parameters, resources: [] })
  const environment = { ...openEnvironment(template, somePlace, []), fresh: FRESH }
  const settled = settleParameters(template, given, environment)
  return Object.fromEntries(settled.map(({ name, value }) => [name, value]))
}

describe('parameters', () => {
  it('take what is given, whatever the case of their names', () => {
    assert.deepEqual(settle({ Name: { type: 'String' } }, { name: { value: 'x' } }), { Name: 'x' })
  })

  it('take defaults, which may name other parameters and the scope', () => {
    const parameters = {
      b: { type: 'string', defaultValue: "[concat(parameters('a'), '-b')]" },
      a: { type: 'string', defaultValue: '[resourceGroup().location]' },
      n: { type: 'string', defaultValue: "[utcNow('yyyy')]" },
    }
    assert.deepEqual(settle(parameters), { b: 'westeurope-b', a: 'westeurope', n: '2026' })
  })

  it('are nothing where nothing may be', () => {
    assert.deepEqual(settle({ a: { type: 'int', nullable: true } }), { a: null })
  })

  it('are numbers and flags even when a command line wrote them as text', () => {
    const parameters = { i: { type: 'int' }, b: { type: 'bool' } }
    assert.deepEqual(settle(parameters, { i: { value: '7' }, b: { value: 'True' } }), {
      i: 7,
      b: true,
    })
  })

  it('are starred where they are secure', () => {
    const value = { a: 'x', b: ['y'] }
    assert.deepEqual(masked({ name: 'p', type: 'SecureObject', value }).value, {
      a: '*******',
      b: ['*******'],
    })
    assert.equal(masked({ name: 'p', type: 'String', value: 'x' }).value, 'x')
  })

  const rows: [what: string, parameters: object, given: Record<string, Json>, says: RegExp][] = [
    ['nothing given', { a: { type: 'string' } }, {}, /'a' is not provided/],
    [
      'one too many',
      { a: { type: 'int', defaultValue: 1 } },
      { z: { value: 1 } },
      /do not correspond to any parameters defined in the template: 'z'. The parameters defined in the template are: 'a'/,
    ],
    [
      'another type',
      { a: { type: 'string' } },
      { a: { value: 7 } },
      /Expected 'String, Uri'. Actual 'Integer'/,
    ],
    [
      'a default of another type',
      { a: { type: 'int', defaultValue: 'x' } },
      {},
      /Expected 'Integer'. Actual 'String'/,
    ],
    [
      'what is not allowed',
      { a: { type: 'string', allowedValues: ['x', 'y'] } },
      { a: { value: 'z' } },
      /The value 'z' is not part of the allowed value\(s\): 'x,y'/,
    ],
    [
      'too short',
      { a: { type: 'string', minLength: 3 } },
      { a: { value: 'ab' } },
      /Length of the value should be greater than or equal to '3'/,
    ],
    [
      'too long',
      { a: { type: 'array', maxLength: 1 } },
      { a: { value: [1, 2] } },
      /Length of the value should be less than or equal to '1'/,
    ],
    [
      'too small',
      { a: { type: 'int', minValue: 3 } },
      { a: { value: 2 } },
      /should be greater than or equal to '3'/,
    ],
    [
      'too big',
      { a: { type: 'int', maxValue: 3 } },
      { a: { value: 4 } },
      /should be less than or equal to '3'/,
    ],
    [
      'a bare value',
      { a: { type: 'int' } },
      { a: 4 },
      /Please specify the value or use the parameter reference/,
    ],
    [
      'a circle',
      { a: { type: 'string', defaultValue: "[parameters('a')]" } },
      {},
      /'a' depends on itself/,
    ],
    [
      'an unknown type',
      { a: { type: 'number' } },
      {},
      /has the type 'number', which is not one of/,
    ],
    [
      'a reference',
      { a: { type: 'string', defaultValue: "[reference('/x', '1')]" } },
      {},
      /not expected at this location/,
    ],
  ]
  for (const [what, parameters, given, says] of rows) {
    it(`refuse ${what}`, () => {
      assert.throws(() => settle(parameters, given), { code: 'InvalidTemplate', message: says })
    })
  }

  it('refuse without telling what is secure', () => {
    const parameters = { a: { type: 'securestring', minLength: 20 } }
    assert.throws(
      () => settle(parameters, { a: { value: 'swordfish' } }),
      (reason: Error) => !reason.message.includes('swordfish'),
    )
  })
})
