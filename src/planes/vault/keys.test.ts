import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { epochSeconds } from '../../base/clock.ts'
import type { Method } from '../../http/route.ts'
import { openTestVaults, READER, ROLE_VAULT, type TestVaults } from './test-vaults.ts'

const ORIGIN = 'https://kv-roles.vault.azure.net'
const CRYPTO_USER = '12338af0-0e69-4776-bea7-57ae8d297424'
const TEXT = Buffer.from('signed')
const DIGEST = createHash('sha256').update(TEXT).digest('base64url')

let vaults: TestVaults
before(async () => {
  vaults = await openTestVaults()
})
after(() => vaults.close())

const ask = (method: Method, path: string, body?: unknown) =>
  vaults.ask(vaults.administrator, method, path, body)

describe('a key', () => {
  it('is created, got and listed in the documented shapes', async () => {
    const created = await ask('POST', '/keys/Rsa1/create', { kty: 'RSA' })
    assert.equal(created.status, 200)
    const { n, e, ...key } = created.body.key
    const now = epochSeconds(vaults.world.clock.now())
    const attributes = {
      enabled: true,
      created: now,
      updated: now,
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
      exportable: false,
    }
    assert.equal(Buffer.from(n, 'base64url').length, 256)
    assert.equal(e, 'AQAB')
    assert.match(key.kid, /^https:\/\/kv-roles\.vault\.azure\.net\/keys\/Rsa1\/[0-9a-f]{32}$/)
    assert.deepEqual(key, {
      kid: key.kid,
      kty: 'RSA',
      key_ops: ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'],
    })
    assert.deepEqual(created.body, { key: created.body.key, attributes, tags: {} })
    assert.deepEqual((await ask('GET', '/keys/rsa1/')).body, created.body)
    assert.deepEqual((await ask('GET', '/keys?api-version=7.3')).body, {
      value: [{ kid: `${ORIGIN}/keys/Rsa1`, attributes, tags: {} }],
      nextLink: null,
    })
    assert.deepEqual((await ask('GET', '/keys/rsa1/versions')).body, {
      value: [{ kid: key.kid, attributes, tags: {} }],
      nextLink: null,
    })
  })

  it('signs and verifies, with its version or without', async () => {
    const { body } = await ask('POST', '/keys/ec/create', { kty: 'EC', crv: 'P-256' })
    const version = body.key.kid.split('/').at(-1)
    for (const at of [`/keys/ec/${version}`, '/keys/ec', '/keys/ec/']) {
      const signed = await ask('POST', `${at}/sign?api-version=7.4`, {
        alg: 'ES256',
        value: DIGEST,
      })
      assert.equal(signed.status, 200)
      assert.equal(signed.body.kid, body.key.kid)
      const key = createPublicKey({ format: 'jwk', key: { ...body.key, kty: 'EC' } })
      const signature = Buffer.from(signed.body.value, 'base64url')
      assert.ok(verify('sha256', TEXT, { key, dsaEncoding: 'ieee-p1363' }, signature))
      const asked = { alg: 'ES256', digest: DIGEST, value: signed.body.value }
      assert.deepEqual((await ask('POST', `${at}/verify`, asked)).body, { value: true })
    }
    const wrong = { alg: 'ES256', digest: DIGEST, value: Buffer.alloc(64, 7).toString('base64url') }
    assert.deepEqual((await ask('POST', '/keys/ec/verify', wrong)).body, { value: false })
  })

  it('encrypts and decrypts, wraps and unwraps', async () => {
    await ask('POST', '/keys/box/create', {
      kty: 'RSA',
      key_size: 3072,
      public_exponent: 0, // as the client for Java says that none was chosen
    })
    const value = Buffer.from('data key').toString('base64url')
    for (const [close, open] of [
      ['encrypt', 'decrypt'],
      ['wrapkey', 'unwrapkey'],
      ['wrapKey', 'unwrapKey'],
    ]) {
      const closed = await ask('POST', `/keys/box/${close}`, { alg: 'RSA-OAEP-256', value })
      assert.equal(closed.status, 200)
      const asked = { alg: 'RSA-OAEP-256', value: closed.body.value }
      assert.equal((await ask('POST', `/keys/box/${open}`, asked)).body.value, value)
    }
  })

  it('is imported and used', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const jwk = { ...privateKey.export({ format: 'jwk' }), key_ops: ['sign', 'verify'] }
    const imported = await ask('PUT', '/keys/taken', { key: jwk, tags: { from: 'elsewhere' } })
    assert.equal(imported.status, 200)
    assert.deepEqual(imported.body.tags, { from: 'elsewhere' })
    assert.equal('d' in imported.body.key, false)
    const value = createHash('sha384').update(TEXT).digest('base64url')
    assert.equal((await ask('POST', '/keys/taken/sign', { alg: 'ES384', value })).status, 200)
    const broken = await ask('PUT', '/keys/taken', { key: { kty: 'RSA', n: 'AQAB' } })
    assert.deepEqual([broken.status, broken.body.error.code], [400, 'BadParameter'])
    const misused = await ask('PUT', '/keys/taken', { key: { ...jwk, key_ops: 'sign' } })
    assert.equal(misused.body.error.message, 'Property key.key_ops has invalid value\r\n')
  })

  it('does only what its operations and its state allow, in Key Vault’s words', async () => {
    await ask('POST', '/keys/narrow/create', { kty: 'EC', key_ops: ['verify'] })
    const asked = { alg: 'ES256', value: DIGEST }
    const refused = await ask('POST', '/keys/narrow/sign', asked)
    assert.equal(refused.status, 403)
    assert.deepEqual(refused.body.error, {
      code: 'Forbidden',
      message: 'Operation sign is not permitted on this key.',
      innererror: { code: 'KeyOperationForbidden' },
    })
    const changed = await ask('PATCH', '/keys/narrow', { key_ops: ['sign', 'verify'] })
    assert.deepEqual(changed.body.key.key_ops, ['sign', 'verify'])
    assert.equal((await ask('POST', '/keys/narrow/sign', asked)).status, 200)
    await ask('PATCH', '/keys/narrow', { attributes: { enabled: false } })
    assert.equal((await ask('GET', '/keys/narrow')).body.error.innererror.code, 'KeyDisabled')
  })

  it('is deleted, recovered and purged', async () => {
    const { body } = await ask('POST', '/keys/mortal/create', { kty: 'EC' })
    const deleted = await ask('DELETE', '/keys/mortal')
    assert.equal(deleted.body.recoveryId, `${ORIGIN}/deletedkeys/mortal`)
    assert.deepEqual(deleted.body.key, body.key)
    assert.equal((await ask('GET', '/deletedkeys')).body.value[0].kid, `${ORIGIN}/keys/mortal`)
    assert.deepEqual((await ask('GET', '/deletedkeys/mortal')).body, deleted.body)
    assert.deepEqual((await ask('POST', '/deletedkeys/mortal/recover')).body, body)
    await ask('DELETE', '/keys/mortal')
    assert.equal((await ask('DELETE', '/deletedkeys/mortal')).status, 204)
    assert.equal((await ask('GET', '/keys/mortal')).body.error.code, 'KeyNotFound')
  })

  it('of a kind that is not offered, or asked for wrongly, is refused', async () => {
    for (const [body, message] of [
      [{ kty: 'oct' }, 'Property kty has invalid value\r\n'],
      [{ kty: 'RSA', key_size: 512 }, 'Unsupported key size'],
      [{ kty: 'RSA', key_size: '2048' }, 'Property key_size has invalid value\r\n'],
      [{ kty: 'RSA', release_policy: {} }, 'Property release_policy has invalid value\r\n'],
      [
        { kty: 'RSA', attributes: { exportable: true } },
        'Property attributes.exportable has invalid value\r\n',
      ],
      [{ kty: 'RSA', key_ops: 'sign' }, 'Property key_ops has invalid value\r\n'],
      [{}, 'Property kty has invalid value\r\n'],
    ] as const) {
      const refused = await ask('POST', '/keys/never/create', body)
      assert.deepEqual(refused.body, { error: { code: 'BadParameter', message } })
    }
    assert.equal((await ask('GET', '/keys/never')).status, 404)
  })
})

