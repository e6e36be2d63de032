import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseJwt } from './jwt.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = encode({ alg: 'RS256' })
const PAYLOAD = encode({ sub: 'someone' })
const SIGNATURE = Buffer.from('signed').toString('base64url')

describe('a token, taken apart', () => {
  it('has three parts, two of them objects', () => {
    const parsed = parseJwt(`${HEADER}.${PAYLOAD}.${SIGNATURE}`)
    assert.deepEqual(parsed, {
      header: { alg: 'RS256' },
      payload: { sub: 'someone' },
      signed: `${HEADER}.${PAYLOAD}`,
      signature: Buffer.from('signed'),
    })
    for (const text of ['', `${HEADER}.${PAYLOAD}`, `${HEADER}.${SIGNATURE}.${SIGNATURE}`]) {
      assert.equal(parseJwt(text), undefined)
    }
  })

  it('is padded only where that is said to be so, and is signed as it came', () => {
    const padded = (part: string) => part.padEnd(Math.ceil(part.length / 4) * 4, '=')
    const text = [HEADER, PAYLOAD, SIGNATURE].map(padded).join('.')
    assert.ok(text.includes('='))
    assert.equal(parseJwt(text), undefined)
    const parsed = parseJwt(text, { padded: true })
    assert.deepEqual(parsed?.payload, { sub: 'someone' })
    assert.equal(parsed?.signed, `${padded(HEADER)}.${padded(PAYLOAD)}`)
    for (const wrong of [`${HEADER}===.${PAYLOAD}.x`, `=${HEADER}.${PAYLOAD}.${SIGNATURE}`]) {
      assert.equal(parseJwt(wrong, { padded: true }), undefined)
    }
  })
})
