import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { makeCertificate, makeKeyPair } from '../../base/certificate.ts'
import { DAY_MS, type Instant, after as instantAfter } from '../../base/clock.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { Secret } from '../../base/secret.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  credentialsToRoll,
  identityCertificate,
  issueMissingCertificates,
} from './identity-certificates.ts'
import { addKeyCredential, keyCredentialsOf, openPrivateKey } from './key-credentials.ts'
import { createManagedIdentityPrincipal } from './managed-identities.ts'
import {
  addPasswordCredential,
  checkPassword,
  passwordCredentialsOf,
  removePasswordCredential,
} from './password-credentials.ts'
import { deleteServicePrincipal } from './service-principals.ts'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

function addSecret(ownerId: ObjectId, days: number, startsAt?: Instant) {
  return transaction(world.call(), (tx) =>
    addPasswordCredential(tx, { ownerId, startsAt, endsAt: instantAfter(tx.now, days * DAY_MS) }),
  )
}

function check(ownerId: ObjectId, presented: string) {
  return checkPassword(world.call(), { ownerIds: [ownerId], presented: new Secret(presented) })
}

async function someIdentity(): Promise<ObjectId> {
  const resourceId = parseResourceId(
    `/subscriptions/${newId()}/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`,
  )
  return transaction(world.call(), async (tx) => {
    return (await createManagedIdentityPrincipal(tx, { kind: 'UserAssigned', resourceId })).objectId
  })
}

test('a secret is shown once, kept as a hash, and told right from wrong', async () => {
  const ownerId = newId<ObjectId>()
  const { credential, secretText } = await addSecret(ownerId, 1)
  const text = secretText.reveal()
  assert.match(text, /^[A-Za-z0-9_.~]{40}$/)
  assert.equal(credential.hint, text.slice(0, 3))
  assert.equal(inspect({ credential, secretText }).includes(text), false)
  assert.equal(await check(ownerId, text), 'right')
  assert.equal(await check(ownerId, `${text}x`), 'wrong')
  assert.equal(await check(ownerId, ''), 'wrong')
  assert.equal(await check(newId<ObjectId>(), text), 'wrong')
  const [row] = await world.database.reader.all<{ salt: Uint8Array; hash: Uint8Array }>(
    'SELECT * FROM password_credentials WHERE owner_id = ?',
    [ownerId],
  )
  assert.equal(row?.hash.length, 32)
  assert.equal(Buffer.from(row?.salt ?? []).length, 16)
})

test('a secret is told as expired only to whoever knows it', async () => {
  const ownerId = newId<ObjectId>()
  const old = (await addSecret(ownerId, 1)).secretText.reveal()
  const fresh = (await addSecret(ownerId, 10)).secretText.reveal()
  world.clock.move(2 * DAY_MS)
  assert.equal(await check(ownerId, old), 'expired')
  assert.equal(await check(ownerId, fresh), 'right')
  assert.equal(await check(ownerId, 'guess'), 'wrong')
})

test('a secret that has not started is wrong, and a removed one too', async () => {
  const ownerId = newId<ObjectId>()
  const later = await addSecret(ownerId, 10, instantAfter(world.clock.now(), DAY_MS))
  assert.equal(await check(ownerId, later.secretText.reveal()), 'wrong')
  const { credential, secretText } = await addSecret(ownerId, 1)
  const { keyId } = credential
  const removed = await transaction(world.call(), (tx) =>
    removePasswordCredential(tx, { ownerId, keyId }),
  )
  assert.equal(removed, true)
  assert.equal(await check(ownerId, secretText.reveal()), 'wrong')
  assert.deepEqual(await passwordCredentialsOf(world.call(), ownerId), [later.credential])
})