describe('who may', () => {
  it('read a key may use its public half, and only that', async () => {
    await ask('POST', '/keys/public/create', { kty: 'RSA' })
    const reader = await vaults.principal('reader')
    await vaults.assign(reader, READER, ROLE_VAULT)
    const value = Buffer.from('x').toString('base64url')
    const encrypt = { alg: 'RSA-OAEP', value }
    const use = (operation: string, body: unknown) =>
      vaults.ask(reader, 'POST', `/keys/public/${operation}`, body)
    assert.equal((await use('encrypt', encrypt)).status, 200)
    assert.equal((await use('wrapkey', encrypt)).status, 200)
    const verifying = { alg: 'RS256', digest: DIGEST, value }
    assert.equal((await use('verify', verifying)).status, 200)
    for (const operation of ['decrypt', 'unwrapkey', 'sign']) {
      assert.equal((await use(operation, encrypt)).status, 403)
    }
  })

  it('use a key may not make one', async () => {
    const user = await vaults.principal('crypto user')
    await vaults.assign(user, CRYPTO_USER, ROLE_VAULT)
    const sign = { alg: 'RS256', value: DIGEST }
    assert.equal((await vaults.ask(user, 'POST', '/keys/public/sign', sign)).status, 200)
    const create = await vaults.ask(user, 'POST', '/keys/mine/create', { kty: 'EC' })
    assert.equal(create.status, 403)
  })
})
