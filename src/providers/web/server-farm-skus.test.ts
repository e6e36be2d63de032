import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { kindOf, mostWorkersOf, readSku } from './server-farm-skus.ts'

describe('the sku of a plan', () => {
  it('says by its name all but the number of workers', () => {
    const rows: [given: string, name: string, tier: string, family: string, capacity: number][] = [
      ['B1', 'B1', 'Basic', 'B', 1],
      ['s2', 'S2', 'Standard', 'S', 1],
      ['P1V3', 'P1v3', 'PremiumV3', 'Pv3', 1],
      ['p2mv3', 'P2mv3', 'PremiumMV3', 'Pmv3', 1],
      ['EP1', 'EP1', 'ElasticPremium', 'EP', 1],
      ['Y1', 'Y1', 'Dynamic', 'Y', 0],
      ['FC1', 'FC1', 'FlexConsumption', 'FC', 0],
      ['Free', 'F1', 'Free', 'F', 1],
    ]
    for (const [given, name, tier, family, capacity] of rows) {
      const expected = { name, tier, size: name, family, capacity }
      // What clients write beside the name is not believed.
      assert.deepEqual(readSku({ name: given, tier: 'BASIC', size: 'x' }), expected, given)
    }
    assert.equal(readSku(undefined).name, 'F1')
    assert.equal(readSku({ name: 'S1', capacity: 10 }).capacity, 10)
  })

  it('is one that there is, with as many workers as it may have', () => {
    for (const wrong of [
      { name: 'Z9' },
      { name: 'S1', capacity: 11 },
      { name: 'F1', capacity: 2 },
    ]) {
      assert.throws(
        () => readSku(wrong),
        (reason) => reason instanceof Failure && reason.code === 'BadRequest',
        JSON.stringify(wrong),
      )
    }
    assert.equal(mostWorkersOf({ name: 'B2' }), 3)
  })

  it('and the operating system say the kind of the plan', () => {
    const rows: [name: string, linux: boolean, given: string | undefined, kind: string][] = [
      ['B1', true, undefined, 'linux'],
      ['B1', false, undefined, 'app'],
      ['Y1', true, undefined, 'functionapp'],
      ['FC1', true, 'functionapp', 'functionapp'],
      ['EP1', true, 'linux', 'elastic'],
    ]
    for (const [name, linux, given, kind] of rows) {
      assert.equal(kindOf(readSku({ name }), linux, given), kind, name)
    }
  })
})
