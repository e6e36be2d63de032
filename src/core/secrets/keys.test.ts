import assert from 'node:assert/strict'
import {
  constants,
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  privateDecrypt,
  publicEncrypt,
  verify as verifyText,
} from 'node:crypto'
import { after, before, test } from 'node:test'
import { DAY_MS, type Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  generateKeyMaterial,
  importKeyMaterial,
  privateKeyOf,
  publicKeyOf,
} from './key-material.ts'
import { decrypt, encrypt, sign, verify } from './key-operations.ts'
import {
  createKey,
  deleteKey,
  type KeyChanges,
  type KeyVersion,
  listKeys,
  listKeyVersions,
  purgeKey,
  readDeletedKey,
  readKey,
  recoverKey,
  updateKey,
} from './keys.ts'
import { someVault } from './test-vault.ts'

let world: TestWorld
const vault = someVault()

before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

interface Asked extends KeyChanges {
  kty?: string
  keySizeBits?: number
  curve?: string
}

async function create(name: string, asked: Asked = {}): Promise<KeyVersion> {
  const material = await generateKeyMaterial({ vault, kty: 'EC', ...asked })
  return transaction(world.call(), (tx) => createKey(tx, { vault, name, material, ...asked }))
}

const refused = (code: string, inner: string | undefined, message: string) => (reason: unknown) => {
  assert.ok(reason instanceof Failure)
  assert.deepEqual(
    { code: reason.code, inner: reason.inner, message: reason.message },
    { code, inner, message },
  )
  return true
}

test('an RSA key has 2048 bits and every use unless less is asked for', async () => {
  const key = await create('rsa-default', { kty: 'RSA' })
  assert.deepEqual(key.keyOperations, [
    'encrypt',
    'decrypt',
    'sign',
    'verify',
    'wrapKey',
    'unwrapKey',
  ])
  assert.equal(publicKeyOf(key.members).asymmetricKeyDetails?.modulusLength, 2048)
  assert.equal('e' in key.members && key.members.e, 'AQAB')
  const one = await create('rsa-sign', { kty: 'RSA', keySizeBits: 3072, keyOperations: ['sign'] })
  assert.deepEqual(one.keyOperations, ['sign'])
  assert.equal(publicKeyOf(one.members).asymmetricKeyDetails?.modulusLength, 3072)
})

test('a kind of key that is not offered is refused', async () => {
  const size = refused('BadParameter', undefined, 'Unsupported key size')
  await assert.rejects(create('k', { kty: 'RSA', keySizeBits: 1024 }), size)
  await assert.rejects(create('k', { kty: 'RSA', keySizeBits: 2049 }), size)
  const property = (name: string) =>
    refused('BadParameter', undefined, `Property ${name} has invalid value\r\n`)
  await assert.rejects(create('k', { kty: 'oct' }), property('kty'))
  await assert.rejects(create('k', { kty: 'toString' }), property('kty'))
  await assert.rejects(create('k', { kty: 'RSA-HSM' }), property('kty'))
  await assert.rejects(create('k', { curve: 'P-192' }), property('crv'))
  await assert.rejects(create('k', { keyOperations: ['encrypt'] }), property('key_ops'))
  await assert.rejects(create('k', { keyOperations: ['dance'] }), property('key_ops'))
})

test('a premium vault offers HSM keys', async () => {
  const premium = someVault({ sku: 'premium', key: '/vaults/premium' })
  const material = await generateKeyMaterial({ vault: premium, kty: 'EC-HSM' })
  assert.equal(material.kty, 'EC-HSM')
})

test('versions, updates, deletion and recovery go as for secrets', async () => {
  const first = await create('Life-Cycle')
  const second = await create('life-cycle', { tags: { n: '2' } })
  assert.equal((await readKey(world.call(), { vault, name: 'LIFE-cycle' })).version, second.version)
  const versions = await listKeyVersions(world.call(), { vault, name: 'life-cycle', size: 25 })
  assert.deepEqual(
    versions.items.map(({ version }) => version),
    [first.version, second.version],
  )
  const changed = await transaction(world.call(), (tx) =>
    updateKey(tx, { vault, name: 'life-cycle', keyOperations: ['verify'] }),
  )
  assert.deepEqual([changed.keyOperations, changed.tags], [['verify'], { n: '2' }])
  await transaction(world.call(), (tx) => deleteKey(tx, { vault, name: 'life-cycle' }))
  await assert.rejects(readKey(world.call(), { vault, name: 'life-cycle' }), {
    code: 'KeyNotFound',
  })
  await assert.rejects(
    create('life-cycle'),
    refused(
      'Conflict',
      'ObjectIsDeletedButRecoverable',
      'Key life-cycle is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.',
    ),
  )
  await transaction(world.call(), (tx) => recoverKey(tx, { vault, name: 'life-cycle' }))
  assert.ok((await listKeys(world.call(), { vault, size: 25 })).items.length > 0)
  await transaction(world.call(), (tx) => deleteKey(tx, { vault, name: 'life-cycle' }))
  await transaction(world.call(), (tx) => purgeKey(tx, { vault, name: 'life-cycle' }))
  await assert.rejects(
    readDeletedKey(world.call(), { vault, name: 'life-cycle' }),
    refused('KeyNotFound', undefined, 'Deleted Key not found: life-cycle'),
  )
})

