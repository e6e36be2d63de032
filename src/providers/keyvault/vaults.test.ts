import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Failure } from '../../base/failure.ts'
import { TENANT } from '../../base/resource-id.ts'
import { putAssignment } from '../../core/rbac/role-assignments.ts'
import { findResource } from '../../core/resources/resource.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { StoredType } from '../provider.ts'
import { deleteVault, putVault, vaultId } from './test-vaults.ts'
import { findVault } from './vault-settings.ts'
import { vaults } from './vaults.ts'

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

let world: TestWorld
beforeEach(async () => {
  world = await openTestWorld()
})
afterEach(() => world.close())

const refused = (code: string, message?: string) => (reason: unknown) => {
  assert.ok(reason instanceof Failure, String(reason))
  assert.equal(reason.code, code)
  if (message !== undefined) assert.equal(reason.message, message)
  return true
}
const invalid = (name: string) =>
  refused('BadRequest', `An invalid value was provided for '${name}'.`)

describe('a vault', () => {
  it('is made with Azure’s defaults', async () => {
    const vault = await putVault(world)
    assert.deepEqual(vault.properties, {
      sku: { family: 'A', name: 'standard' },
      tenantId: world.tenantId,
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: false,
      publicNetworkAccess: 'Enabled',
    })
    const shown = await (vaults as StoredType).shown?.(world.call(), vault, {})
    assert.equal(shown?.vaultUri, 'https://kv1.vault.azure.net/')
  })

  it('leaves access to roles by default from 2026-02-01 on', async () => {
    const vault = await putVault(world, { apiVersion: '2026-02-01' })
    assert.equal(vault.properties.enableRbacAuthorization, true)
    const asked = { apiVersion: '2023-07-01' }
    assert.equal((await putVault(world, asked)).properties.enableRbacAuthorization, true)
  })

  it('is found by its name at once, and no longer when it is deleted', async () => {
    assert.equal(await findVault(world.call(), 'kv1'), undefined)
    await putVault(world, { properties: { softDeleteRetentionInDays: 7 } })
    const found = await findVault(world.call(), 'KV1')
    assert.equal(found?.softDeleteRetentionDays, 7)
    assert.equal(found?.id.text, vaultId('kv1').text)
    await deleteVault(world)
    assert.equal(await findVault(world.call(), 'kv1'), undefined)
  })

  it('has a name like Azure’s', () => {
    const { pattern } = (vaults as StoredType).names
    for (const name of ['kv1', 'a-b-c', `a${'b'.repeat(23)}`]) assert.match(name, pattern)
    for (const name of ['kv', '1kv', 'kv-', 'k--v', 'k_v', 'k.v', `a${'b'.repeat(24)}`]) {
      assert.doesNotMatch(name, pattern)
    }
  })

  it('has a name no other vault has, in any group and any casing', async () => {
    await putVault(world)
    const group = '/subscriptions/22222222-2222-3333-4444-555555555555/resourceGroups/Other'
    await assert.rejects(putVault(world, { name: 'KV1', group }), refused('VaultAlreadyExists'))
  })

  it('belongs to this tenant and has a sku there is', async () => {
    await assert.rejects(
      putVault(world, { properties: { tenantId: randomUUID() } }),
      invalid('tenantId'),
    )
    await assert.rejects(
      putVault(world, { properties: { tenantId: undefined } }),
      invalid('tenantId'),
    )
    for (const sku of [
      undefined,
      { family: 'B', name: 'standard' },
      { family: 'A', name: 'gold' },
    ]) {
      await assert.rejects(putVault(world, { properties: { sku } }), invalid('sku'))
    }
  })

  it('refuses properties that it does not have, or of the wrong type', () => {
    const { properties } = vaults as StoredType
    for (const given of [
      { colour: 'red' },
      { enableRbacAuthorization: 'true' },
      { softDeleteRetentionInDays: 7.5 },
      { accessPolicies: {} },
      { accessPolicies: [{ objectId: randomUUID() }] },
    ]) {
      assert.equal(properties.safeParse(given).success, false, JSON.stringify(given))
    }
    const sentBack = { vaultUri: 'https://kv1.vault.azure.net/', provisioningState: 'Succeeded' }
    assert.equal(properties.safeParse(sentBack).success, true)
  })
})

describe('what is once and for all', () => {
  const put = (properties: Record<string, unknown>) => putVault(world, { properties })

  it('is the retention: 7 to 90 days, and never another', async () => {
    await assert.rejects(
      put({ softDeleteRetentionInDays: 6 }),
      invalid('softDeleteRetentionInDays'),
    )
    await assert.rejects(
      put({ softDeleteRetentionInDays: 91 }),
      invalid('softDeleteRetentionInDays'),
    )
    await put({ softDeleteRetentionInDays: 7 })
    await put({ softDeleteRetentionInDays: 7 })
    assert.equal((await put({})).properties.softDeleteRetentionInDays, 7)
    await assert.rejects(
      put({ softDeleteRetentionInDays: 8 }),
      refused(
        'BadRequest',
        'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
      ),
    )
  })

  it('is purge protection: on, or not spoken of', async () => {
    const message =
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.'
    await assert.rejects(put({ enablePurgeProtection: false }), refused('BadRequest', message))
    await put({ enablePurgeProtection: true })
    assert.equal((await put({})).properties.enablePurgeProtection, true)
  })

  it('is soft delete', async () => {
    await put({ enableSoftDelete: true })
    await assert.rejects(
      put({ enableSoftDelete: false }),
      refused(
        'BadRequest',
        'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
      ),
    )
  })
})

describe('the permission model', () => {
  it('is changed only by who may assign roles', async () => {
    const caller = somePrincipal()
    await putVault(world, { caller })
    const change = { caller, properties: { enableRbacAuthorization: true } }
    await assert.rejects(putVault(world, change), refused('AuthorizationFailed'))
    await transaction(world.call(), (tx) =>
      putAssignment(tx, {
        name: randomUUID(),
        scope: TENANT,
        roleId: OWNER,
        principalId: caller.objectId,
        principalType: 'ServicePrincipal',
      }),
    )
    assert.equal((await putVault(world, change)).properties.enableRbacAuthorization, true)
  })
})

describe('access policies', () => {
  const put = (policy: Record<string, unknown>) =>
    putVault(world, {
      properties: {
        accessPolicies: [
          { tenantId: world.tenantId, objectId: randomUUID(), permissions: {}, ...policy },
        ],
      },
    })

  it('are kept as they came, and read by the vault', async () => {
    const objectId = randomUUID()
    await put({ objectId, permissions: { secrets: ['Get', 'all'], keys: null } })
    const vault = await findResource(world.call(), vaultId('kv1'))
    assert.deepEqual(vault?.properties.accessPolicies, [
      { tenantId: world.tenantId, objectId, permissions: { secrets: ['Get', 'all'], keys: null } },
    ])
    assert.equal((await findVault(world.call(), 'kv1'))?.accessPolicies[0]?.objectId, objectId)
  })

  it('name objects by their ids, this tenant, and permissions that exist', async () => {
    await assert.rejects(
      put({ objectId: 'me' }),
      refused('BadRequest', 'Invalid value found at accessPolicies[0].ObjectId: me'),
    )
    await assert.rejects(put({ tenantId: randomUUID() }), refused('BadRequest'))
    await assert.rejects(put({ applicationId: 'x' }), refused('BadRequest'))
    for (const permissions of [{ secrets: ['sign'] }, { keys: ['get '] }, { secrets: [''] }]) {
      await assert.rejects(put({ permissions }), invalid('accessPolicies'))
    }
  })
})
