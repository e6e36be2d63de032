import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readLenientJson } from './lenient-json.ts'

const read = (text: string) => readLenientJson(Buffer.from(text))

describe('JSON as templates are written', () => {
  const rows: [what: string, text: string, value: unknown][] = [
    ['strict JSON', '{"a":[1,true,null,"x"]}', { a: [1, true, null, 'x'] }],
    ['a bare word for a name', '{template: {"a": 1}}', { template: { a: 1 } }],
    ['comments', '{ // one\n "a": /* two */ 1 }', { a: 1 }],
    ['what looks like a comment in a string', '{a: "http://x/*y*/"}', { a: 'http://x/*y*/' }],
    ['a string over lines', '{a: "one\n two"}', { a: 'one\n two' }],
    ['escapes', '{a: "q\\"\\u0041\\n"}', { a: 'q"A\n' }],
    ['single quotes', "{a: 'it\\'s \"so\"'}", { a: 'it\'s "so"' }],
    ['trailing commas', '{a: [1, 2,], }', { a: [1, 2] }],
    ['numbers', '{a: [-1, 2.5, 1e3]}', { a: [-1, 2.5, 1000] }],
    ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['nothing', '', undefined],
  ]
  for (const [what, text, value] of rows) {
    it(`has ${what}`, () => assert.deepEqual(read(text), value))
  }

  const broken = [
    '{',
    '{a}',
    '{a:}',
    '{a:1 b:2}',
    '{"a":1}}',
    '[1 2]',
    '{a:"x}',
    '{a: 01}',
    '{"__proto__":{}}',
    '{"a":{"__proto__":1}}',
    `${'['.repeat(101)}${']'.repeat(101)}`,
    `{a:${'['.repeat(101)}${']'.repeat(101)}}`,
    'nothing',
  ]
  for (const text of broken) {
    it(`has not ${text.slice(0, 30)}`, () => {
      assert.throws(() => read(text), { code: 'InvalidJson' })
    })
  }
})
