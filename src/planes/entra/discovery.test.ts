import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../base/ids.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { type Answered, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'

let world: TestWorld
let door: TestDoor
before(async () => {
  world = await openTestWorld()
  door = await openTestDoor(world, entraPlane, { host: 'login.microsoftonline.com' })
})
after(async () => {
  await door.close()
  await world.close()
})

function assertRefused({ status, body }: Answered, error: string, number: number): void {
  assert.deepEqual([status, body.error, body.error_codes], [400, error, [number]])
}

test('discovery: URLs are the caller’s, issuers are Azure’s', async () => {
  const tenant = world.tenantId
  const azure = await door.ask({ path: `/${tenant}/v2.0/.well-known/openid-configuration` })
  assert.equal(azure.status, 200)
  assert.equal(azure.body.issuer, `https://login.microsoftonline.com/${tenant}/v2.0`)
  assert.equal(
    azure.body.token_endpoint,
    `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
  )
  assert.equal(
    azure.body.jwks_uri,
    `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
  )
  const local = await door.ask({
    host: 'login.locum.localhost:8443',
    path: `/${tenant}/.well-known/openid-configuration`,
  })
  assert.equal(local.body.issuer, `https://sts.windows.net/${tenant}/`)
  assert.equal(
    local.body.token_endpoint,
    `https://login.locum.localhost:8443/${tenant}/oauth2/token`,
  )
  assert.equal(
    local.body.authorization_endpoint,
    `https://login.locum.localhost:8443/${tenant}/oauth2/authorize`,
  )
  const common = await door.ask({ path: '/common/v2.0/.well-known/openid-configuration' })
  assert.equal(common.body.issuer, 'https://login.microsoftonline.com/{tenantid}/v2.0')
  assert.equal(
    common.body.token_endpoint,
    'https://login.microsoftonline.com/common/oauth2/v2.0/token',
  )
  const foreign = await door.ask({ path: `/${newId()}/v2.0/.well-known/openid-configuration` })
  assertRefused(foreign, 'invalid_request', 90002)
})

test('key sets hold public members only; version 2 adds the issuer', async () => {
  for (const tenant of [world.tenantId, 'common']) {
    const one = await door.ask({ path: `/${tenant}/discovery/keys` })
    const two = await door.ask({ path: `/${tenant}/discovery/v2.0/keys` })
    const members = ['kty', 'use', 'kid', 'x5t', 'n', 'e', 'x5c']
    assert.deepEqual(Object.keys(one.body.keys[0]), members)
    assert.deepEqual(Object.keys(two.body.keys[0]), [...members, 'issuer'])
  }
})

test('instance discovery knows Azure’s hosts and the local one, and no other', async () => {
  const ask = (host: string, about: string) =>
    door.ask({
      host,
      path: `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(about)}`,
    })
  const path = `/${world.tenantId}/oauth2/v2.0/authorize`
  const azure = await ask('login.microsoftonline.com', `https://login.microsoftonline.com${path}`)
  assert.deepEqual(azure.body, {
    tenant_discovery_endpoint: `https://login.microsoftonline.com/${world.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.microsoftonline.com',
        aliases: [
          'login.microsoftonline.com',
          'login.windows.net',
          'login.microsoft.com',
          'sts.windows.net',
        ],
      },
    ],
  })
  const local = await ask('login.locum.localhost:8443', `https://login.locum.localhost:8443${path}`)
  assert.equal(local.status, 200)
  assert.deepEqual(local.body.metadata[1].aliases, ['login.locum.localhost:8443'])
  const bad = await ask('login.microsoftonline.com', `https://evil.example${path}`)
  assertRefused(bad, 'invalid_instance', 50049)
  const none = await door.ask({ path: '/common/discovery/instance?api-version=1.1' })
  assertRefused(none, 'invalid_request', 900144)
})
