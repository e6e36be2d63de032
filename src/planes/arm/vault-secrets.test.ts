import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { findResource } from '../../core/resources/resource.ts'
import { readSecret } from '../../core/secrets/secrets.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { vaultOf } from '../../providers/keyvault/vault-settings.ts'
import { GROUP, openTestEstate, READER, type TestEstate } from './test-estate.ts'

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/written-vault`
const SECRET = `${VAULT}/secrets/Written`

describe('secrets as Resource Manager writes them', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(authorizationProvider, keyVaultProvider)
    const { tenantId } = estate.world
    const properties = {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    }
    const { status } = await estate.ask('PUT', VAULT, { location: 'westeurope', properties })
    assert.equal(status < 300, true)
  })
  after(() => estate.close())

  const put = (value: unknown, as = estate.owner) =>
    estate.ask('PUT', SECRET, { properties: { value, contentType: 'text/plain' } }, { as })

  it('are set, each time as a new version, and never shown', async () => {
    const first = await put('one-hidden-value')
    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.equal(first.body.id, SECRET)
    assert.equal(first.body.properties.contentType, 'text/plain')
    const second = await put('two-hidden-value')
    const { secretUri, secretUriWithVersion } = second.body.properties
    assert.equal(secretUri, 'https://written-vault.vault.azure.net/secrets/Written')
    assert.notEqual(secretUriWithVersion, first.body.properties.secretUriWithVersion)
    const shown = await estate.ask('GET', SECRET)
    assert.deepEqual(shown.body, second.body)
    const listed = await estate.ask('GET', `${VAULT}/secrets`)
    assert.deepEqual(listed.body.value, [second.body])
    for (const { body } of [first, second, shown, listed]) {
      assert.equal(JSON.stringify(body).includes('hidden-value'), false)
    }
    const call = estate.world.call()
    const resource = await findResource(call, parseResourceId(VAULT))
    assert.ok(resource)
    const secret = await readSecret(call, { vault: vaultOf(resource), name: 'written' })
    assert.equal(secret.value.reveal(), 'two-hidden-value')
  })

  it('are changed member by member; with a value, as the next version', async () => {
    const { body: before } = await estate.ask('GET', SECRET)
    const changed = await estate.ask('PATCH', SECRET, {
      tags: { a: '1' },
      properties: { attributes: { enabled: false, exp: 1_900_000_000 } },
    })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    assert.deepEqual(changed.body.tags, { a: '1' })
    const { attributes, ...same } = changed.body.properties
    assert.deepEqual([attributes.enabled, attributes.exp], [false, 1_900_000_000])
    const { attributes: _, ...was } = before.properties
    assert.deepEqual(same, was)
    const next = await estate.ask('PATCH', SECRET, { properties: { value: 'three-hidden-value' } })
    assert.notEqual(next.body.properties.secretUriWithVersion, same.secretUriWithVersion)
    assert.deepEqual([next.body.tags, next.body.properties.contentType], [{ a: '1' }, 'text/plain'])
    assert.equal(JSON.stringify(next.body).includes('hidden-value'), false)
    assert.equal((await estate.ask('PATCH', `${VAULT}/secrets/none`, {})).status, 404)
    const asReader = { as: estate.reader }
    assert.equal((await estate.ask('PATCH', SECRET, {}, asReader)).status, 403)
  })

  it('are refused without a value, and to who may not write', async () => {
    assert.equal((await put(undefined)).status, 400)
    assert.equal((await put('value', estate.reader)).status, 403)
    assert.equal((await estate.ask('GET', `${VAULT}/secrets/none`)).status, 404)
    assert.equal((await estate.ask('GET', `${VAULT}-none/secrets/none`)).status, 404)
  })

  it('are scopes for role assignments all the same', async () => {
    const assignment = `${SECRET}/providers/Microsoft.Authorization/roleAssignments/99999999-2222-3333-4444-555555555555`
    const { status, body } = await estate.ask('PUT', assignment, {
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
        principalId: estate.nobody.objectId,
        principalType: 'ServicePrincipal',
      },
    })
    assert.equal(status, 201, JSON.stringify(body))
  })
})
