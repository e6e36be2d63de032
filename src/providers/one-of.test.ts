import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { oneOf } from './one-of.ts'

describe('a word of an enumeration', () => {
  const system = oneOf(['Linux', 'Windows'])

  it('is read in any case, and kept in its own', () => {
    assert.equal(system.parse('linux'), 'Linux')
    assert.equal(system.parse('WINDOWS'), 'Windows')
  })

  it('is one of those listed', () => {
    assert.equal(
      system.safeParse('Plan9').error?.issues[0]?.message,
      'Invalid option: expected one of "Linux"|"Windows"',
    )
    assert.equal(system.safeParse(1).success, false)
  })
})
