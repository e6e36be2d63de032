import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { backupKey, backupSecret, restoreKey, restoreSecret } from './backup.ts'
import { generateKeyMaterial } from './key-material.ts'
import { sign, verify } from './key-operations.ts'
import { createKey, deleteKey, purgeKey } from './keys.ts'
import { deleteSecret, listSecretVersions, purgeSecret, readSecret, setSecret } from './secrets.ts'
import { someVault } from './test-vault.ts'
import type { Vault } from './vault.ts'

const vault = someVault()
const other = someVault({ key: '/vaults/other' })
const far = someVault({
  key: '/vaults/far',
  id: parseResourceId(vault.id.text.replace('11111111', '99999999')),
})

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

const restore = (into: Vault, backup: Uint8Array) =>
  transaction(world.call(), (tx) => restoreSecret(tx, { vault: into, backup }))

const malformed = {
  fault: 'invalid',
  code: 'Malformed backup blob',
  message: 'Backup blob contains invalid or corrupt version.',
}

test('a secret comes back with all its versions, here or in another vault', async () => {
  const of = { vault, name: 'Kept' }
  for (const text of ['old', 'new']) {
    const asked = { ...of, value: new Secret(text), tags: { text }, contentType: 'text/plain' }
    await transaction(world.call(), (tx) => setSecret(tx, asked))
    world.clock.move(1000)
  }
  const before = await listSecretVersions(world.call(), { ...of, size: 25 })
  const backup = await backupSecret(world.call(), of)
  await transaction(world.call(), (tx) => deleteSecret(tx, of))
  await assert.rejects(restore(vault, backup), { inner: 'ObjectIsDeletedButRecoverable' })
  await transaction(world.call(), (tx) => purgeSecret(tx, of))
  const restored = await restore(vault, backup)
  assert.deepEqual(restored, before.items.at(-1))
  assert.deepEqual(await listSecretVersions(world.call(), { ...of, size: 25 }), before)
  await assert.rejects(restore(vault, backup), {
    fault: 'conflict',
    code: 'Conflict',
    message: 'Secret Kept already exists.',
  })
  await restore(other, backup)
  const read = await readSecret(world.call(), { vault: other, name: 'kept' })
  assert.equal(read.value.reveal(), 'new')
  const oldest = { vault: other, name: 'kept', version: before.items[0]?.version }
  assert.equal((await readSecret(world.call(), oldest)).value.reveal(), 'old')
})

test('a backup tells nothing, and opens for nothing but what it is', async () => {
  const of = { vault, name: 'Hidden' }
  const asked = { ...of, value: new Secret('correct horse') }
  await transaction(world.call(), (tx) => setSecret(tx, asked))
  const backup = await backupSecret(world.call(), of)
  for (const text of ['correct horse', Buffer.from('correct horse').toString('base64'), 'idden']) {
    assert.equal(backup.includes(text), false)
  }
  await assert.rejects(restore(far, backup), malformed)
  const changed = Buffer.from(backup)
  changed[40] = (changed[40] ?? 0) ^ 1
  for (const bytes of [changed, Buffer.alloc(0), Buffer.alloc(8651), backup.subarray(1)]) {
    await assert.rejects(restore(vault, bytes), malformed)
  }
  const asKey = transaction(world.call(), (tx) => restoreKey(tx, { vault: other, backup }))
  await assert.rejects(asKey, malformed)
  const none = backupSecret(world.call(), { vault, name: 'none' })
  await assert.rejects(none, { code: 'SecretNotFound' })
})

test('what is too long to be sent back is not backed up', async () => {
  const of = { vault, name: 'long' }
  for (let version = 0; version < 22; version += 1) {
    const value = new Secret('x'.repeat(25_600))
    await transaction(world.call(), (tx) => setSecret(tx, { ...of, value }))
  }
  await assert.rejects(backupSecret(world.call(), of), { fault: 'invalid', code: 'BadParameter' })
})

test('a key comes back and does what it did', async () => {
  const of = { vault, name: 'pair' }
  const material = await generateKeyMaterial({ vault, kty: 'EC' })
  await transaction(world.call(), (tx) => createKey(tx, { ...of, material }))
  const use = { ...of, algorithm: 'ES256', value: Buffer.alloc(32, 1) }
  const { value: signature } = await sign(world.call(), use)
  const backup = await backupKey(world.call(), of)
  await transaction(world.call(), async (tx) => {
    await deleteKey(tx, of)
    await purgeKey(tx, of)
    await restoreKey(tx, { vault, backup })
  })
  assert.equal(await verify(world.call(), { ...use, signature }), true)
  assert.equal((await sign(world.call(), use)).value.length, 64)
  const again = transaction(world.call(), (tx) => restoreKey(tx, { vault, backup }))
  await assert.rejects(again, { fault: 'conflict', message: 'Key pair already exists.' })
})

test('a backup of a format that is not known is refused like any other that does not open', async () => {
  const call = world.call()
  const context = `backup:${vault.id.subscriptionId}/secrets`
  const sealed = (plain: object) => call.seal.close(Buffer.from(JSON.stringify(plain)), context)
  await assert.rejects(restore(vault, sealed({ format: 2, rows: [] })), malformed)
})