test('private halves rest sealed', async () => {
  await create('sealed')
  const [row] = await world.database.reader.all<{ private_key: Uint8Array }>(
    "SELECT private_key FROM keys WHERE name_key = 'sealed'",
    [],
  )
  assert.throws(() => privateKeyOf(row?.private_key ?? new Uint8Array()))
})

const TEXT = Buffer.from('signed for whoever holds the public key')

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING }
for (const [algorithm, hash, asked, options] of [
  ['RS256', 'sha256', { kty: 'RSA' }, {}],
  ['RS384', 'sha384', { kty: 'RSA' }, {}],
  ['RS512', 'sha512', { kty: 'RSA' }, {}],
  ['PS256', 'sha256', { kty: 'RSA' }, PSS],
  ['PS384', 'sha384', { kty: 'RSA' }, PSS],
  ['PS512', 'sha512', { kty: 'RSA' }, PSS],
  ['ES256', 'sha256', { curve: 'P-256' }, { dsaEncoding: 'ieee-p1363' }],
  ['ES384', 'sha384', { curve: 'P-384' }, { dsaEncoding: 'ieee-p1363' }],
  ['ES512', 'sha512', { curve: 'P-521' }, { dsaEncoding: 'ieee-p1363' }],
  ['ES256K', 'sha256', { curve: 'P-256K' }, { dsaEncoding: 'ieee-p1363' }],
] as const) {
  test(`${algorithm}: signed here, verified by OpenSSL and here`, async () => {
    const name = `sign-${algorithm}`
    const { members } = await create(name, asked)
    const digest = createHash(hash).update(TEXT).digest()
    const use = { vault, name, algorithm, value: digest }
    const { value: signature } = await sign(world.call(), use)
    assert.ok(verifyText(hash, TEXT, { key: publicKeyOf(members), ...options }, signature))
    assert.equal(await verify(world.call(), { ...use, signature }), true)
    const other = createHash(hash).update('other').digest()
    assert.equal(await verify(world.call(), { ...use, value: other, signature }), false)
  })
}

const OAEP = constants.RSA_PKCS1_OAEP_PADDING
for (const [algorithm, options] of [
  ['RSA-OAEP', { padding: OAEP, oaepHash: 'sha1' }],
  ['RSA-OAEP-256', { padding: OAEP, oaepHash: 'sha256' }],
  ['RSA1_5', { padding: constants.RSA_PKCS1_PADDING }],
] as const) {
  test(`${algorithm}: what is encrypted here or elsewhere is decrypted here`, async () => {
    const name = `encrypt-${algorithm.replace('_', '-')}`
    const { members } = await create(name, { kty: 'RSA' })
    const value = Buffer.from('a data key')
    const call = world.call()
    const sealed = await encrypt(call, { vault, name, algorithm, value })
    const opened = await decrypt(call, { vault, name, algorithm, value: sealed.value })
    assert.deepEqual(opened.value, value)
    const elsewhere = publicEncrypt({ key: publicKeyOf(members), ...options }, value)
    const unwrapped = await decrypt(call, { vault, name, algorithm, value: elsewhere }, 'unwrapKey')
    assert.deepEqual(unwrapped.value, value)
  })
}

test('what a key imported was used for elsewhere, it is used for here', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = privateKey.export({ format: 'jwk' }) as Record<string, unknown>
  const material = importKeyMaterial({ vault, jwk })
  await transaction(world.call(), (tx) => createKey(tx, { vault, name: 'imported', material }))
  const use = { vault, name: 'imported', algorithm: 'RSA-OAEP', value: Buffer.from('x') }
  const { value } = await encrypt(world.call(), use)
  assert.equal(privateDecrypt({ key: privateKey, padding: OAEP }, value).toString(), 'x')
  assert.deepEqual(
    publicKeyOf(material.members).export({ format: 'jwk' }),
    publicKey.export({ format: 'jwk' }),
  )
})

test('an EC key is imported in the curve names of Key Vault', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const jwk = {
    ...(privateKey.export({ format: 'jwk' }) as Record<string, unknown>),
    crv: 'P-256K',
  }
  const { members } = importKeyMaterial({ vault, jwk })
  assert.equal('crv' in members && members.crv, 'P-256K')
})

