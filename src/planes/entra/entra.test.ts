import assert from 'node:assert/strict'
import { constants, type KeyObject, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { makeCertificate, makeKeyPair, thumbprint } from '../../base/certificate.ts'
import { DAY_MS, epochSeconds, HOUR_MS, after as later } from '../../base/clock.ts'
import { newId } from '../../base/ids.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { createApplication } from '../../core/directory/applications.ts'
import { identityCertificate } from '../../core/directory/identity-certificates.ts'
import { addKeyCredential } from '../../core/directory/key-credentials.ts'
import { createManagedIdentityPrincipal } from '../../core/directory/managed-identities.ts'
import { addPasswordCredential } from '../../core/directory/password-credentials.ts'
import {
  deleteServicePrincipal,
  type ServicePrincipal,
  setAccountEnabled,
} from '../../core/directory/service-principals.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { verifyAccessToken } from '../../core/tokens/verify.ts'
import { transaction } from '../../core/transaction.ts'
import { type Answered, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'

let world: TestWorld
let door: TestDoor
let app: { principal: ServicePrincipal; secret: string; certificate: Buffer; key: KeyObject }

before(async () => {
  world = await openTestWorld()
  door = await openTestDoor(world, entraPlane, { host: 'login.microsoftonline.com' })
  app = await someApplication()
})
after(async () => {
  await door.close()
  await world.close()
})

async function someApplication() {
  const call = world.call()
  const keys = await makeKeyPair('RSA-2048')
  const { der } = await makeCertificate(
    {
      subject: 'app',
      publicKey: keys.publicKey,
      use: { kind: 'signer' },
      notBefore: call.now,
      notAfter: later(call.now, 30 * DAY_MS),
    },
    { subject: 'app', ...keys },
  )
  return transaction(call, async (tx) => {
    const made = await createApplication(tx, { displayName: 'deployer' })
    const ownerId = made.application.objectId
    const endsAt = later(tx.now, DAY_MS)
    const { secretText } = await addPasswordCredential(tx, { ownerId, endsAt })
    await addKeyCredential(tx, { ownerId, certificate: der })
    const secret = secretText.reveal()
    return { principal: made.servicePrincipal, secret, certificate: der, key: keys.privateKey }
  })
}

type Fields = Record<string, string | undefined>

function post(path: string, fields: Fields, headers: Record<string, string> = {}) {
  const given = Object.entries(fields).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return door.ask({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8', ...headers },
    body: new URLSearchParams(given).toString(),
  })
}

const V1 = () => `/${world.tenantId}/oauth2/token`
const V2 = () => `/${world.tenantId}/oauth2/v2.0/token`

/** The fields of a good request to version 2, with changes. */
function bySecret(change: Fields = {}): Fields {
  return {
    grant_type: 'client_credentials',
    client_id: app.principal.clientId,
    client_secret: app.secret,
    scope: 'https://vault.azure.net/.default',
    ...change,
  }
}

function byAssertion(text: string, change: Fields = {}): Fields {
  return bySecret({
    client_secret: undefined,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: text,
    ...change,
  })
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function assertion(
  facts: { header?: object; claims?: object; key?: KeyObject; certificate?: Buffer } = {},
): string {
  const now = epochSeconds(world.clock.now())
  const sha1 = thumbprint(facts.certificate ?? app.certificate, 'sha1').toString('base64url')
  const header = { typ: 'JWT', ...(facts.header ?? { alg: 'RS256', x5t: sha1 }) }
  const claims = {
    aud: `https://login.microsoftonline.com/${world.tenantId}/oauth2/v2.0/token`,
    iss: app.principal.clientId,
    sub: app.principal.clientId,
    jti: newId(),
    nbf: now,
    exp: now + 600,
    ...facts.claims,
  }
  const signed = `${encode(header)}.${encode(claims)}`
  const alg = (header as { alg?: string }).alg
  const key = facts.key ?? app.key
  const signature = sign(
    'sha256',
    Buffer.from(signed),
    alg === 'PS256' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key,
  )
  return `${signed}.${signature.toString('base64url')}`
}

function assertRefused(answered: Answered, status: number, error: string, number: number): void {
  const { body } = answered
  assert.deepEqual([answered.status, body.error, body.error_codes], [status, error, [number]])
  assert.equal(body.error_description.startsWith(`AADSTS${number}: `), true, body.error_description)
  assert.equal(
    body.error_description.endsWith(
      ` Trace ID: ${body.trace_id} Correlation ID: ${body.correlation_id} Timestamp: ${body.timestamp}`,
    ),
    true,
  )
  assert.match(body.timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
  assert.equal(body.error_uri, `https://login.microsoftonline.com/error?code=${number}`)
  assert.equal(JSON.stringify(body).includes(app.secret), false)
}

test('version 2 answers with numbers, and its token verifies from the published keys', async () => {
  const { status, headers, body } = await post(V2(), bySecret())
  assert.equal(status, 200)
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(headers['cache-control'], 'no-store, no-cache')
  const { access_token: text, ...rest } = body
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })
  const keys = await door.ask({ path: `/${world.tenantId}/discovery/v2.0/keys` })
  const { payload } = await jwtVerify(text, createLocalJWKSet(keys.body), {
    audience: 'https://vault.azure.net',
    issuer: `https://sts.windows.net/${world.tenantId}/`,
    currentDate: new Date(world.clock.now()),
  })
  assert.equal(payload.appid, app.principal.clientId)
  assert.equal(payload.oid, app.principal.objectId)
  assert.equal(payload.appidacr, '1')
})

test('version 1 answers with texts', async () => {
  const fields = bySecret({ scope: undefined, resource: 'https://management.azure.com/' })
  const { status, body } = await post(V1(), fields)
  assert.equal(status, 200)
  const now = epochSeconds(world.clock.now())
  const { access_token: text, ...rest } = body
  assert.deepEqual(rest, {
    token_type: 'Bearer',
    expires_in: '3599',
    ext_expires_in: '3599',
    expires_on: String(now + 3599),
    not_before: String(now - 300),
    resource: 'https://management.azure.com/',
  })
  assert.equal(decodeJwt(text).aud, 'https://management.azure.com/')
})

test('a double slash before .default stays in the audience', async () => {
  const { body } = await post(V2(), bySecret({ scope: 'https://management.azure.com//.default' }))
  assert.equal(decodeJwt(body.access_token).aud, 'https://management.azure.com/')
})

test('a secret may come in a Basic header', async () => {
  const pair = `${app.principal.clientId}:${encodeURIComponent(app.secret)}`
  const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  const fields = bySecret({ client_id: undefined, client_secret: undefined })
  assert.equal((await post(V2(), fields, headers)).status, 200)
  const wrong = Buffer.from(`${app.principal.clientId}:wrong`).toString('base64')
  const refused = await post(V2(), fields, { authorization: `Basic ${wrong}` })
  assertRefused(refused, 401, 'invalid_client', 7000215)
})

test('clients name the certificate of an assertion in every way there is', async () => {
  const sha1 = thumbprint(app.certificate, 'sha1')
  const sha256 = thumbprint(app.certificate, 'sha256')
  const der = app.certificate.toString('base64')
  const padded = (digest: Buffer) =>
    digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  const headers: object[] = [
    { alg: 'PS256', 'x5t#S256': sha256.toString('base64url') }, // JavaScript
    { alg: 'PS256', 'x5t#S256': sha256.toString('base64') }, // Go
    { alg: 'PS256', 'x5t#S256': padded(sha256) }, // Python
    { alg: 'PS256', 'x5t#S256': sha256.toString('base64url'), x5c: der }, // .NET
    { alg: 'PS256', 'x5t#S256': sha256.toString('base64url'), x5c: [der] },
    { alg: 'RS256', x5t: sha1.toString('base64url') },
    { alg: 'RS256', x5t: sha1.toString('base64') },
    { alg: 'RS256', x5t: padded(sha1) },
    { alg: 'RS256', kid: sha1.toString('hex').toUpperCase(), x5t: sha1.toString('base64url') },
    { alg: 'RS256', kid: sha1.toString('hex').toUpperCase() },
    { alg: 'RS256', x5c: [der] },
    { alg: 'RS256', x5c: der },
  ]
  for (const header of headers) {
    const { status, body } = await post(V2(), byAssertion(assertion({ header })))
    assert.equal(status, 200, `${JSON.stringify(header)} ${body.error_description}`)
    assert.equal(decodeJwt(body.access_token).appidacr, '2')
  }
})

test('times in an assertion are numbers, fractions or texts; the audience has many names', async () => {
  const now = epochSeconds(world.clock.now())
  const tenant = world.tenantId
  const good: object[] = [
    { nbf: now + 0.25, exp: now + 600.75 }, // Python
    { nbf: String(now), exp: String(now + 600) }, // .NET
    { nbf: undefined },
    { exp: now - 299 },
    { nbf: now + 300 },
    { exp: now + 86_400 },
    ...[
      `https://login.microsoftonline.com/${tenant}/oauth2/token`,
      `https://login.microsoftonline.com/common/oauth2/v2.0/token`,
      `https://login.windows.net/${tenant}/oauth2/v2.0/token`,
      `https://login.microsoftonline.com/${tenant.toUpperCase()}/oauth2/v2.0/token`,
      `https://login.microsoftonline.com/${tenant}/v2.0`,
      `https://sts.windows.net/${tenant}/`,
      [`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`],
    ].map((aud) => ({ aud })),
  ]
  for (const claims of good) {
    const { status, body } = await post(V2(), byAssertion(assertion({ claims })))
    assert.equal(status, 200, `${JSON.stringify(claims)} ${body.error_description}`)
  }
})

test('an assertion may be used again until it ends', async () => {
  const text = assertion()
  assert.equal((await post(V2(), byAssertion(text))).status, 200)
  assert.equal((await post(V2(), byAssertion(text))).status, 200)
})

test('the client id may be left to the assertion', async () => {
  assert.equal((await post(V2(), byAssertion(assertion(), { client_id: undefined }))).status, 200)
})

test('an assertion that is out of time, for others or by others is refused', async () => {
  const now = epochSeconds(world.clock.now())
  const stranger = await makeKeyPair('RSA-2048')
  const other = await someApplication()
  const rows: [facts: Parameters<typeof assertion>[0], number: number][] = [
    [{ claims: { exp: now - 300 } }, 700024],
    [{ claims: { exp: undefined } }, 700024],
    [{ claims: { exp: 'soon' } }, 700024],
    [{ claims: { exp: now + 86_400 + 301 } }, 700024],
    [{ claims: { nbf: now + 301 } }, 700024],
    [{ claims: { nbf: {} } }, 700024],
    [{ claims: { aud: `https://login.microsoftonline.com/${newId()}/oauth2/v2.0/token` } }, 700023],
    [{ claims: { aud: `https://evil.example/${world.tenantId}/oauth2/v2.0/token` } }, 700023],
    [
      { claims: { aud: `http://login.microsoftonline.com/${world.tenantId}/oauth2/token` } },
      700023,
    ],
    [{ claims: { aud: 'https://vault.azure.net' } }, 700023],
    [{ claims: { aud: undefined } }, 700023],
    [{ claims: { iss: newId() } }, 700021],
    [{ claims: { sub: newId() } }, 700021],
    [{ key: stranger.privateKey }, 700027],
    [{ certificate: other.certificate, key: other.key }, 700027],
    [
      { header: { alg: 'RS256', x5c: [other.certificate.toString('base64')] }, key: other.key },
      700027,
    ],
    [{ header: { alg: 'RS256' } }, 50027],
    [
      { header: { alg: 'HS256', x5t: thumbprint(app.certificate, 'sha1').toString('base64url') } },
      50027,
    ],
    [
      { header: { alg: 'none', x5t: thumbprint(app.certificate, 'sha1').toString('base64url') } },
      50027,
    ],
  ]
  for (const [facts, number] of rows) {
    assertRefused(await post(V2(), byAssertion(assertion(facts))), 401, 'invalid_client', number)
  }
  assertRefused(await post(V2(), byAssertion('rubbish')), 401, 'invalid_client', 50027)
})

test('the refusal of a certificate names it and the reason', async () => {
  const other = await someApplication()
  const hex = thumbprint(other.certificate, 'sha1').toString('hex').toUpperCase()
  const { body } = await post(V2(), byAssertion(assertion(other)))
  assert.match(
    body.error_description,
    new RegExp(
      `\\[Reason - The key was not found\\., Thumbprint of key used by client: '${hex}'\\]`,
    ),
  )
})

test('a certificate that has ended signs nothing more', async () => {
  world.clock.move(30 * DAY_MS)
  const answered = await post(V2(), byAssertion(assertion()))
  world.clock.move(-30 * DAY_MS)
  assertRefused(answered, 401, 'invalid_client', 700027)
  assert.match(answered.body.error_description, /The key used is expired/)
})

test('a request that lacks something says what', async () => {
  const rows: [change: Fields, status: number, error: string, number: number][] = [
    [{ grant_type: undefined }, 400, 'invalid_request', 900144],
    [{ grant_type: 'password2' }, 400, 'unsupported_grant_type', 70003],
    [{ client_id: undefined }, 400, 'invalid_request', 900144],
    [{ client_id: '' }, 400, 'invalid_request', 900144],
    [{ client_id: newId() }, 400, 'unauthorized_client', 700016],
    [{ client_id: 'no guid' }, 400, 'unauthorized_client', 700016],
    [{ client_id: app.principal.objectId }, 400, 'unauthorized_client', 700016],
    [{ client_secret: undefined }, 401, 'invalid_client', 7000216],
    [{ client_secret: '' }, 401, 'invalid_client', 7000216],
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [{ client_assertion: assertion() }, 400, 'invalid_request', 900144],
    [
      { client_assertion: assertion(), client_assertion_type: 'urn:other' },
      400,
      'invalid_request',
      90100,
    ],
    [{ scope: undefined }, 400, 'invalid_request', 900144],
    [{ scope: 'https://vault.azure.net' }, 400, 'invalid_scope', 1002012],
    [{ scope: '/.default' }, 400, 'invalid_scope', 1002012],
    [{ scope: 'https://a/.default https://b/.default' }, 400, 'invalid_scope', 1002012],
    [{ scope: 'https://valut.azure.net/.default' }, 400, 'invalid_resource', 500011],
    [{ scope: 'https://vault.azure.net/secrets/.default' }, 400, 'invalid_resource', 500011],
    [{ scope: `${newId()}/.default` }, 400, 'invalid_resource', 500011],
    [{ resource: 'https://vault.azure.net' }, 400, 'invalid_request', 901002],
  ]
  for (const [change, status, error, number] of rows) {
    assertRefused(await post(V2(), bySecret(change)), status, error, number)
  }
  assertRefused(await post(V1(), bySecret()), 400, 'invalid_request', 900144)
})

test('the sign-in scopes that MSAL for Go and for Java always send are passed over', async () => {
  for (const scope of [
    'https://vault.azure.net/.default openid offline_access profile',
    'openid profile offline_access https://vault.azure.net/.default',
  ]) {
    const { status, body } = await post(V2(), bySecret({ scope }))
    assert.equal(status, 200)
    assert.equal(decodeJwt(body.access_token).aud, 'https://vault.azure.net')
  }
  const alone = await post(V2(), bySecret({ scope: 'openid profile' }))
  assertRefused(alone, 400, 'invalid_scope', 1002012)
})

test('an expired secret is told from a wrong one', async () => {
  world.clock.move(25 * HOUR_MS)
  const answered = await post(V2(), bySecret())
  const wrong = await post(V2(), bySecret({ client_secret: 'wrong' }))
  world.clock.move(-25 * HOUR_MS)
  assertRefused(answered, 401, 'invalid_client', 7000222)
  assertRefused(wrong, 401, 'invalid_client', 7000215)
})

test('tokens are for registered resources: first-party ones and applications of the tenant', async () => {
  const resources = [
    'https://storage.azure.com',
    'https://graph.microsoft.com',
    '00000003-0000-0000-c000-000000000000',
    'https://mystore.blob.core.windows.net',
    app.principal.clientId,
    `api://${app.principal.clientId}`,
  ]
  for (const resource of resources) {
    const { status, body } = await post(V2(), bySecret({ scope: `${resource}/.default` }))
    assert.equal(status, 200, resource)
    assert.equal(decodeJwt(body.access_token).aud, resource)
  }
})

test('the tenant of the path is ours, in any case of letters', async () => {
  const upper = await post(`/${world.tenantId.toUpperCase()}/OAuth2/v2.0/Token`, bySecret())
  assert.equal(upper.status, 200)
  assert.equal((await post(`//${world.tenantId}//oauth2/v2.0/token`, bySecret())).status, 200)
  const rows: [tenant: string, number: number][] = [
    [newId(), 90002],
    ['contoso.onmicrosoft.com', 90002],
    ['not-a-tenant', 900023],
    ['common', 50059],
    ['organizations', 50059],
  ]
  for (const [tenant, number] of rows) {
    const answered = await post(`/${tenant}/oauth2/v2.0/token`, bySecret())
    assertRefused(answered, 400, 'invalid_request', number)
  }
})

test('a parameter that comes twice is refused, an unknown one is ignored', async () => {
  const form = new URLSearchParams(bySecret() as Record<string, string>).toString()
  const twice = await door.ask({ method: 'POST', path: V2(), body: `${form}&scope=again` })
  assertRefused(twice, 400, 'invalid_request', 9000411)
  const unknown = await door.ask({ method: 'POST', path: V2(), body: `${form}&x-client-SKU=any` })
  assert.equal(unknown.status, 200)
})

test('rubbish, too much of it, and the wrong verb are refused', async () => {
  const json = await door.ask({
    method: 'POST',
    path: V2(),
    body: { grant_type: 'client_credentials' },
  })
  assertRefused(json, 400, 'invalid_request', 900144)
  assertRefused(await door.ask({ method: 'POST', path: V2() }), 400, 'invalid_request', 900144)
  const large = await door.ask({ method: 'POST', path: V2(), body: 'a'.repeat(200_000) })
  assertRefused(large, 413, 'invalid_request', 90013)
  assertRefused(await door.ask({ path: V2() }), 405, 'invalid_request', 900561)
  assertRefused(await door.ask({ path: '/' }), 404, 'invalid_request', 90013)
})

test('whoever is deleted or disabled gets no token', async () => {
  const other = await someApplication()
  const { objectId, clientId } = other.principal
  const fields = bySecret({ client_id: clientId, client_secret: other.secret })
  assert.equal((await post(V2(), fields)).status, 200)
  await transaction(world.call(), (tx) => setAccountEnabled(tx, { objectId, enabled: false }))
  assertRefused(await post(V2(), fields), 400, 'unauthorized_client', 7000112)
  await transaction(world.call(), (tx) => deleteServicePrincipal(tx, objectId))
  assertRefused(await post(V2(), fields), 400, 'unauthorized_client', 700016)
})

test('a managed identity gets a token for a day, naming the resource behind it', async () => {
  const resourceId = parseResourceId(
    `/subscriptions/${newId()}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1`,
  )
  const principal = await transaction(world.call(), (tx) =>
    createManagedIdentityPrincipal(tx, { kind: 'SystemAssigned', resourceId }),
  )
  const { clientId, objectId } = principal
  const { credential, privateKey } = await identityCertificate(world.call(), objectId)
  const asserting = (claims: object) =>
    assertion({
      certificate: credential.certificate,
      key: privateKey,
      claims: { iss: clientId, sub: clientId, ...claims },
    })
  const { status, body } = await post(
    V2(),
    byAssertion(asserting({ xms_az_rid: '/host' }), { client_id: clientId }),
  )
  assert.equal(status, 200)
  assert.equal(body.expires_in, 86_400)
  assert.equal(body.refresh_in, 43_200)
  const claims = await verifyAccessToken(world.call(), body.access_token, {
    audiences: ['https://vault.azure.net'],
  })
  assert.equal(claims.xms_mirid, resourceId.text.replace('resourceGroups', 'resourcegroups'))
  assert.equal(claims.xms_az_rid, '/host')
  assert.equal(claims.appidacr, '2')
})

test('an application cannot say where it runs', async () => {
  const { body } = await post(V2(), byAssertion(assertion({ claims: { xms_az_rid: '/host' } })))
  assert.equal('xms_az_rid' in decodeJwt(body.access_token), false)
})

test('the id of the request comes back: from the header, or from the body', async () => {
  const id = newId()
  const good = await post(V2(), bySecret(), { 'client-request-id': id })
  assert.equal(good.headers['client-request-id'], id)
  const bad = await post(V2(), bySecret({ grant_type: undefined, 'client-request-id': id }))
  assert.equal(bad.body.correlation_id, id)
  assert.equal(bad.headers['client-request-id'], id)
})
