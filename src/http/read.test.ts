import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readQuery } from './read.ts'

describe('a query', () => {
  it('is read as URLSearchParams reads it, with names in lower case', () => {
    const queries = [
      '',
      'api-version=7.4',
      'Api-Version=2021-04-01&$filter=x',
      'a=b=c&d',
      '&a=1&&b=2&',
      '=nameless',
      'a=%20b+c&resource=https%3A%2F%2Fvault.azure.net',
      'broken=%zz&umlaut=ä',
      '?mark=1',
    ]
    for (const text of queries) {
      const wanted = [...new URLSearchParams(text)]
      const inLowerCase = wanted.map(([name, value]) => [name.toLowerCase(), value])
      // The second time it is remembered, and the same.
      for (const _ of ['read', 'remembered']) {
        assert.deepEqual(Object.entries(readQuery(text).values), inLowerCase, text)
      }
    }
  })

  it('says which name came twice, however it was written', () => {
    assert.equal(readQuery('a=1&b=2').repeated, undefined)
    assert.equal(readQuery('a=1&A=2').repeated, 'A')
    assert.equal(readQuery('a=1&%61=2').repeated, 'a')
  })

  it('is shared by those who send the same, and changed by none of them', () => {
    assert.throws(() => Object.assign(readQuery('a=1').values, { a: '2' }), TypeError)
    assert.equal(readQuery('a=1').values.a, '1')
  })

  it('has no members but its own', () => {
    assert.equal(readQuery('').values.constructor, undefined)
    assert.equal(readQuery('a=1').values.constructor, undefined)
  })
})
