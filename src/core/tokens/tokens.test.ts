import assert from 'node:assert/strict'
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
} from 'node:crypto'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { DAY_MS, epochSeconds, HOUR_MS, SECOND_MS } from '../../base/clock.ts'
import { type ClientId, newId, type ObjectId, type TenantId } from '../../base/ids.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { issueIdToken } from './id-token.ts'
import { issueAccessToken, type PrincipalSubject, type TokenAudience } from './issue.ts'
import { issuerV1, issuerV2 } from './issuers.ts'
import { jwks } from './jwks.ts'
import { activeKey, publishedKeys, rollSigningKeys } from './signing-keys.ts'
import { pairwiseSubject, type UserSubject } from './user-claims.ts'
import { verifyAccessToken } from './verify.ts'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

const VAULT: TokenAudience = { audience: 'https://vault.azure.net', version: '1.0' }
const AUDIENCES = ['https://vault.azure.net']
const VM_ID =
  '/subscriptions/s/resourcegroups/MI-RG/providers/Microsoft.Compute/virtualMachines/VM1'

function someSubject(facts: Partial<PrincipalSubject> = {}): PrincipalSubject {
  return {
    objectId: newId<ObjectId>(),
    clientId: newId<ClientId>(),
    kind: 'ManagedIdentity',
    proof: 'certificate',
    managedResourceId: VM_ID,
    ...facts,
  }
}

async function someToken(audience = VAULT, subject = someSubject()): Promise<string> {
  return (await issueAccessToken(world.call(), { subject, audience })).text.reveal()
}

function verify(text: string, audiences: readonly string[] = AUDIENCES) {
  return verifyAccessToken(world.call(), text, { audiences })
}

/** Writes a token of any content, signed by whatever the test likes. */
function forge(header: object, payload: object, signer: (signed: string) => Buffer): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode(header)}.${encode(payload)}`
  return `${signed}.${signer(signed).toString('base64url')}`
}

async function signAsService(header: object, payload: object): Promise<string> {
  const { privateKey } = await activeKey(world.call())
  return forge(header, payload, (signed) => sign('sha256', Buffer.from(signed), privateKey))
}

test('a version 1 token of a managed identity has the documented claims, and lives a day', async () => {
  const subject = someSubject()
  const call = world.call()
  const issued = await issueAccessToken(call, { subject, audience: VAULT })
  const text = issued.text.reveal()
  const { kid } = await activeKey(call)
  assert.deepEqual(decodeProtectedHeader(text), { typ: 'JWT', alg: 'RS256', x5t: kid, kid })
  const now = epochSeconds(call.now)
  const { aio, rh, uti, ...claims } = decodeJwt(text)
  assert.deepEqual(claims, {
    aud: 'https://vault.azure.net',
    iss: `https://sts.windows.net/${world.tenantId}/`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 86_400,
    appid: subject.clientId,
    appidacr: '2',
    idp: `https://sts.windows.net/${world.tenantId}/`,
    idtyp: 'app',
    oid: subject.objectId,
    sub: subject.objectId,
    tid: world.tenantId,
    ver: '1.0',
    xms_mirid: VM_ID,
  })
  assert.deepEqual([typeof aio, typeof rh, typeof uti], ['string', 'string', 'string'])
  assert.deepEqual(
    { notBefore: issued.notBefore, expiresOn: issued.expiresOn, expiresIn: issued.expiresIn },
    { notBefore: now - 300, expiresOn: now + 86_400, expiresIn: 86_400 },
  )
  assert.equal(inspect(issued).includes(text), false)
})

test('a version 2 token says the same in its own words', async () => {
  const subject = someSubject({
    kind: 'Application',
    proof: 'secret',
    managedResourceId: undefined,
  })
  const audience: TokenAudience = { audience: newId<ClientId>(), version: '2.0' }
  const text = await someToken(audience, subject)
  const { kid } = await activeKey(world.call())
  assert.deepEqual(decodeProtectedHeader(text), { typ: 'JWT', alg: 'RS256', kid })
  const now = epochSeconds(world.clock.now())
  const { aio, rh, uti, ...claims } = decodeJwt(text)
  assert.deepEqual(claims, {
    aud: audience.audience,
    iss: `https://login.microsoftonline.com/${world.tenantId}/v2.0`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3_599,
    azp: subject.clientId,
    azpacr: '1',
    idtyp: 'app',
    oid: subject.objectId,
    sub: subject.objectId,
    tid: world.tenantId,
    ver: '2.0',
  })
})

