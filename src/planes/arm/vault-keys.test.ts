import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { deleteKey, readKey, updateKey } from '../../core/secrets/keys.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { transaction } from '../../core/transaction.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { findVault } from '../../providers/keyvault/vault-settings.ts'
import { GROUP, openTestEstate, type TestEstate } from './test-estate.ts'

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/keyed-vault`
const KEY = `${VAULT}/keys/Signing`
const URI = 'https://keyed-vault.vault.azure.net/keys/Signing'

describe('keys as Resource Manager makes them', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(authorizationProvider, keyVaultProvider)
    const sku = { family: 'A', name: 'standard' }
    const properties = { tenantId: estate.world.tenantId, sku, enableRbacAuthorization: true }
    await estate.ask('PUT', VAULT, { location: 'westeurope', properties })
  })
  after(() => estate.close())

  const put = (properties: object, as = estate.owner, path = KEY) =>
    estate.ask('PUT', path, { tags: { a: '1' }, properties }, { as })

  async function vault(): Promise<Vault> {
    const found = await findVault(estate.world.call(), 'keyed-vault')
    assert.ok(found)
    return found
  }

  it('are made when they are not there, with all that was asked', async () => {
    const made = await put({
      kty: 'RSA',
      keySize: 3072,
      keyOps: ['sign', 'verify'],
      attributes: { enabled: true, exp: 1_900_000_000 },
      rotationPolicy: {
        attributes: { expiryTime: 'P2Y' },
        lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P60D' }, action: { type: 'rotate' } }],
      },
    })
    assert.equal(made.status, 200, JSON.stringify(made.body))
    const { created, updated } = made.body.properties.attributes
    const key = await readKey(estate.world.call(), { vault: await vault(), name: 'signing' })
    assert.deepEqual(made.body, {
      id: KEY,
      name: 'Signing',
      type: 'Microsoft.KeyVault/vaults/keys',
      location: 'westeurope',
      tags: { a: '1' },
      properties: {
        kty: 'RSA',
        keyOps: ['sign', 'verify'],
        keySize: 3072,
        rotationPolicy: {
          attributes: { expiryTime: 'P2Y' },
          lifetimeActions: [
            { trigger: { timeBeforeExpiry: 'P60D' }, action: { type: 'rotate' } },
            { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'notify' } },
          ],
        },
        attributes: { enabled: true, exp: 1_900_000_000, created, updated },
        keyUri: URI,
        keyUriWithVersion: `${URI}/${key.version}`,
      },
    })
    assert.deepEqual((await estate.ask('GET', KEY)).body, made.body)
  })

  it('are left as they are when they are there', async () => {
    const { body: before } = await estate.ask('GET', KEY)
    const again = await put({ kty: 'EC', curveName: 'P-384', attributes: { enabled: false } })
    assert.deepEqual([again.status, again.body], [200, before])
    const versions = await estate.ask('GET', `${KEY}/versions`)
    assert.equal(versions.body.value.length, 1)
  })

  it('are listed, and so are their versions, disabled or not', async () => {
    const of = { vault: await vault(), name: 'signing', attributes: { enabled: false } }
    await transaction(estate.world.call(), (tx) => updateKey(tx, of))
    const { body: key } = await estate.ask('GET', KEY)
    assert.equal(key.properties.attributes.enabled, false)
    const { body: keys } = await estate.ask('GET', `${VAULT}/keys`)
    const { kty: _, keyOps: __, keySize: ___, rotationPolicy: ____, ...listed } = key.properties
    assert.deepEqual(keys.value, [{ ...key, properties: listed }])
    const { body: versions } = await estate.ask('GET', `${KEY}/versions`)
    const version = key.properties.keyUriWithVersion.split('/').at(-1)
    assert.deepEqual(versions.value[0].id, `${KEY}/versions/${version}`)
    const { body: one } = await estate.ask('GET', `${KEY}/versions/${version}`)
    assert.deepEqual(
      [one.name, one.type, one.properties.keySize],
      [version, 'Microsoft.KeyVault/vaults/keys/versions', 3072],
    )
    assert.equal((await estate.ask('GET', `${KEY}/versions/none`)).status, 404)
  })

  it('are refused where there is no vault, no such kind of key, no right', async () => {
    const other = `${VAULT}/keys/other`
    const refusals: [Promise<{ status: number; body: { error: { code: string } } }>, unknown[]][] =
      [
        [put({ kty: 'EC' }, estate.reader, other), [403, 'AuthorizationFailed']],
        [put({ kty: 'oct' }, estate.owner, other), [400, 'BadParameter']],
        [put({ kty: 'RSA', keySize: 1024 }, estate.owner, other), [400, 'BadParameter']],
        [put({}, estate.owner, other), [400, 'BadRequest']],
        [put({ kty: 'EC' }, estate.owner, `${VAULT}-none/keys/other`), [404, 'ResourceNotFound']],
      ]
    for (const [asked, expected] of refusals) {
      const { status, body } = await asked
      assert.deepEqual([status, body.error.code], expected)
    }
    assert.equal((await estate.ask('GET', other)).status, 404)
    const of = { vault: await vault(), name: 'signing' }
    await transaction(estate.world.call(), (tx) => deleteKey(tx, of))
    assert.equal((await put({ kty: 'EC' })).status, 409)
  })
})
