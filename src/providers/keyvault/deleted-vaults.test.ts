import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { DAY_MS, isoSevenDigits } from '../../base/clock.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { readSecret, setSecret } from '../../core/secrets/secrets.ts'
import type { Vault } from '../../core/secrets/vault.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { NOTHING_LENT } from '../test-lent.ts'
import { deletedVaultLists, deletedVaults, purgeDueVaults } from './deleted-vaults.ts'
import { nameAvailability } from './name-availability.ts'
import { deleteVault, GROUP, putVault, SUBSCRIPTION, vaultId } from './test-vaults.ts'
import { findVault } from './vault-settings.ts'

const ID = parseResourceId(
  `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv1`,
)

let world: TestWorld
beforeEach(async () => {
  world = await openTestWorld()
})
afterEach(() => world.close())

const purge = () =>
  transaction(world.call(), async (tx) =>
    deletedVaults.actions?.purge?.(tx, ID, undefined, NOTHING_LENT),
  )

const list = async () =>
  (await deletedVaultLists.list?.(world.call(), parseResourceId(SUBSCRIPTION), {}))?.body

async function vault(): Promise<Vault> {
  const found = await findVault(world.call(), 'kv1')
  if (!found) throw new Error('kv1 is not there')
  return found
}

async function fill(): Promise<void> {
  const asked = { vault: await vault(), name: 's1', value: new Secret('kept') }
  await transaction(world.call(), (tx) => setSecret(tx, asked))
}

test('a deleted vault is shown where it was, until when', async () => {
  await putVault(world, { tags: { a: '1' }, properties: { softDeleteRetentionInDays: 7 } })
  assert.deepEqual(await list(), { value: [], nextLink: null })
  const { now } = world.call()
  await deleteVault(world)
  const shown = {
    id: ID.text,
    name: 'kv1',
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vaultId('kv1').text,
      location: 'westeurope',
      tags: { a: '1' },
      deletionDate: isoSevenDigits(now),
      scheduledPurgeDate: isoSevenDigits((now + 7 * DAY_MS) as typeof now),
    },
  }
  assert.deepEqual(await list(), { value: [shown], nextLink: null })
  assert.deepEqual(await deletedVaults.get?.(world.call(), ID, {}), { status: 200, body: shown })
})

test('its name is taken until it is recovered, as it was and with what it held', async () => {
  await putVault(world, { tags: { a: '1' }, properties: { enablePurgeProtection: true } })
  await fill()
  await deleteVault(world)
  await assert.rejects(putVault(world), { fault: 'conflict', code: 'ConflictError' })
  const properties = { createMode: 'recover' }
  const elsewhere = { properties, group: `${GROUP}2` }
  await assert.rejects(putVault(world, elsewhere), { code: 'SoftDeletedVaultDoesNotExist' })
  const moved = { properties, location: 'eastus' }
  await assert.rejects(putVault(world, moved), { code: 'SoftDeletedVaultDoesNotExist' })
  const recovered = await putVault(world, { properties })
  assert.equal(recovered.properties.enablePurgeProtection, true)
  assert.deepEqual(recovered.tags, { a: '1' })
  const read = await readSecret(world.call(), { vault: await vault(), name: 's1' })
  assert.equal(read.value.reveal(), 'kept')
  assert.deepEqual(await list(), { value: [], nextLink: null })
  await assert.rejects(putVault(world, { properties }), { code: 'VaultAlreadyExists' })
})

test('purged, it leaves its name free and nothing inside', async () => {
  await putVault(world)
  await fill()
  await deleteVault(world)
  assert.equal((await purge())?.status, 202)
  await assert.rejects(purge(), { fault: 'missing', code: 'DeletedVaultNotFound' })
  await putVault(world)
  const asked = { vault: await vault(), name: 's1' }
  await assert.rejects(readSecret(world.call(), asked), { code: 'SecretNotFound' })
})

test('with purge protection nobody purges it', async () => {
  await putVault(world, { properties: { enablePurgeProtection: true } })
  await deleteVault(world)
  await assert.rejects(purge(), {
    code: 'MethodNotAllowed',
    message: "Operation 'DeletedVaultPurge' is not allowed.",
  })
})

test('at the end of its retention it is gone, protected or not', async () => {
  await putVault(world, {
    properties: { enablePurgeProtection: true, softDeleteRetentionInDays: 7 },
  })
  await fill()
  await deleteVault(world)
  world.clock.move(7 * DAY_MS - 1)
  assert.equal(await transaction(world.call(), purgeDueVaults), 0)
  world.clock.move(1)
  assert.equal(await transaction(world.call(), purgeDueVaults), 1)
  assert.deepEqual(await list(), { value: [], nextLink: null })
  await putVault(world)
})

test('a name says whether it can be had', async () => {
  const check = async (name: string) => {
    const body = { name, type: 'Microsoft.KeyVault/vaults' }
    const scope = parseResourceId(SUBSCRIPTION)
    const answer = await transaction(world.call(), async (tx) =>
      nameAvailability.actions?.['']?.(tx, scope, body, NOTHING_LENT),
    )
    const said = (answer?.body ?? {}) as Record<string, unknown>
    return [said.nameAvailable, said.reason]
  }
  assert.deepEqual(await check('kv1'), [true, undefined])
  await putVault(world)
  assert.deepEqual(await check('KV1'), [false, 'AlreadyExists'])
  await deleteVault(world)
  assert.deepEqual(await check('kv1'), [false, 'AlreadyExists'])
  assert.deepEqual(await check('k'), [false, 'AccountNameInvalid'])
})
