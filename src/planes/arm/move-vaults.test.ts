import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { SubscriptionId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { findResource, putResource } from '../../core/resources/resource.ts'
import { createSubscription } from '../../core/resources/subscriptions.ts'
import { generateKeyMaterial } from '../../core/secrets/key-material.ts'
import { sign } from '../../core/secrets/key-operations.ts'
import { createKey } from '../../core/secrets/keys.ts'
import { deleteSecret, readSecret, recoverSecret, setSecret } from '../../core/secrets/secrets.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { transaction } from '../../core/transaction.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { keyVaultProvider } from '../../providers/keyvault/keyvault.ts'
import { findVault } from '../../providers/keyvault/vault-settings.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { GROUP, openTestEstate, READER, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const OTHER_SUBSCRIPTION = '22222222-2222-3333-4444-555555555555'
const RED = `${SUBSCRIPTION}/resourceGroups/Red`
const FAR = `/subscriptions/${OTHER_SUBSCRIPTION}/resourceGroups/Far`
const location = 'westeurope'

const vaultIn = (group: string) => `${group}/providers/Microsoft.KeyVault/vaults/moved-vault`
const sku = { family: 'A', name: 'standard' }

describe('a vault that moves', () => {
  let estate: TestEstate
  const move = (from: string, to: string, more: string[] = []) =>
    estate.ask('POST', `${from}/moveResources`, {
      resources: [vaultIn(from), ...more],
      targetResourceGroup: to,
    })

  async function vault(): Promise<Vault> {
    const found = await findVault(estate.world.call(), 'moved-vault')
    assert.ok(found)
    return found
  }

  async function holdsAll(at: string): Promise<void> {
    const moved = await vault()
    const call = estate.world.call()
    assert.equal(moved.id.text, vaultIn(at))
    const read = await readSecret(call, { vault: moved, name: 'password' })
    assert.equal(read.value.reveal(), 'correct horse')
    const value = Buffer.alloc(32, 1)
    const signed = await sign(call, { vault: moved, name: 'pair', algorithm: 'ES256', value })
    assert.equal(signed.value.length, 64)
  }

  before(async () => {
    estate = await openTestEstate(authorizationProvider, keyVaultProvider, managedIdentityProvider)
    await transaction(estate.world.call(), (tx) =>
      createSubscription(tx, {
        subscriptionId: OTHER_SUBSCRIPTION as SubscriptionId,
        displayName: 'Far',
      }),
    )
    for (const group of [RED, FAR]) await estate.ask('PUT', group, { location })
    const properties = { tenantId: estate.world.tenantId, sku, enableRbacAuthorization: true }
    await estate.ask('PUT', vaultIn(GROUP), { location, properties })
    const made = await vault()
    const material = await generateKeyMaterial({ vault: made, kty: 'EC' })
    await transaction(estate.world.call(), async (tx) => {
      const value = new Secret('correct horse')
      await setSecret(tx, { vault: made, name: 'password', value })
      await setSecret(tx, { vault: made, name: 'binned', value })
      await deleteSecret(tx, { vault: made, name: 'binned' })
      await createKey(tx, { vault: made, name: 'pair', material })
    })
  })
  after(() => estate.close())

  it('takes what it holds along, to another group and another subscription', async () => {
    assert.equal((await move(GROUP, RED)).status, 202)
    await holdsAll(RED)
    assert.equal((await estate.ask('GET', vaultIn(GROUP))).status, 404)
    assert.equal((await move(RED, FAR)).status, 202)
    await holdsAll(FAR)
    const recovered = { vault: await vault(), name: 'binned' }
    await transaction(estate.world.call(), (tx) => recoverSecret(tx, recovered))
    const { body } = await estate.ask('GET', vaultIn(FAR))
    assert.equal(body.id, vaultIn(FAR))
    assert.equal(body.properties.vaultUri, 'https://moved-vault.vault.azure.net/')
    assert.equal((await move(FAR, GROUP)).status, 202)
    await holdsAll(GROUP)
  })

  it('holds all it held when the move is refused', async () => {
    const identity = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/stays`
    await estate.ask('PUT', identity, { location })
    assert.equal((await move(GROUP, RED, [identity])).status, 409)
    await holdsAll(GROUP)
  })

  it('leaves the roles that were assigned on it behind', async () => {
    const assignment = (at: string) =>
      `${vaultIn(at)}/providers/Microsoft.Authorization/roleAssignments/99999999-2222-3333-4444-555555555555`
    const properties = {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      principalId: estate.nobody.objectId,
      principalType: 'ServicePrincipal',
    }
    await estate.ask('PUT', assignment(GROUP), { properties })
    const asNobody = { as: estate.nobody }
    assert.equal((await estate.ask('GET', vaultIn(GROUP), undefined, asNobody)).status, 200)
    await move(GROUP, RED)
    assert.equal((await estate.ask('GET', vaultIn(RED), undefined, asNobody)).status, 403)
    assert.equal((await estate.ask('GET', assignment(RED))).status, 404)
    await move(RED, GROUP)
  })

  it('moves there and back though it is filed under the id that it was made with', async () => {
    const made = vaultIn(GROUP).replace('moved-vault', 'older-vault')
    const properties = { tenantId: estate.world.tenantId, sku }
    await estate.ask('PUT', made, { location, properties })
    await transaction(estate.world.call(), async (tx) => {
      const resource = await findResource(tx, parseResourceId(made))
      assert.ok(resource)
      await putResource(tx, { ...resource, state: {} })
    })
    const older = async () => {
      const found = await findVault(estate.world.call(), 'older-vault')
      assert.ok(found)
      return { vault: found, name: 'password' }
    }
    const value = new Secret('long ago')
    const asked = { ...(await older()), value }
    await transaction(estate.world.call(), (tx) => setSecret(tx, asked))
    const ways: [string, string][] = [
      [GROUP, RED],
      [RED, GROUP],
      [GROUP, RED],
    ]
    for (const [from, to] of ways) {
      const resources = [`${from}${made.slice(GROUP.length)}`]
      await estate.ask('POST', `${from}/moveResources`, { resources, targetResourceGroup: to })
      const read = await readSecret(estate.world.call(), await older())
      assert.equal(read.value.reveal(), 'long ago')
      assert.ok((await older()).vault.id.text.startsWith(to))
    }
  })

  it('is not purged while it is protected, and says so in Key Vault’s word', async () => {
    const guarded = vaultIn(GROUP).replace('moved-vault', 'guarded-vault')
    const { tenantId } = estate.world
    const properties = { tenantId, sku, enablePurgeProtection: true }
    await estate.ask('PUT', guarded, { location, properties })
    await estate.ask('DELETE', guarded)
    const deleted = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/guarded-vault`
    const refused = await estate.ask('POST', `${deleted}/purge`)
    assert.deepEqual(refused.body.error, {
      code: 'MethodNotAllowed',
      message: "Operation 'DeletedVaultPurge' is not allowed.",
    })
  })

  it('is deleted, recovered and purged where it is then', async () => {
    await move(GROUP, RED)
    assert.equal((await estate.ask('DELETE', vaultIn(RED))).status, 200)
    const properties = { tenantId: estate.world.tenantId, sku, createMode: 'recover' }
    const elsewhere = await estate.ask('PUT', vaultIn(GROUP), { location, properties })
    assert.equal(elsewhere.body.error.code, 'SoftDeletedVaultDoesNotExist')
    assert.equal((await estate.ask('PUT', vaultIn(RED), { location, properties })).status, 200)
    await holdsAll(RED)
    const { key } = await vault()
    await estate.ask('DELETE', vaultIn(RED))
    const deleted = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/moved-vault`
    const purged = await estate.ask('POST', `${deleted}/purge`)
    assert.equal(purged.status, 202)
    const { pathname, search } = new URL(String(purged.headers.location))
    assert.equal((await estate.ask('GET', pathname + search)).status, 200)
    const [row] = await estate.world.database.reader.all<{ left: number }>(
      'SELECT (SELECT COUNT(*) FROM secrets WHERE vault_key = ?) + (SELECT COUNT(*) FROM keys WHERE vault_key = ?) AS left',
      [key, key],
    )
    assert.equal(row?.left, 0)
  })
})