test('bytes that are no RSA certificate are refused', async () => {
  const add = (certificate: Uint8Array) =>
    transaction(world.call(), (tx) =>
      addKeyCredential(tx, { ownerId: newId<ObjectId>(), certificate }),
    )
  await assert.rejects(add(Buffer.from('no certificate')), { code: 'InvalidCertificate' })
  const keys = await makeKeyPair('EC-P256')
  const now = world.clock.now()
  const { der } = await makeCertificate(
    {
      subject: 'elliptic',
      publicKey: keys.publicKey,
      use: { kind: 'signer' },
      notBefore: now,
      notAfter: instantAfter(now, DAY_MS),
    },
    { subject: 'elliptic', ...keys },
  )
  await assert.rejects(add(der), { code: 'InvalidCertificate' })
})

test('the job gives each identity a certificate of 90 days, once', async () => {
  const objectId = await someIdentity()
  assert.deepEqual(await credentialsToRoll(world.call()), [objectId])
  assert.deepEqual(await issueMissingCertificates(world.call()), { issued: 1 })
  assert.deepEqual(await issueMissingCertificates(world.call()), { issued: 0 })
  const [credential, ...others] = await keyCredentialsOf(world.call(), objectId)
  assert.ok(credential)
  assert.deepEqual(others, [])
  assert.equal(credential.endsAt - credential.startsAt, 90 * DAY_MS)
  const read = new X509Certificate(credential.certificate)
  assert.equal(read.fingerprint.replaceAll(':', ''), credential.thumbprint)
  assert.equal(read.publicKey.asymmetricKeyDetails?.modulusLength, 2048)
  const privateKey = await openPrivateKey(world.call(), credential.keyId)
  assert.equal(privateKey && read.checkPrivateKey(privateKey), true)
})

test('the private key rests sealed', async () => {
  const objectId = await someIdentity()
  const { credential, privateKey } = await identityCertificate(world.call(), objectId)
  const [row] = await world.database.reader.all<{ private_key: Uint8Array }>(
    'SELECT private_key FROM key_credentials WHERE key_id = ?',
    [credential.keyId],
  )
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const kept = Buffer.from(row?.private_key ?? [])
  assert.equal(kept.length > pkcs8.length, true)
  assert.equal(kept.includes(pkcs8.subarray(-64)), false)
})

test('after 45 days a second certificate is made; the first stays valid until its end', async () => {
  const objectId = await someIdentity()
  const first = (await identityCertificate(world.call(), objectId)).credential
  world.clock.move(44 * DAY_MS)
  await issueMissingCertificates(world.call())
  assert.equal((await identityCertificate(world.call(), objectId)).credential.keyId, first.keyId)
  world.clock.move(1 * DAY_MS)
  assert.equal(
    (await identityCertificate(world.call(), objectId)).credential.keyId,
    first.keyId,
    'while the job has not rolled it, the old one serves',
  )
  await issueMissingCertificates(world.call())
  const second = (await identityCertificate(world.call(), objectId)).credential
  assert.notEqual(second.thumbprint, first.thumbprint)
  assert.deepEqual(await keyCredentialsOf(world.call(), objectId), [second, first])
  assert.equal(first.endsAt > world.clock.now(), true)
  world.clock.move(45 * DAY_MS)
  await issueMissingCertificates(world.call())
  const left = (await keyCredentialsOf(world.call(), objectId)).map(({ keyId }) => keyId)
  assert.equal(left.includes(first.keyId), false)
  assert.equal(left.includes(second.keyId), true)
})

test('whoever needs a certificate before the job gets it at once, and both share one', async () => {
  const objectId = await someIdentity()
  const call = world.call()
  const [one, two, job] = await Promise.all([
    identityCertificate(call, objectId),
    identityCertificate(call, objectId),
    issueMissingCertificates(call),
  ])
  assert.equal(one.credential.keyId, two.credential.keyId)
  assert.equal((await keyCredentialsOf(call, objectId)).length, 1)
  assert.equal(job.issued >= 1, true)
})

test('an identity that is gone gets no certificate', async () => {
  const objectId = await someIdentity()
  const making = identityCertificate(world.call(), objectId)
  await transaction(world.call(), (tx) => deleteServicePrincipal(tx, objectId))
  await assert.rejects(making, { fault: 'missing', code: 'ServicePrincipalNotFound' })
  assert.deepEqual(await keyCredentialsOf(world.call(), objectId), [])
})
