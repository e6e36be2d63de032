import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { HOUR_MS, isoSevenDigits, isoSpaced, standingClock } from './clock.ts'
import { asId, isGuid } from './ids.ts'
import { openLog } from './log.ts'
import { decodeSkipToken, encodeSkipToken, pageOf } from './page.ts'
import { MASTER_KEY_BYTES, openSeal } from './seal.ts'
import { Secret } from './secret.ts'

describe('a secret', () => {
  const secret = new Secret('hunter2')

  it('is not printed, whatever prints it', () => {
    const printed = [`${secret}`, JSON.stringify({ secret }), inspect({ deep: { secret } })]
    for (const text of printed) assert.ok(!text.includes('hunter2'), text)
  })

  it('is revealed by name', () => {
    assert.equal(secret.reveal(), 'hunter2')
  })

  it('is struck out of the log under the names that carry one', () => {
    const lines: string[] = []
    const log = openLog('info', (line) => lines.push(line))
    log.info('asked', { client_secret: 'hunter2', headers: { authorization: 'Bearer hunter2' } })
    assert.match(lines[0] ?? '', /"event":"asked"/)
    assert.ok(!lines[0]?.includes('hunter2'))
  })
})

describe('sealing', () => {
  const seal = openSeal(new Secret(randomBytes(MASTER_KEY_BYTES)))
  const plain = Buffer.from('value')

  it('opens what it closed, for the same place', () => {
    assert.deepEqual(seal.open(seal.close(plain, 'a'), 'a'), plain)
  })

  it('never closes the same value to the same bytes', () => {
    assert.notDeepEqual(seal.close(plain, 'a'), seal.close(plain, 'a'))
  })

  it('does not open for another place, with another key, or when a bit has changed', () => {
    const sealed = seal.close(plain, 'a')
    const other = openSeal(new Secret(randomBytes(MASTER_KEY_BYTES)))
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(14) ^ 1, 14)
    assert.throws(() => seal.open(sealed, 'b'))
    assert.throws(() => other.open(sealed, 'a'))
    assert.throws(() => seal.open(changed, 'a'))
  })

  it('refuses a key of another length', () => {
    assert.throws(() => openSeal(new Secret(randomBytes(16))), /32 bytes/)
  })
})

describe('time', () => {
  it('moves when it is told to, and is written as each surface writes it', () => {
    const clock = standingClock('2026-01-15T09:30:00.000Z')
    clock.move(HOUR_MS)
    assert.equal(isoSevenDigits(clock.now()), '2026-01-15T10:30:00.0000000Z')
    assert.equal(isoSpaced(clock.now()), '2026-01-15 10:30:00Z')
    assert.equal(clock.movedMs, HOUR_MS)
  })
})

describe('ids', () => {
  it('are GUIDs in lower case', () => {
    assert.equal(
      asId('AAAAAAAA-0000-0000-0000-000000000001'),
      'aaaaaaaa-0000-0000-0000-000000000001',
    )
    assert.equal(asId('vm1'), undefined)
    assert.ok(!isGuid('{aaaaaaaa-0000-0000-0000-000000000001}'))
  })
})

describe('pages', () => {
  it('are cut by key, and continue after the last', () => {
    const page = pageOf(['a', 'b', 'c'], 2, (item) => item)
    assert.deepEqual(page, { items: ['a', 'b'], next: 'b' })
    assert.equal(pageOf(['a'], 2, (item) => item).next, undefined)
  })

  it('have tokens that can be read back, and no others', () => {
    assert.equal(decodeSkipToken(encodeSkipToken('/subscriptions/é')), '/subscriptions/é')
    for (const token of ['', '***', 'a']) {
      assert.throws(() => decodeSkipToken(token), { code: 'InvalidSkipToken' })
    }
  })
})
