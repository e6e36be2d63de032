import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const NAMES = `${SUBSCRIPTION}/tagNames`
const none = { type: 'Total', value: 0 }

describe('the tag names of a subscription', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(authorizationProvider)
  })
  after(() => estate.close())

  const refusal = async (method: 'PUT' | 'DELETE', path: string) => {
    const { status, body } = await estate.ask(method, path)
    return [status, body.error.code, body.error.message]
  }

  it('are offered before anything has them', async () => {
    const made = await estate.ask('PUT', `${NAMES}/Env`)
    const env = { id: `${NAMES}/Env`, tagName: 'Env', count: none, values: [] }
    assert.deepEqual([made.status, made.body], [201, env])
    assert.equal((await estate.ask('PUT', `${NAMES}/env`)).status, 200)
    assert.deepEqual((await estate.ask('GET', NAMES)).body, { value: [env] })
  })

  it('have values to choose from', async () => {
    const value = `${NAMES}/env/tagValues/test`
    const made = await estate.ask('PUT', value)
    const test = { id: `${NAMES}/Env/tagValues/test`, tagValue: 'test', count: none }
    assert.deepEqual([made.status, made.body], [201, test])
    assert.equal((await estate.ask('PUT', value)).status, 200)
    const [env] = (await estate.ask('GET', NAMES)).body.value
    assert.deepEqual(env.values, [test])
    assert.deepEqual(await refusal('PUT', `${NAMES}/Owner/tagValues/me`), [
      404,
      'PredefinedTagNameNotFound',
      "Predefined tag name 'Owner' could not be found.",
    ])
  })

  it('are counted where they are used, offered or not', async () => {
    const tags = { ENV: 'test', Team: 'blue' }
    await estate.ask('PUT', GROUP, { location: 'westeurope', tags })
    const [env, team] = (await estate.ask('GET', NAMES)).body.value
    assert.deepEqual(
      [env.tagName, env.count.value, env.values[0].tagValue, env.values[0].count.value],
      ['Env', 1, 'test', 1],
    )
    assert.deepEqual(
      [team.tagName, team.count.value, team.values[0].tagValue, team.values[0].count.value],
      ['Team', 1, 'blue', 1],
    )
  })

  it('stay while they are used or have values', async () => {
    const value = `${NAMES}/Env/tagValues/test`
    assert.deepEqual(await refusal('DELETE', value), [
      409,
      'TagInUse',
      "The tag cannot be deleted. It is associated to one or more resources. Tag name 'Env' and tag value 'test'.",
    ])
    assert.deepEqual(await refusal('DELETE', `${NAMES}/Env`), [
      409,
      'TagInUse',
      "The tag name 'Env' cannot be deleted. It is associated to one or more resources.",
    ])
    await estate.ask('PUT', GROUP, { location: 'westeurope', tags: {} })
    assert.equal((await refusal('DELETE', `${NAMES}/Env`))[0], 409)
    assert.equal((await estate.ask('DELETE', value)).status, 200)
    assert.equal((await estate.ask('DELETE', value)).status, 204)
    assert.equal((await estate.ask('DELETE', `${NAMES}/Env`)).status, 200)
    assert.equal((await estate.ask('DELETE', `${NAMES}/Env`)).status, 204)
    assert.equal((await refusal('DELETE', value))[0], 404)
    assert.deepEqual((await estate.ask('GET', NAMES)).body, { value: [] })
  })

  it('may not be anything', async () => {
    assert.deepEqual((await refusal('PUT', `${NAMES}/a%3Cb`)).slice(0, 2), [
      400,
      'InvalidTagNameCharacters',
    ])
    assert.deepEqual((await refusal('PUT', `${NAMES}/azureThing`)).slice(0, 2), [
      400,
      'InvalidTagName',
    ])
  })

  it('are for whoever may, in a subscription that is there and not locked', async () => {
    for (const method of ['PUT', 'DELETE'] as const) {
      const { status } = await estate.ask(method, `${NAMES}/x`, undefined, { as: estate.reader })
      assert.equal(status, 403)
    }
    assert.equal((await estate.ask('GET', NAMES, undefined, { as: estate.reader })).status, 200)
    assert.equal((await estate.ask('GET', NAMES, undefined, { as: estate.nobody })).status, 403)
    const elsewhere = '/subscriptions/99999999-2222-3333-4444-555555555555/tagNames'
    assert.equal((await estate.ask('GET', elsewhere)).body.error.code, 'SubscriptionNotFound')
    const lock = `${SUBSCRIPTION}/providers/Microsoft.Authorization/locks/still`
    await estate.ask('PUT', lock, { properties: { level: 'ReadOnly' } })
    assert.equal((await refusal('PUT', `${NAMES}/x`))[1], 'ScopeLocked')
  })
})
