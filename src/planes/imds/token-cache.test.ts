import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { epochSeconds, HOUR_MS } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { openTokenCache } from './token-cache.ts'

const VAULT = 'https://vault.azure.net'
const IDENTITY = identity('1')
const OTHER = identity('2')
const DAY_SECONDS = 86_400

function identity(name: string) {
  return {
    kind: 'UserAssigned' as const,
    objectId: `o${name}` as ObjectId,
    clientId: `c${name}` as ClientId,
  }
}

/** A cache whose tokens are numbered in the order in which they were asked for. */
function numbered(world: TestWorld) {
  let asked = 0
  const cache = openTokenCache(async (call, { resource }) => {
    asked++
    const now = epochSeconds(call.now)
    return {
      access_token: String(asked),
      expires_on: String(now + DAY_SECONDS),
      not_before: String(now - 300),
      resource,
    }
  })
  return async (identity = IDENTITY, resource = VAULT, host = 'vm1') =>
    (await cache.get(world.call(), { identity, host, resource })).token.access_token
}

describe('tokens already obtained', () => {
  it('are handed out again, to the same identity on the same machine for the same resource', async () => {
    const world = await openTestWorld()
    const token = numbered(world)
    assert.equal(await token(), '1')
    assert.equal(await token(), '1')
    assert.equal(await token(OTHER), '2')
    assert.equal(await token(IDENTITY, `${VAULT}/`), '3')
    assert.equal(await token(IDENTITY, VAULT, 'vm2'), '4')
    assert.equal(await token(), '1')
    await world.close()
  })

  it('are renewed once half their life has passed', async () => {
    const world = await openTestWorld()
    const token = numbered(world)
    await token()
    world.clock.move(12 * HOUR_MS - 1000)
    assert.equal(await token(), '1')
    world.clock.move(1000)
    assert.equal(await token(), '2')
    await world.close()
  })

  it('are asked for anew when the clock has moved back before them', async () => {
    const world = await openTestWorld()
    const token = numbered(world)
    await token()
    world.clock.move(-HOUR_MS)
    assert.equal(await token(), '2')
    await world.close()
  })

  it('are asked for once by many at once', async () => {
    const world = await openTestWorld()
    const token = numbered(world)
    const all = await Promise.all(Array.from({ length: 20 }, () => token()))
    assert.deepEqual(new Set(all), new Set(['1']))
    await world.close()
  })

  it('are not kept when the asking failed', async () => {
    const world = await openTestWorld()
    let fails = true
    const asked = { identity: IDENTITY, host: 'vm1', resource: VAULT }
    const cache = openTokenCache(async () => {
      if (fails) throw new Error('no')
      const now = epochSeconds(world.clock.now())
      return { access_token: 'a', expires_on: String(now + 10), not_before: '0', resource: VAULT }
    })
    await assert.rejects(cache.get(world.call(), asked), /no/)
    fails = false
    assert.equal((await cache.get(world.call(), asked)).token.access_token, 'a')
    await world.close()
  })
})
