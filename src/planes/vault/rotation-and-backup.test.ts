import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { epochSeconds } from '../../base/clock.ts'
import type { Method } from '../../http/route.ts'
import { openTestVaults, type TestVaults } from './test-vaults.ts'

const ORIGIN = 'https://kv-roles.vault.azure.net'

describe('what else is done with what a vault holds', () => {
  let vaults: TestVaults
  const ask = (method: Method, path: string, body?: unknown) =>
    vaults.ask(vaults.administrator, method, path, body)
  before(async () => {
    vaults = await openTestVaults()
    await ask('POST', '/keys/turned/create', { kty: 'EC', crv: 'P-256', tags: { a: '1' } })
  })
  after(() => vaults.close())

  it('a key’s rotation policy is shown, and set whole', async () => {
    const path = '/keys/turned/rotationpolicy'
    const id = `${ORIGIN}${path}`
    const notify = { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }
    const shown = await ask('GET', path)
    assert.deepEqual(shown.body, { id, lifetimeActions: [notify], attributes: {} })
    const rotate = { trigger: { timeAfterCreate: 'P60D' }, action: { type: 'Rotate' } }
    const now = epochSeconds(vaults.world.clock.now())
    const policy = {
      id,
      lifetimeActions: [rotate, notify],
      attributes: { expiryTime: 'P90D', created: now, updated: now },
    }
    const asked = { lifetimeActions: [rotate], attributes: { expiryTime: 'P90D' } }
    assert.deepEqual((await ask('PUT', path, asked)).body, policy)
    assert.deepEqual((await ask('GET', path)).body, policy)
    // As it was shown it can be sent back.
    assert.deepEqual((await ask('PUT', path, policy)).status, 200)
    const refused = await ask('PUT', path, { attributes: { expiryTime: 'P1D' } })
    assert.deepEqual([refused.status, refused.body.error.code], [400, 'BadParameter'])
    assert.equal((await ask('GET', '/keys/none/rotationpolicy')).body.error.code, 'KeyNotFound')
  })

  it('a key is rotated: a new version, which expires by the policy', async () => {
    const before = (await ask('GET', '/keys/turned')).body
    const rotated = await ask('POST', '/keys/turned/rotate')
    assert.equal(rotated.status, 200)
    assert.notEqual(rotated.body.key.kid, before.key.kid)
    assert.notEqual(rotated.body.key.x, before.key.x)
    assert.deepEqual(rotated.body.key.key_ops, before.key.key_ops)
    assert.deepEqual(rotated.body.tags, { a: '1' })
    const { created, exp } = rotated.body.attributes
    assert.equal(exp - created, 90 * 24 * 3600)
    assert.deepEqual((await ask('GET', '/keys/turned')).body, rotated.body)
    assert.equal((await ask('POST', '/keys/none/rotate')).status, 404)
  })

  it('secrets and keys go into backups, and come back', async () => {
    await ask('PUT', '/secrets/kept', { value: 'correct horse' })
    for (const [path, name] of [
      ['/secrets', 'kept'],
      ['/keys', 'turned'],
    ]) {
      const backup = await ask('POST', `${path}/${name}/backup`)
      assert.match(backup.body.value, /^[A-Za-z0-9_-]+$/)
      const taken = await ask('POST', `${path}/restore`, backup.body)
      assert.deepEqual([taken.status, taken.body.error.code], [409, 'Conflict'])
      const shown = (await ask('GET', `${path}/${name}`)).body
      await ask('DELETE', `${path}/${name}`)
      await ask('DELETE', `/deleted${path?.slice(1)}/${name}`)
      const restored = await ask('POST', `${path}/restore`, backup.body)
      const { value: _, ...expected } = shown
      assert.deepEqual([restored.status, restored.body], [200, expected])
      assert.deepEqual((await ask('GET', `${path}/${name}`)).body, shown)
    }
    const malformed = await ask('POST', '/keys/restore', { value: 'AAAA' })
    assert.deepEqual(
      [malformed.status, malformed.body.error],
      [
        400,
        {
          code: 'Malformed backup blob',
          message: 'Backup blob contains invalid or corrupt version.',
        },
      ],
    )
  })

  it('there are no certificates, and none can be made', async () => {
    for (const path of [
      '/certificates',
      '/certificates/issuers',
      '/certificates/none/versions',
      '/deletedcertificates',
    ]) {
      const { status, body } = await ask('GET', path)
      assert.deepEqual([status, body], [200, { value: [], nextLink: null }], path)
    }
    const missing = await ask('GET', '/certificates/none')
    assert.deepEqual([missing.status, missing.body.error.code], [404, 'CertificateNotFound'])
    const contacts = await ask('GET', '/certificates/contacts')
    assert.deepEqual([contacts.status, contacts.body.error.code], [404, 'ContactsNotFound'])
    const made = await ask('POST', '/certificates/web/create', { policy: {} })
    assert.deepEqual([made.status, made.body.error.code], [400, 'NotSupported'])
    assert.match(made.body.error.message, /keep secrets and keys, no certificates/)
  })
})