test('a token used through another resource names that one too', async () => {
  const claims = decodeJwt(await someToken(VAULT, someSubject({ hostResourceId: '/vm' })))
  assert.equal(claims.xms_az_rid, '/vm')
})

test('an independent library verifies tokens of both versions from the published keys', async () => {
  const keys = createLocalJWKSet({ keys: (await jwks(world.call())) as never })
  const currentDate = new Date(world.clock.now())
  const one = await jwtVerify(await someToken(), keys, {
    issuer: issuerV1(world.tenantId),
    audience: 'https://vault.azure.net',
    algorithms: ['RS256'],
    currentDate,
  })
  assert.equal(one.payload.ver, '1.0')
  const two = await jwtVerify(await someToken({ audience: 'a', version: '2.0' }), keys, {
    issuer: issuerV2(world.tenantId),
    audience: 'a',
    currentDate,
  })
  assert.equal(two.payload.ver, '2.0')
})

test('published keys are public, and their certificates hold them', async () => {
  const keys = await jwks(world.call())
  assert.equal(keys.length >= 1, true)
  for (const key of keys) {
    assert.deepEqual(Object.keys(key), ['kty', 'use', 'kid', 'x5t', 'n', 'e', 'x5c'])
    const certificate = new X509Certificate(Buffer.from(key.x5c[0] ?? '', 'base64'))
    const sha1 = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex')
    assert.equal(key.kid, sha1.toString('base64url'))
    assert.equal(key.x5t, key.kid)
    const { n, e } = certificate.publicKey.export({ format: 'jwk' })
    assert.deepEqual({ n: key.n, e: key.e }, { n, e })
  }
})

test('our own token is accepted, whether or not audiences end in a slash', async () => {
  const plain = await someToken()
  const slashed = await someToken({ audience: 'https://vault.azure.net/', version: '1.0' })
  for (const text of [plain, slashed]) {
    for (const accepted of ['https://vault.azure.net', 'https://vault.azure.net/']) {
      assert.equal((await verify(text, [accepted])).ver, '1.0')
    }
  }
})

test('a token for another audience is refused, remembered or not', async () => {
  const text = await someToken()
  const other = ['https://management.azure.com', 'https://vault.azure.net.evil.example']
  await assert.rejects(verify(text, other), { fault: 'unauthenticated', code: 'TokenAudience' })
  await verify(text)
  await assert.rejects(verify(text, other), { code: 'TokenAudience' })
  await assert.rejects(verify(text, []), { code: 'TokenAudience' })
})

test('a token ends, and begins, with five minutes of tolerance', async () => {
  const text = await someToken()
  await verify(text)
  world.clock.move(24 * HOUR_MS + 299 * SECOND_MS)
  await verify(text)
  world.clock.move(SECOND_MS)
  await assert.rejects(verify(text), { code: 'TokenExpired' })
  world.clock.move(-(24 * HOUR_MS + 300 * SECOND_MS) - 600 * SECOND_MS)
  await verify(text)
  world.clock.move(-SECOND_MS)
  await assert.rejects(verify(text), { code: 'TokenNotYetValid' })
  world.clock.move(601 * SECOND_MS)
})

