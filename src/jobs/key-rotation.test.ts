import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY_MS } from '../base/clock.ts'
import { latestEntries } from '../core/audit/audit.ts'
import { generateKeyMaterial } from '../core/secrets/key-material.ts'
import { createKey, deleteKey, listKeyVersions, readKey } from '../core/secrets/keys.ts'
import { setRotationPolicy } from '../core/secrets/rotation-policies.ts'
import { someVault } from '../core/secrets/test-vault.ts'
import { openTestWorld, type TestWorld } from '../core/test-world.ts'
import { transaction } from '../core/transaction.ts'
import { keyRotationJob } from './key-rotation.ts'

const vault = someVault()
const job = keyRotationJob(async () => [vault])

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

async function make(name: string, trigger: object, expires?: number): Promise<void> {
  const material = await generateKeyMaterial({ vault, kty: 'EC', curve: 'P-384' })
  await transaction(world.call(), async (tx) => {
    const attributes = { expires: expires === undefined ? undefined : (expires as typeof tx.now) }
    const tags = { team: 'blue' }
    await createKey(tx, { vault, name, material, attributes, tags, keyOperations: ['sign'] })
    const lifetimeActions = [{ trigger, action: { type: 'Rotate' } }]
    await setRotationPolicy(tx, { vault, name, policy: { lifetimeActions, expiryTime: 'P90D' } })
  })
}

const versionsOf = async (name: string) =>
  (await listKeyVersions(world.call(), { vault, name, size: 25 })).items.length

test('keys rotate when their policy says so, not before, and each time anew', async () => {
  const start = world.call().now
  await make('by-age', { timeAfterCreate: 'P30D' })
  await make('by-expiry', { timeBeforeExpiry: 'P10D' }, start + 60 * DAY_MS)
  await make('for-ever', { timeBeforeExpiry: 'P10D' })
  await make('binned', { timeAfterCreate: 'P30D' })
  await transaction(world.call(), (tx) => deleteKey(tx, { vault, name: 'binned' }))
  const versions = () => Promise.all(['by-age', 'by-expiry', 'for-ever'].map(versionsOf))

  world.clock.move(30 * DAY_MS - 1)
  await job.run(world.call())
  assert.deepEqual(await versions(), [1, 1, 1])

  world.clock.move(1)
  await job.run(world.call())
  await job.run(world.call())
  assert.deepEqual(await versions(), [2, 1, 1])
  const rotated = await readKey(world.call(), { vault, name: 'by-age' })
  assert.equal(rotated.attributes.expires, start + 120 * DAY_MS)
  assert.deepEqual(
    [rotated.kty, 'crv' in rotated.members && rotated.members.crv, rotated.keyOperations],
    ['EC', 'P-384', ['sign']],
  )
  assert.deepEqual(rotated.tags, { team: 'blue' })
  const [entry] = await latestEntries(world.call(), 1)
  assert.deepEqual(
    [entry?.caller, entry?.action, entry?.scope, entry?.facts],
    [
      'test',
      'Microsoft.KeyVault/vaults/keys/rotate/action',
      `${vault.id.text}/keys/by-age`,
      { version: rotated.version },
    ],
  )

  world.clock.move(20 * DAY_MS)
  await job.run(world.call())
  assert.deepEqual(await versions(), [2, 2, 1])
  world.clock.move(10 * DAY_MS)
  await job.run(world.call())
  assert.deepEqual(await versions(), [3, 2, 1])
})
