import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { DAY_MS, type Instant, MINUTE_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { Secret } from '../../base/secret.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { forgetVault, purgeDue } from './deletion.ts'
import {
  deleteSecret,
  LONGEST_SECRET_BYTES,
  listDeletedSecrets,
  listSecrets,
  listSecretVersions,
  purgeSecret,
  readDeletedSecret,
  readSecret,
  recoverSecret,
  type SecretChanges,
  setSecret,
  updateSecret,
} from './secrets.ts'
import { someVault } from './test-vault.ts'
import type { Vault } from './vault.ts'

let world: TestWorld
let vault: Vault
let vaults = 0

before(async () => {
  world = await openTestWorld()
})
after(() => world.close())
beforeEach(() => {
  vaults += 1
  vault = someVault({ key: `/vaults/kv${vaults}` })
})

const write: <Result>(
  work: (tx: Parameters<Parameters<typeof transaction<Result>>[1]>[0]) => Promise<Result>,
) => Promise<Result> = (work) => transaction(world.call(), work)

const set = (name: string, value: string, changes: SecretChanges = {}) =>
  write((tx) => setSecret(tx, { vault, name, value: new Secret(value), ...changes }))

const refused =
  (fault: string, code: string, message: string, inner?: string) => (reason: unknown) => {
    assert.ok(reason instanceof Failure)
    assert.deepEqual(
      { fault: reason.fault, code: reason.code, message: reason.message, inner: reason.inner },
      { fault, code, message, inner },
    )
    return true
  }

const missing = (id: string) =>
  refused(
    'missing',
    'SecretNotFound',
    `A secret with (name/id) ${id} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  )

test('a secret is read back as it was set', async () => {
  const tags = { purpose: 'lab' }
  const made = await set('Db-Password', 'p4ß', { contentType: 'text/plain', tags })
  assert.match(made.version, /^[0-9a-f]{32}$/)
  const read = await readSecret(world.call(), { vault, name: 'db-password' })
  assert.equal(read.value.reveal(), 'p4ß')
  assert.deepEqual(
    { ...read, value: undefined },
    {
      name: 'Db-Password',
      version: made.version,
      contentType: 'text/plain',
      tags,
      attributes: {
        enabled: true,
        notBefore: undefined,
        expires: undefined,
        created: world.clock.now(),
        updated: world.clock.now(),
      },
      value: undefined,
    },
  )
})

test('setting again makes a new version; the newest answers to the name, the old one to its version', async () => {
  const first = await set('s1', 'one')
  const second = await set('S1', 'two')
  assert.notEqual(first.version, second.version)
  assert.equal(second.name, 's1', 'the name keeps the casing it was first given')
  const call = world.call()
  assert.equal((await readSecret(call, { vault, name: 's1' })).value.reveal(), 'two')
  const old = await readSecret(call, { vault, name: 's1', version: first.version })
  assert.equal(old.value.reveal(), 'one')
})

test('what is not there is missing, by name and by version', async () => {
  await set('s1', 'one')
  const call = world.call()
  await assert.rejects(readSecret(call, { vault, name: 'none' }), missing('none'))
  const version = '0'.repeat(32)
  await assert.rejects(readSecret(call, { vault, name: 's1', version }), missing(`s1/${version}`))
  const other = someVault({ key: '/vaults/other' })
  await assert.rejects(readSecret(call, { vault: other, name: 's1' }), missing('s1'))
})

test('a name is 1 to 127 letters, digits and hyphens', async () => {
  for (const name of ['a_b', 'a.b', '', '../x', 'a'.repeat(128), 'ä']) {
    await assert.rejects(
      readSecret(world.call(), { vault, name }),
      refused('invalid', 'BadParameter', `The request URI contains an invalid name: ${name}`),
    )
  }
  await set('a'.repeat(127), 'fits')
})

test('a value has at most 25,600 bytes of UTF-8', async () => {
  await set('s1', 'ä'.repeat(LONGEST_SECRET_BYTES / 2))
  await assert.rejects(
    set('s1', `${'ä'.repeat(LONGEST_SECRET_BYTES / 2)}x`),
    refused('invalid', 'BadParameter', 'Property  has invalid value\r\n'),
  )
  const { items } = await listSecretVersions(world.call(), { vault, name: 's1', size: 25 })
  assert.equal(items.length, 1)
})

test('values rest sealed, each for its own version', async () => {
  const one = await set('s1', 'very secret value')
  const two = await set('s1', 'another')
  const rows = await world.database.reader.all<{ value: Uint8Array; version: string }>(
    'SELECT value, version FROM secrets WHERE vault_key = ? ORDER BY sequence',
    [vault.key],
  )
  assert.ok(rows.every(({ value }) => !Buffer.from(value).includes('secret')))
  const stolen = rows[0]?.value ?? new Uint8Array()
  await world.database.write((db) =>
    db.run('UPDATE secrets SET value = ? WHERE version = ?', [stolen, two.version]),
  )
  await assert.rejects(readSecret(world.call(), { vault, name: 's1' }))
  const read = await readSecret(world.call(), { vault, name: 's1', version: one.version })
  assert.equal(read.value.reveal(), 'very secret value')
})

test('an update changes what it names and nothing else', async () => {
  const { version } = await set('s1', 'one', { contentType: 'a', tags: { x: '1' } })
  world.clock.move(MINUTE_MS)
  const expires = (world.clock.now() + DAY_MS) as Instant
  const changed = await write((tx) =>
    updateSecret(tx, { vault, name: 's1', version, attributes: { expires } }),
  )
  assert.equal(changed.contentType, 'a')
  assert.deepEqual(changed.tags, { x: '1' })
  assert.equal(changed.attributes.expires, expires)
  assert.equal(changed.attributes.updated, world.clock.now())
  assert.equal(changed.attributes.created, world.clock.now() - MINUTE_MS)
  const read = await readSecret(world.call(), { vault, name: 's1' })
  assert.equal(read.value.reveal(), 'one')
})

test('a disabled version is refused but listed, and can be enabled again', async () => {
  await set('s1', 'one', { attributes: { enabled: false } })
  await assert.rejects(
    readSecret(world.call(), { vault, name: 's1' }),
    refused(
      'forbidden',
      'Forbidden',
      'Operation get is not allowed on a disabled secret.',
      'SecretDisabled',
    ),
  )
  assert.equal((await listSecrets(world.call(), { vault, size: 25 })).items.length, 1)
  await write((tx) => updateSecret(tx, { vault, name: 's1', attributes: { enabled: true } }))
  assert.equal((await readSecret(world.call(), { vault, name: 's1' })).value.reveal(), 'one')
})

test('validity times do not keep a secret from being read', async () => {
  const past = (world.clock.now() - DAY_MS) as Instant
  await set('s1', 'one', { attributes: { expires: past } })
  assert.equal((await readSecret(world.call(), { vault, name: 's1' })).value.reveal(), 'one')
})

test('lists are cut into pages by name, and show the newest version', async () => {
  for (const name of ['c', 'A', 'b']) await set(name, 'one')
  await set('b', 'two', { tags: { newest: 'yes' } })
  const call = world.call()
  const first = await listSecrets(call, { vault, size: 2 })
  assert.deepEqual(
    first.items.map(({ name, tags }) => [name, tags]),
    [
      ['A', undefined],
      ['b', { newest: 'yes' }],
    ],
  )
  const second = await listSecrets(call, { vault, size: 2, after: first.next })
  assert.deepEqual(
    second.items.map(({ name }) => name),
    ['c'],
  )
  assert.equal(second.next, undefined)
})

test('versions are listed oldest first; a name that is not there has none', async () => {
  const made = [await set('s1', '1'), await set('s1', '2'), await set('s1', '3')]
  const call = world.call()
  const first = await listSecretVersions(call, { vault, name: 's1', size: 2 })
  const second = await listSecretVersions(call, { vault, name: 's1', size: 2, after: first.next })
  assert.deepEqual(
    [...first.items, ...second.items].map(({ version }) => version),
    made.map(({ version }) => version),
  )
  assert.deepEqual(await listSecretVersions(call, { vault, name: 'none', size: 2 }), {
    items: [],
    next: undefined,
  })
})

test('a deleted secret is hidden, its name taken, until it is recovered with all its versions', async () => {
  const first = await set('s1', 'one')
  await set('s1', 'two')
  const deleted = await write((tx) => deleteSecret(tx, { vault, name: 's1' }))
  assert.equal(deleted.deletedAt, world.clock.now())
  assert.equal(deleted.purgeAt, world.clock.now() + 90 * DAY_MS)
  const call = world.call()
  await assert.rejects(readSecret(call, { vault, name: 's1' }), missing('s1'))
  const { version } = first
  await assert.rejects(readSecret(call, { vault, name: 's1', version }), missing(`s1/${version}`))
  assert.deepEqual((await listSecrets(call, { vault, size: 25 })).items, [])
  assert.deepEqual((await listSecretVersions(call, { vault, name: 's1', size: 25 })).items, [])
  await assert.rejects(
    write((tx) => deleteSecret(tx, { vault, name: 's1' })),
    missing('s1'),
  )
  await assert.rejects(
    set('S1', 'three'),
    refused(
      'conflict',
      'Conflict',
      'Secret S1 is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.',
      'ObjectIsDeletedButRecoverable',
    ),
  )
  const recovered = await write((tx) => recoverSecret(tx, { vault, name: 's1' }))
  assert.equal(recovered.version, deleted.item.version)
  const read = await readSecret(world.call(), { vault, name: 's1', version })
  assert.equal(read.value.reveal(), 'one')
})

test('deleted secrets are listed and read as deleted, those that are not are not', async () => {
  await set('s1', 'one')
  await set('s2', 'two')
  await write((tx) => deleteSecret(tx, { vault, name: 's2' }))
  const call = world.call()
  const listed = await listDeletedSecrets(call, { vault, size: 25 })
  assert.deepEqual(
    listed.items.map(({ item }) => item.name),
    ['s2'],
  )
  assert.equal((await readDeletedSecret(call, { vault, name: 's2' })).item.name, 's2')
  const notDeleted = refused('missing', 'SecretNotFound', 'Deleted Secret not found: s1')
  await assert.rejects(readDeletedSecret(call, { vault, name: 's1' }), notDeleted)
  await assert.rejects(
    write((tx) => recoverSecret(tx, { vault, name: 's1' })),
    notDeleted,
  )
  await assert.rejects(
    write((tx) => purgeSecret(tx, { vault, name: 's1' })),
    notDeleted,
  )
})

test('purging forgets a deleted secret and frees its name', async () => {
  await set('s1', 'one')
  await write((tx) => deleteSecret(tx, { vault, name: 's1' }))
  await write((tx) => purgeSecret(tx, { vault, name: 's1' }))
  await assert.rejects(readDeletedSecret(world.call(), { vault, name: 's1' }))
  await set('s1', 'anew')
  const { items } = await listSecretVersions(world.call(), { vault, name: 's1', size: 25 })
  assert.equal(items.length, 1)
})

test('with purge protection nobody purges', async () => {
  vault = { ...vault, purgeProtection: true }
  await set('s1', 'one')
  await write((tx) => deleteSecret(tx, { vault, name: 's1' }))
  await assert.rejects(
    write((tx) => purgeSecret(tx, { vault, name: 's1' })),
    refused(
      'forbidden',
      'Forbidden',
      'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.\r\nVault: kv1;location=westeurope',
    ),
  )
})

test('what was deleted is purged when its retention ends, not before, protected or not', async () => {
  vault = { ...vault, softDeleteRetentionDays: 7, purgeProtection: true }
  await set('s1', 'one')
  await write((tx) => deleteSecret(tx, { vault, name: 's1' }))
  world.clock.move(7 * DAY_MS - 1)
  await write(purgeDue)
  await readDeletedSecret(world.call(), { vault, name: 's1' })
  world.clock.move(1)
  await write(purgeDue)
  await assert.rejects(readDeletedSecret(world.call(), { vault, name: 's1' }))
  assert.equal(await write(purgeDue), 0)
})

test('a vault that is forgotten leaves nothing behind', async () => {
  await set('s1', 'one')
  await set('s2', 'two')
  await write((tx) => deleteSecret(tx, { vault, name: 's2' }))
  await write((tx) => forgetVault(tx, vault.key))
  const call = world.call()
  assert.deepEqual((await listSecrets(call, { vault, size: 25 })).items, [])
  assert.deepEqual((await listDeletedSecrets(call, { vault, size: 25 })).items, [])
})
