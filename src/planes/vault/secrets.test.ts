import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY_MS, epochSeconds } from '../../base/clock.ts'
import type { Method } from '../../http/route.ts'
import { openTestVaults, ROLE_VAULT, type TestVaults } from './test-vaults.ts'

const ORIGIN = 'https://kv-roles.vault.azure.net'

let vaults: TestVaults
before(async () => {
  vaults = await openTestVaults()
})
after(() => vaults.close())

const ask = (method: Method, path: string, body?: unknown) =>
  vaults.ask(vaults.administrator, method, path, body)
const seconds = () => epochSeconds(vaults.world.clock.now())

describe('a secret', () => {
  it('is set, got and listed in the documented shapes', async () => {
    const set = await ask('PUT', '/secrets/Db-Password', {
      value: 'p4ss',
      contentType: 'text/plain',
      tags: { 'file-encoding': 'utf-8' },
      attributes: { enabled: true, nbf: 1500000000, exp: 4000000000 },
    })
    assert.equal(set.status, 200)
    const version = set.body.id.split('/').at(-1)
    const attributes = {
      enabled: true,
      nbf: 1500000000,
      exp: 4000000000,
      created: seconds(),
      updated: seconds(),
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
    }
    const bundle = {
      value: 'p4ss',
      contentType: 'text/plain',
      id: `${ORIGIN}/secrets/Db-Password/${version}`,
      attributes,
      tags: { 'file-encoding': 'utf-8' },
    }
    assert.deepEqual(set.body, bundle)
    for (const path of ['db-password', `DB-PASSWORD/${version}`, 'db-password/']) {
      assert.deepEqual((await ask('GET', `/secrets/${path}?api-version=7.4`)).body, bundle)
    }
    assert.deepEqual((await ask('GET', '//secrets//db-password')).body, bundle)
    const { value: _, ...item } = bundle
    assert.deepEqual((await ask('GET', '/secrets')).body, {
      value: [{ ...item, id: `${ORIGIN}/secrets/Db-Password` }],
      nextLink: null,
    })
    assert.deepEqual((await ask('GET', '/secrets/db-password/versions')).body, {
      value: [item],
      nextLink: null,
    })
  })

  it('answers by the names it was asked by', async () => {
    const host = 'kv-roles.vault.locum.localhost:8443'
    const { body } = await vaults.ask(
      vaults.administrator,
      'GET',
      '/secrets/db-password',
      undefined,
      { host },
    )
    assert.match(
      body.id,
      /^https:\/\/kv-roles\.vault\.locum\.localhost:8443\/secrets\/Db-Password\//,
    )
  })

  it('is missing, disabled and changed as Key Vault says it', async () => {
    const missing = await ask('GET', '/secrets/none')
    assert.equal(missing.status, 404)
    assert.equal(missing.body.error.code, 'SecretNotFound')
    await ask('PUT', '/secrets/changing', { value: 'x', contentType: 'a', tags: { a: '1' } })
    const changed = await ask('PATCH', '/secrets/changing/', { attributes: { enabled: false } })
    assert.equal(changed.status, 200)
    assert.equal(changed.body.attributes.enabled, false)
    assert.deepEqual([changed.body.contentType, changed.body.tags], ['a', { a: '1' }])
    assert.equal('value' in changed.body, false)
    const disabled = await ask('GET', '/secrets/changing')
    assert.equal(disabled.status, 403)
    assert.deepEqual(disabled.body.error, {
      code: 'Forbidden',
      message: 'Operation get is not allowed on a disabled secret.',
      innererror: { code: 'SecretDisabled' },
    })
    const version = changed.body.id.split('/').at(-1)
    const enabled = { attributes: { enabled: true, created: 1, recoveryLevel: 'Purgeable' } }
    assert.equal((await ask('PATCH', `/secrets/changing/${version}`, enabled)).status, 200)
    assert.equal((await ask('GET', '/secrets/changing')).body.value, 'x')
  })

  it('is deleted, recovered and purged', async () => {
    const { body: set } = await ask('PUT', '/secrets/mortal', { value: 'x' })
    const { value: _, ...version } = set
    const dates = {
      recoveryId: `${ORIGIN}/deletedsecrets/mortal`,
      deletedDate: seconds(),
      scheduledPurgeDate: seconds() + (90 * DAY_MS) / 1000,
    }
    assert.deepEqual((await ask('DELETE', '/secrets/mortal')).body, { ...dates, ...version })
    assert.equal((await ask('GET', '/secrets/mortal')).status, 404)
    const conflict = await ask('PUT', '/secrets/mortal', { value: 'y' })
    assert.equal(conflict.status, 409)
    assert.equal(conflict.body.error.innererror.code, 'ObjectIsDeletedButRecoverable')
    const deleted = await ask('GET', '/deletedsecrets/mortal')
    assert.deepEqual(deleted.body, { ...dates, ...version })
    assert.deepEqual((await ask('GET', '/deletedsecrets')).body, {
      value: [{ ...dates, ...version, id: `${ORIGIN}/secrets/mortal` }],
      nextLink: null,
    })
    assert.deepEqual((await ask('POST', '/deletedsecrets/mortal/recover')).body, version)
    assert.equal((await ask('GET', '/secrets/mortal')).body.value, 'x')
    await ask('DELETE', '/secrets/mortal')
    const purged = await ask('DELETE', '/deletedsecrets/mortal')
    assert.deepEqual([purged.status, purged.body], [204, undefined])
    const gone = await ask('DELETE', '/deletedsecrets/mortal')
    assert.deepEqual(gone.body, {
      error: { code: 'SecretNotFound', message: 'Deleted Secret not found: mortal' },
    })
  })

  it('is not purged where the vault has purge protection', async () => {
    const properties = { enableRbacAuthorization: true, enablePurgeProtection: true }
    await vaults.putVault(ROLE_VAULT, properties)
    const { body } = await ask('PUT', '/secrets/kept', { value: 'x' })
    assert.equal(body.attributes.recoveryLevel, 'Recoverable')
    await ask('DELETE', '/secrets/kept')
    const { status, body: refused } = await ask('DELETE', '/deletedsecrets/kept')
    assert.deepEqual([status, refused.error.code], [403, 'Forbidden'])
    await vaults.putVault(ROLE_VAULT, { ...properties, softDeleteRetentionInDays: 7 })
    const custom = await ask('PUT', '/secrets/custom', { value: 'x' })
    assert.equal(custom.body.attributes.recoveryLevel, 'CustomizedRecoverable')
    assert.equal(custom.body.attributes.recoverableDays, 7)
    await vaults.putVault(ROLE_VAULT, { enableRbacAuthorization: true })
  })
})