test('a key to import must be private, whole and of an offered size', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const jwkOf = (key: typeof pair.privateKey) => key.export({ format: 'jwk' }) as JsonWebKey
  const mixed = { ...jwkOf(pair.privateKey), n: jwkOf(other.privateKey).n }
  for (const jwk of [jwkOf(pair.publicKey), mixed, jwkOf(small.privateKey), { kty: 'RSA' }]) {
    assert.throws(
      () => importKeyMaterial({ vault, jwk: jwk as Record<string, unknown> }),
      refused('BadParameter', undefined, 'Property key has invalid value\r\n'),
    )
  }
})

const digest = createHash('sha256').update(TEXT).digest()

test('a key does only what its operations allow', async () => {
  await create('only-verify', { keyOperations: ['verify'] })
  await assert.rejects(
    sign(world.call(), { vault, name: 'only-verify', algorithm: 'ES256', value: digest }),
    refused('Forbidden', 'KeyOperationForbidden', 'Operation sign is not permitted on this key.'),
  )
})

test('a disabled key does nothing and is not read', async () => {
  await create('disabled', { attributes: { enabled: false } })
  await assert.rejects(
    sign(world.call(), { vault, name: 'disabled', algorithm: 'ES256', value: digest }),
    refused('Forbidden', 'KeyDisabled', 'Operation sign is not allowed on a disabled key.'),
  )
  await assert.rejects(
    readKey(world.call(), { vault, name: 'disabled' }),
    refused('Forbidden', 'KeyDisabled', 'Operation get is not allowed on a disabled key.'),
  )
})

test('outside its validity times a key undoes, but makes nothing new', async () => {
  const expires = (world.clock.now() + DAY_MS) as Instant
  const name = 'short-lived'
  await create(name, { kty: 'RSA', attributes: { notBefore: world.clock.now(), expires } })
  const plain = { vault, name, algorithm: 'RSA-OAEP-256', value: Buffer.from('x') }
  const wrapped = (await encrypt(world.call(), plain, 'wrapKey')).value
  world.clock.move(DAY_MS)
  await assert.rejects(
    encrypt(world.call(), plain, 'wrapKey'),
    refused('Forbidden', 'KeyExpired', 'Operation wrapKey is not allowed on an expired key.'),
  )
  const use = { ...plain, value: wrapped }
  assert.equal((await decrypt(world.call(), use, 'unwrapKey')).value.toString(), 'x')
  world.clock.move(-2 * DAY_MS)
  await assert.rejects(
    encrypt(world.call(), plain),
    refused(
      'Forbidden',
      'KeyNotYetValid',
      'Operation encrypt is not allowed on a key that is not yet valid.',
    ),
  )
  world.clock.move(DAY_MS)
})

test('an algorithm must fit the key and the digest the algorithm', async () => {
  const { version } = await create('misfit', { curve: 'P-256K' })
  const use = { vault, name: 'misfit', value: digest }
  const kid = `https://kv1.vault.azure.net/keys/misfit/${version}`
  await assert.rejects(
    sign(world.call(), { ...use, algorithm: 'ES256' }),
    refused(
      'BadParameter',
      undefined,
      `Key and signing algorithm are incompatible. Key ${kid} uses curve 'P-256K', and algorithm 'ES256' can only be used with curve 'P-256'.`,
    ),
  )
  await assert.rejects(
    sign(world.call(), { ...use, algorithm: 'RS256' }),
    refused(
      'BadParameter',
      undefined,
      `Key and signing algorithm are incompatible. Key ${kid} is of type 'EC', and algorithm 'RS256' can only be used with a key of type 'RSA' or 'RSA-HSM'.`,
    ),
  )
  await assert.rejects(
    sign(world.call(), { ...use, algorithm: 'ES256K', value: digest.subarray(1) }),
    refused(
      'BadParameter',
      undefined,
      "Invalid length of 'value': 31 bytes. ES256K requires 32 bytes, encoded with base64url.",
    ),
  )
  for (const algorithm of ['HS256', 'none', 'toString', '']) {
    await assert.rejects(
      sign(world.call(), { ...use, algorithm }),
      refused('BadParameter', undefined, 'Property alg has invalid value\r\n'),
    )
  }
})

test('what does not decrypt is refused without saying why', async () => {
  await create('decrypts', { kty: 'RSA' })
  const use = { vault, name: 'decrypts', algorithm: 'RSA-OAEP' }
  for (const value of [Buffer.alloc(256, 1), Buffer.alloc(10)]) {
    await assert.rejects(
      decrypt(world.call(), { ...use, value }),
      refused('BadParameter', undefined, 'The parameter is incorrect.\r\n'),
    )
  }
  await assert.rejects(encrypt(world.call(), { ...use, value: Buffer.alloc(500) }), {
    code: 'BadParameter',
  })
})
