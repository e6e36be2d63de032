/** Types that a template makes itself: shapes of objects, items of lists, one of several shapes. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSecret, settleParameters } from './parameters.ts'
import { readTemplate } from './template.ts'
import { FRESH, somePlace } from './test-environment.ts'
import type { Json } from './value.ts'
import { openEnvironment } from './variables.ts'

const DEFINITIONS = {
  host: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2 },
      port: { type: 'int', nullable: true, maxValue: 65535 },
      tags: { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
      parent: { $ref: '#/definitions/host', nullable: true },
    },
    additionalProperties: false,
  },
  port: { $ref: '#/definitions/host/properties/port' },
  pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'int' }], items: false },
  login: {
    type: 'object',
    discriminator: {
      propertyName: 'kind',
      mapping: {
        key: { type: 'object', properties: { kind: { type: 'string' }, key: { type: 'string' } } },
        password: { $ref: '#/definitions/password' },
      },
    },
  },
  password: {
    type: 'object',
    properties: { kind: { type: 'string' }, value: { type: 'securestring' } },
  },
}

function settle(type: object, value: Json) {
  const template = readTemplate({
    $schema: 's',
    contentVersion: '1',
    languageVersion: '2.0',
    definitions: DEFINITIONS,
    parameters: { p: type },
    resources: {},
  })
  const environment = { ...openEnvironment(template, somePlace, []), fresh: FRESH }
  return settleParameters(template, { p: { value } }, environment)
}

const host = { $ref: '#/definitions/host' }
const good = { name: 'web', port: 80, tags: { a: 'b' }, parent: { name: 'up', tags: {} } }

describe('types of a template', () => {
  const fits: [type: object, value: Json][] = [
    [host, good],
    [{ type: 'array', items: host }, [good, { ...good, port: null }]],
    [{ $ref: '#/definitions/port' }, 443],
    [{ $ref: '#/definitions/pair' }, ['a', 1]],
    [{ $ref: '#/definitions/login' }, { kind: 'key', key: 'x' }],
  ]
  for (const [type, value] of fits) {
    it(`take ${JSON.stringify(value)}`, () =>
      assert.deepEqual(settle(type, value)[0]?.value, value))
  }

  const wrong: [what: string, type: object, value: Json, says: RegExp][] = [
    ['a member that is missing', host, { tags: {} }, /'p\.name' is not provided/],
    [
      'a member of another type',
      host,
      { ...good, port: 'x' },
      /'p\.port' is not valid\. Expected a value of type 'Integer', but received a value of type 'String'/,
    ],
    ['a member too many', host, { ...good, more: 1 }, /'p\.more' is not valid/],
    [
      'a member of a member',
      host,
      { ...good, tags: { a: 1 } },
      /'p\.tags\.a' is not valid\. Expected a value of type 'String, Uri'/,
    ],
    [
      'what is too short, deep inside',
      host,
      { ...good, parent: { name: 'x', tags: {} } },
      /'p\.parent\.name' is not valid\. Length of the value should be greater than or equal to '2'/,
    ],
    [
      'an item of a list',
      { type: 'array', items: host },
      [good, 7],
      /'p\[1\]' is not valid\. Expected a value of type 'Object'/,
    ],
    ['an item too many', { $ref: '#/definitions/pair' }, ['a', 1, 2], /'p\[2\]' is not valid/],
    [
      'what is more than it may be',
      { $ref: '#/definitions/port' },
      70000,
      /less than or equal to '65535'/,
    ],
    [
      'none of the shapes',
      { $ref: '#/definitions/login' },
      { kind: 'eye' },
      /'p\.kind' is not valid\. It is not one of the allowed value\(s\): 'key,password'/,
    ],
    [
      'a type that is not there',
      { $ref: '#/definitions/nothing' },
      1,
      /'#\/definitions\/nothing' is not defined/,
    ],
  ]
  for (const [what, type, value, says] of wrong) {
    it(`refuse ${what}`, () => {
      assert.throws(() => settle(type, value), { code: 'InvalidTemplate', message: says })
    })
  }

  it('keep a value to themselves of which a part is secure', () => {
    const value = { kind: 'password', value: 'swordfish' }
    const [parameter] = settle({ $ref: '#/definitions/login' }, value)
    assert.ok(parameter && isSecret(parameter))
    assert.throws(
      () => settle({ $ref: '#/definitions/login' }, { kind: 'password', value: 7 }),
      (reason: Error) =>
        /'p\.value' is not valid/.test(reason.message) && !/7/.test(reason.message),
    )
    const [plain] = settle(host, good)
    assert.ok(plain && !isSecret(plain))
  })
})
