import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY_MS, type Instant } from '../../base/clock.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { minus, plus, readDuration } from './durations.ts'
import { generateKeyMaterial } from './key-material.ts'
import { createKey, deleteKey, purgeKey, recoverKey } from './keys.ts'
import {
  type LifetimeAction,
  type RotationPolicy,
  readRotationPolicy,
  setRotationPolicy,
} from './rotation-policies.ts'
import { someVault } from './test-vault.ts'

const vault = someVault()
const of = { vault, name: 'Rotated' }
const DEFAULT = [{ trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }]

let world: TestWorld
before(async () => {
  world = await openTestWorld()
  await make()
})
after(() => world.close())

async function make(): Promise<void> {
  const material = await generateKeyMaterial({ vault, kty: 'EC' })
  await transaction(world.call(), (tx) => createKey(tx, { ...of, material }))
}

const set = (policy: RotationPolicy) =>
  transaction(world.call(), (tx) => setRotationPolicy(tx, { ...of, policy }))

const rotate = (trigger: LifetimeAction['trigger'], type = 'Rotate') => ({
  trigger,
  action: { type },
})

test('without a policy of its own a key has the default, which rotates nothing', async () => {
  assert.deepEqual(await readRotationPolicy(world.call(), of), {
    lifetimeActions: DEFAULT,
    expiryTime: undefined,
    created: undefined,
    updated: undefined,
  })
  const missing = { vault, name: 'none' }
  await assert.rejects(readRotationPolicy(world.call(), missing), { code: 'KeyNotFound' })
})

test('a policy is replaced whole, and always notifies', async () => {
  const created = world.call().now
  const given = [rotate({ timeAfterCreate: 'P2M' }, 'rotate')]
  await set({ lifetimeActions: given, expiryTime: 'P90D' })
  world.clock.move(1000)
  const updated = world.call().now
  const lifetimeActions = [rotate({ timeAfterCreate: 'P2M' }), ...DEFAULT]
  assert.deepEqual(await set({ lifetimeActions: given, expiryTime: undefined }), {
    lifetimeActions,
    expiryTime: undefined,
    created,
    updated,
  })
  const reset = await set({ lifetimeActions: [], expiryTime: undefined })
  assert.deepEqual(reset.lifetimeActions, DEFAULT)
})

test('a policy that makes no sense is refused, and says why', async () => {
  const refused: [RotationPolicy['lifetimeActions'], string | undefined, RegExp][] = [
    [[], 'P27D', /expiryTime must be at least 28 days/],
    [[], 'PT5H', /expiryTime is no duration/],
    [[rotate({ timeAfterCreate: 'P6D' })], 'P90D', /timeAfterCreate must be at least 7 days/],
    [[rotate({ timeBeforeExpiry: 'P10D' })], undefined, /needs an expiryTime/],
    [[rotate({ timeAfterCreate: 'P84D' })], 'P90D', /must leave at least 7 days/],
    [[rotate({})], 'P90D', /either timeAfterCreate or timeBeforeExpiry/],
    [
      [rotate({ timeAfterCreate: 'P9D', timeBeforeExpiry: 'P9D' })],
      'P90D',
      /either timeAfterCreate or timeBeforeExpiry/,
    ],
    [[rotate({ timeAfterCreate: 'P9D' }, 'Notify')], 'P90D', /Notify can only/],
    [[rotate({ timeAfterCreate: 'P9D' }, 'Burn')], 'P90D', /no action 'Burn'/],
    [[rotate({ timeAfterCreate: 'P9D' }), rotate({ timeAfterCreate: 'P9D' })], 'P90D', /only once/],
  ]
  for (const [lifetimeActions, expiryTime, message] of refused) {
    const expected = { fault: 'invalid', code: 'BadParameter', message }
    await assert.rejects(set({ lifetimeActions, expiryTime }), expected)
  }
})

test('a policy is hidden with its key, comes back with it and is forgotten with it', async () => {
  const lifetimeActions = [rotate({ timeAfterCreate: 'P30D' })]
  await set({ lifetimeActions, expiryTime: undefined })
  const write = transaction
  await write(world.call(), (tx) => deleteKey(tx, of))
  await assert.rejects(readRotationPolicy(world.call(), of), { code: 'KeyNotFound' })
  await write(world.call(), (tx) => recoverKey(tx, of))
  assert.equal((await readRotationPolicy(world.call(), of)).lifetimeActions.length, 2)
  await write(world.call(), (tx) => deleteKey(tx, of))
  await write(world.call(), (tx) => purgeKey(tx, of))
  await make()
  assert.deepEqual((await readRotationPolicy(world.call(), of)).lifetimeActions, DEFAULT)
})

test('durations are of the calendar', () => {
  const at = (text: string) => Date.parse(text) as Instant
  const year = readDuration('P1Y2M3W4D')
  assert.deepEqual(year, { months: 14, days: 25 })
  for (const none of ['', 'P', '30D', 'P1H', 'PT1D', 'P-1D', 'P1D2M']) {
    assert.equal(readDuration(none), undefined, none)
  }
  const month = { months: 1, days: 0 }
  assert.equal(plus(at('2028-01-31T12:00:00Z'), month), at('2028-02-29T12:00:00Z'))
  assert.equal(minus(at('2026-03-31T12:00:00Z'), month), at('2026-02-28T12:00:00Z'))
  assert.equal(plus(at('2026-01-31T12:00:00Z'), { months: 0, days: 2 }) % DAY_MS, DAY_MS / 2)
})