describe('a list', () => {
  it('comes in pages, each with the address of the next', async () => {
    for (let at = 10; at < 40; at++) await ask('PUT', `/secrets/paged-${at}`, { value: 'x' })
    const names: string[] = []
    let path: string | null = '/secrets?api-version=7.4&maxresults=12'
    let pages = 0
    while (path !== null) {
      const { body } = await ask('GET', path)
      names.push(...body.value.map(({ id }: { id: string }) => id.split('/').at(-1)))
      assert.ok(body.value.length <= 12)
      assert.ok(body.nextLink === null || body.nextLink.startsWith(`${ORIGIN}/secrets?`))
      path = body.nextLink === null ? null : body.nextLink.slice(ORIGIN.length)
      pages++
    }
    assert.ok(pages >= 3)
    assert.deepEqual(
      names,
      [...new Set(names)].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    )
    assert.equal(names.filter((name) => name.startsWith('paged-')).length, 30)
    assert.equal((await ask('GET', '/secrets')).body.value.length, 25)
  })

  it('refuses sizes and places that are none', async () => {
    for (const query of [
      'maxresults=0',
      'maxresults=26',
      'maxresults=x',
      '$skiptoken=%21',
      '$skiptoken=',
    ]) {
      const { status, body } = await ask('GET', `/secrets?api-version=7.4&${query}`)
      assert.deepEqual([query, status, body.error.code], [query, 400, 'BadParameter'])
    }
  })

  it('of the versions of a name that is not there is empty', async () => {
    const { status, body } = await ask('GET', '/secrets/none/versions')
    assert.deepEqual([status, body], [200, { value: [], nextLink: null }])
  })
})