test('texts that are no tokens are malformed', async () => {
  const [header = '', payload = '', signature = ''] = (await someToken()).split('.')
  const malformed = [
    '',
    'rubbish',
    '..',
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.`,
    `${header}.${payload}.${signature}=`,
    `${header}.${payload}.${signature} `,
    `${header}.${Buffer.from('[]').toString('base64url')}.${signature}`,
    `${header}.${Buffer.from('{').toString('base64url')}.${signature}`,
    'a'.repeat(20_000),
  ]
  for (const text of malformed) await assert.rejects(verify(text), { code: 'TokenMalformed' })
})

test('a token must be signed, with RS256 and nothing else', async () => {
  const claims = decodeJwt(await someToken())
  const { kid } = await activeKey(world.call())
  const [key] = await publishedKeys(world.call())
  const publicPem = createPublicKey(key?.publicKey.export({ type: 'spki', format: 'pem' }) ?? '')
    .export({ type: 'spki', format: 'pem' })
    .toString()
  const unsigned = (alg: string) => forge({ typ: 'JWT', alg, kid }, claims, () => Buffer.of())
  for (const alg of ['none', 'None', 'NONE', 'RS256']) {
    await assert.rejects(verify(unsigned(alg)), { code: 'TokenUnsigned' })
  }
  const withPublicKey = forge({ typ: 'JWT', alg: 'HS256', kid }, claims, (signed) =>
    createHmac('sha256', publicPem).update(signed).digest(),
  )
  await assert.rejects(verify(withPublicKey), { code: 'TokenAlgorithm' })
  await assert.rejects(verify(await signAsService({ typ: 'JWT', alg: 'RS512', kid }, claims)), {
    code: 'TokenAlgorithm',
  })
  await assert.rejects(verify(await signAsService({ typ: 'JWT', kid }, claims)), {
    code: 'TokenAlgorithm',
  })
  await assert.rejects(
    verify(await signAsService({ alg: 'RS256', kid, crit: ['b64'], b64: false }, claims)),
    { code: 'TokenMalformed' },
  )
})

test('a foreign key is not ours, by whatever name', async () => {
  const claims = decodeJwt(await someToken())
  const { kid } = await activeKey(world.call())
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = (header: object) =>
    forge({ typ: 'JWT', alg: 'RS256', ...header }, claims, (signed) =>
      sign('sha256', Buffer.from(signed), privateKey),
    )
  await assert.rejects(verify(foreign({ kid })), { code: 'TokenSignature' })
  await assert.rejects(verify(foreign({ kid: 'unknown' })), { code: 'TokenKeyUnknown' })
  await assert.rejects(verify(foreign({})), { code: 'TokenKeyUnknown' })
  const jwk = publicKey.export({ format: 'jwk' })
  await assert.rejects(verify(foreign({ jwk })), { code: 'TokenKeyUnknown' })
})

test('a changed token is not ours any more', async () => {
  const [header, , signature] = (await someToken()).split('.')
  const claims = { ...decodeJwt(await someToken()), oid: newId() }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  await assert.rejects(verify(`${header}.${payload}.${signature}`), { code: 'TokenSignature' })
})

test('a token of another issuer or tenant is refused, even with our signature', async () => {
  const claims = decodeJwt(await someToken())
  const { kid } = await activeKey(world.call())
  const header = { typ: 'JWT', alg: 'RS256', kid }
  const elsewhere = newId<TenantId>()
  const foreign = [
    { iss: issuerV1(elsewhere) },
    { iss: issuerV1(elsewhere), tid: elsewhere },
    { tid: elsewhere },
    { iss: issuerV2(world.tenantId) }, // version 1.0 with the issuer of 2.0
    { iss: 'https://accounts.example/', oid: undefined },
  ]
  for (const change of foreign) {
    const text = await signAsService(header, { ...claims, ...change })
    await assert.rejects(verify(text), { code: 'TokenIssuer' })
  }
  const noIssuer = await signAsService(header, { ...claims, iss: undefined })
  await assert.rejects(verify(noIssuer), { code: 'TokenMalformed' })
})

test('keys roll with overlap: published two days ahead, and until the last token ends', async () => {
  const own = await openTestWorld()
  try {
    const kids = async () => (await publishedKeys(own.call())).map(({ kid }) => kid)
    const signing = async () => (await activeKey(own.call())).kid
    await rollSigningKeys(own.call())
    const [first = ''] = await kids()
    assert.equal(await signing(), first)

    own.clock.move(28 * DAY_MS - SECOND_MS)
    await rollSigningKeys(own.call())
    assert.deepEqual(await kids(), [first])

    own.clock.move(SECOND_MS)
    await Promise.all([rollSigningKeys(own.call()), rollSigningKeys(own.call())])
    const [second = '', ...rest] = await kids()
    assert.deepEqual(rest, [first])
    assert.equal(await signing(), first, 'verifiers must be able to learn the key first')

    own.clock.move(2 * DAY_MS - SECOND_MS)
    assert.equal(await signing(), first)
    const lastOfFirst = await issueAccessToken(own.call(), {
      subject: someSubject(),
      audience: VAULT,
    })
    own.clock.move(SECOND_MS)
    assert.equal(await signing(), second)
    own.clock.move(24 * HOUR_MS - 10 * SECOND_MS)
    await rollSigningKeys(own.call())
    await verifyAccessToken(own.call(), lastOfFirst.text.reveal(), { audiences: AUDIENCES })

    own.clock.move(15 * DAY_MS)
    await rollSigningKeys(own.call())
    assert.deepEqual(await kids(), [second])
  } finally {
    await own.close()
  }
})

test('after a long sleep there is a key at once; with the clock set back there is one, too', async () => {
  const own = await openTestWorld()
  try {
    const first = (await activeKey(own.call())).kid
    own.clock.move(60 * DAY_MS)
    const second = (await activeKey(own.call())).kid
    assert.notEqual(second, first)
    own.clock.move(-30 * DAY_MS)
    assert.equal((await activeKey(own.call())).kid !== second, true)
  } finally {
    await own.close()
  }
})

test('a key that is no longer published verifies nothing, remembered or not', async () => {
  const own = await openTestWorld()
  try {
    const issued = await issueAccessToken(own.call(), { subject: someSubject(), audience: VAULT })
    const text = issued.text.reveal()
    await verifyAccessToken(own.call(), text, { audiences: AUDIENCES })
    own.clock.move(45 * DAY_MS)
    await assert.rejects(verifyAccessToken(own.call(), text, { audiences: AUDIENCES }), {
      code: 'TokenKeyUnknown',
    })
  } finally {
    await own.close()
  }
})

test('a user\u2019s access token says who acts for whom; the id token tells the client alone', async () => {
  const call = world.call()
  const user: UserSubject = {
    kind: 'User',
    objectId: newId<ObjectId>(),
    clientId: newId<ClientId>(),
    proof: 'none',
    userPrincipalName: 'ada@locum.onmicrosoft.com',
    displayName: 'Ada',
    scopes: 'user_impersonation',
  }
  const issued = await issueAccessToken(call, { subject: user, audience: VAULT })
  const { aio, rh, uti, ...claims } = await verify(issued.text.reveal())
  const now = epochSeconds(call.now)
  const sub = pairwiseSubject(user)
  assert.deepEqual(claims, {
    aud: 'https://vault.azure.net',
    iss: issuerV1(world.tenantId),
    iat: now - 300,
    nbf: now - 300,
    exp: now + 4499,
    acr: '1',
    amr: ['pwd'],
    appid: user.clientId,
    appidacr: '0',
    idp: issuerV1(world.tenantId),
    idtyp: 'user',
    name: 'Ada',
    oid: user.objectId,
    scp: 'user_impersonation',
    sub,
    tid: world.tenantId,
    unique_name: 'ada@locum.onmicrosoft.com',
    upn: 'ada@locum.onmicrosoft.com',
    ver: '1.0',
  })
  assert.notEqual(pairwiseSubject({ ...user, clientId: newId<ClientId>() }), sub)
  const facts = { user, nonce: 'n1', authenticatedAt: call.now }
  const idToken = await issueIdToken(call, { ...facts, version: '2.0' })
  const { uti: _, ...told } = decodeJwt(idToken.reveal())
  assert.deepEqual(told, {
    aud: user.clientId,
    iss: issuerV2(world.tenantId),
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3600,
    auth_time: now,
    name: 'Ada',
    nonce: 'n1',
    oid: user.objectId,
    preferred_username: 'ada@locum.onmicrosoft.com',
    sub,
    tid: world.tenantId,
    ver: '2.0',
  })
  await assert.rejects(verify(idToken.reveal()), { code: 'TokenAudience' })
})
