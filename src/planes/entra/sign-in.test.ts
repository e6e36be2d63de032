import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/clock.ts'
import { newId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { demandPasswordChange } from '../../core/directory/password-change.ts'
import { hashPassword } from '../../core/directory/user-passwords.ts'
import { deleteUser, setUserPassword, type User, updateUser } from '../../core/directory/users.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { type Answered, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'
import {
  AZ,
  asked,
  assertRefused,
  cookieOf,
  csrfOf,
  type Fields,
  form,
  PASSWORD,
  REDIRECT,
  SCOPE,
  someApplication,
  someUser,
  VERIFIER,
} from './test-sign-in.ts'

let world: TestWorld
let door: TestDoor
let ada: User
before(async () => {
  world = await openTestWorld()
  door = await openTestDoor(world, entraPlane, { host: 'login.microsoftonline.com' })
  ada = await someUser(world, 'ada')
})
after(async () => {
  await door.close()
  await world.close()
})

describe('by password', () => {
  it('a user gets the tokens that MSAL reads, from the shared paths, too', async () => {
    const { status, body } = await token(byPassword(), 'organizations')
    assert.equal(status, 200)
    const { access_token, refresh_token, id_token, client_info, ...rest } = body
    assert.deepEqual(rest, {
      token_type: 'Bearer',
      expires_in: 4499,
      ext_expires_in: 4499,
      scope:
        'openid profile https://management.azure.com//.default https://management.azure.com//user_impersonation',
    })
    const claims = decodeJwt(access_token)
    assert.deepEqual(
      [claims.aud, claims.oid, claims.scp, claims.appid, claims.upn],
      [
        'https://management.azure.com/',
        ada.objectId,
        'user_impersonation',
        AZ,
        ada.userPrincipalName,
      ],
    )
    const { aud, preferred_username, tid } = decodeJwt(id_token)
    assert.deepEqual([aud, preferred_username, tid], [AZ, ada.userPrincipalName, world.tenantId])
    assert.deepEqual(JSON.parse(Buffer.from(client_info, 'base64url').toString()), {
      uid: ada.objectId,
      utid: world.tenantId,
    })
    assert.match(refresh_token, /^1\.[\w-]{64}$/)
  })

  it('version 1 names a resource, and writes numbers as text', async () => {
    const { body } = await door.ask({
      method: 'POST',
      path: `/${world.tenantId}/oauth2/token`,
      body: form({ ...byPassword(), scope: undefined, resource: 'https://vault.azure.net' }),
    })
    assert.equal(body.expires_in, '4499')
    assert.equal(body.resource, 'https://vault.azure.net')
    assert.equal(decodeJwt(body.id_token).upn, ada.userPrincipalName)
    assert.ok(body.refresh_token)
  })

  it('is refused in Azure’s words', async () => {
    const rows: [change: Fields, status: number, error: string, number: number][] = [
      [{ password: 'Wrong horse 1' }, 400, 'invalid_grant', 50126],
      [{ username: 'nobody@locum.onmicrosoft.com' }, 400, 'invalid_grant', 50034],
      [{ username: undefined }, 400, 'invalid_request', 900144],
      [{ password: undefined }, 400, 'invalid_request', 900144],
      [{ scope: undefined }, 400, 'invalid_request', 900144],
      [{ scope: 'https://a.example/.default' }, 400, 'invalid_resource', 500011],
      [{ scope: 'https://vault.azure.net/a User.Read' }, 400, 'invalid_scope', 28000],
      [{ client_id: newId() }, 400, 'unauthorized_client', 700016],
      [{ client_secret: 'secret' }, 401, 'invalid_client', 700025],
      [{ grant_type: 'client_credentials' }, 400, 'invalid_request', 50059],
    ]
    for (const [change, ...expected] of rows) {
      assertRefused(await token({ ...byPassword(), ...change }, 'organizations'), ...expected)
    }
  })

  it('the disabled and the locked stay outside', async () => {
    const eve = await someUser(world, 'eve')
    const asEve = { ...byPassword(), username: eve.userPrincipalName }
    await transaction(world.call(), (tx) => updateUser(tx, eve.objectId, { accountEnabled: false }))
    assertRefused(await token(asEve), 400, 'invalid_grant', 50057)
    await transaction(world.call(), (tx) => updateUser(tx, eve.objectId, { accountEnabled: true }))
    for (let guess = 0; guess < 10; guess++) {
      assertRefused(
        await token({ ...asEve, password: `Wrong ${guess}` }),
        400,
        'invalid_grant',
        50126,
      )
    }
    assertRefused(await token(asEve), 400, 'invalid_grant', 50053)
    world.clock.move(MINUTE_MS)
    assert.equal((await token(asEve)).status, 200)
  })
})

describe('with a password that somebody else has set', () => {
  it('a user must choose another first, on the page alone', async () => {
    const kay = await someUser(world, 'kay')
    const username = kay.userPrincipalName
    await transaction(world.call(), (tx) =>
      demandPasswordChange(tx, { userId: kay.objectId, must: true }),
    )
    const asKay = { ...byPassword(), username }
    assertRefused(await token({ ...asKay, password: 'Wrong 1' }), 400, 'invalid_grant', 50126)
    assertRefused(await token(asKay), 400, 'invalid_grant', 50055)
    const first = await signIn({}, { username })
    assert.equal(first.status, 200)
    assert.match(first.body, /AADSTS50055.*name="new_password"/s)
    for (const new_password of [PASSWORD, 'weak']) {
      const again = await signIn({}, { username, new_password })
      assert.match(again.body, /role="alert".*name="new_password"/s)
      assert.equal(again.headers.location, undefined)
    }
    const chosen = await signIn({}, { username, new_password: 'Own choice 1' })
    assert.match(String(chosen.headers.location), /code=/)
    assertRefused(await token(asKay), 400, 'invalid_grant', 50126)
    assert.equal((await token({ ...asKay, password: 'Own choice 1' })).status, 200)
    const late = await signIn({}, { username, password: 'Own choice 1', new_password: 'Other 11' })
    assert.match(String(late.headers.location), /code=/)
    assert.equal((await token({ ...asKay, password: 'Own choice 1' })).status, 200)
  })
})

describe('refresh tokens', () => {
  const refresh = (refresh_token: string, change: Fields = {}) =>
    token({ grant_type: 'refresh_token', client_id: AZ, refresh_token, scope: SCOPE, ...change })

  it('lead to other resources, and to the next one', async () => {
    const first = (await token(byPassword())).body.refresh_token
    const { body } = await refresh(first, { scope: 'https://vault.azure.net/.default' })
    assert.equal(decodeJwt(body.access_token).aud, 'https://vault.azure.net')
    assert.notEqual(body.refresh_token, first)
    world.clock.move(HOUR_MS)
    assertRefused(await refresh(first), 400, 'invalid_grant', 50173)
    assertRefused(await refresh(body.refresh_token), 400, 'invalid_grant', 70000)
  })

  it('are worth nothing to others, when too old, or once the password is new', async () => {
    const one = (await token(byPassword())).body.refresh_token
    const other = { client_id: '1950a258-227b-4e31-a9cf-717495945fc2' }
    assertRefused(await refresh(one, other), 400, 'invalid_grant', 70000)
    assertRefused(await refresh('1.nonsense'), 400, 'invalid_grant', 70000)
    const password = await hashPassword(new Secret(PASSWORD))
    world.clock.move(1)
    await transaction(world.call(), (tx) =>
      setUserPassword(tx, { objectId: ada.objectId, password }),
    )
    assertRefused(await refresh(one), 400, 'invalid_grant', 50173)
    const two = (await token(byPassword())).body.refresh_token
    world.clock.move(91 * DAY_MS)
    assertRefused(await refresh(two), 400, 'invalid_grant', 70008)
    const gone = await someUser(world, 'gone')
    const three = await token({ ...byPassword(), username: gone.userPrincipalName })
    await transaction(world.call(), (tx) => deleteUser(tx, gone.objectId))
    assertRefused(await refresh(three.body.refresh_token), 400, 'invalid_grant', 50034)
  })
})

describe('by the sign-in page', () => {
  it('gives a code for the tokens, once of eight at once', async () => {
    const location = new URL(String((await signIn()).headers.location))
    assert.equal(location.origin, REDIRECT)
    assert.equal(location.searchParams.get('state'), 's <1>')
    const code = location.searchParams.get('code') ?? ''
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(code)))
    const [good, ...others] = answers.toSorted((a, b) => a.status - b.status)
    assert.equal(good?.status, 200)
    assert.equal(decodeJwt(good?.body.id_token).nonce, 'n1')
    for (const other of others) assertRefused(other, 400, 'invalid_grant', 54005)
  })

  it('refuses a code with another verifier, redirect URI or client', async () => {
    const rows: [change: Fields, error: string, number: number][] = [
      [{ code_verifier: `${VERIFIER}x` }, 'invalid_grant', 501481],
      [{ code_verifier: undefined }, 'invalid_grant', 501481],
      [{ redirect_uri: 'http://localhost:4712' }, 'invalid_client', 500112],
      [{ client_id: '1950a258-227b-4e31-a9cf-717495945fc2' }, 'invalid_grant', 70000],
    ]
    for (const [change, error, number] of rows) {
      const code = new URL(String((await signIn()).headers.location)).searchParams.get('code')
      assertRefused(await redeem(code ?? '', change), 400, error, number)
    }
  })

  it('posts the code where the client wants it posted', async () => {
    const { status, body, headers } = await signIn({ response_mode: 'form_post' })
    assert.equal(status, 200)
    assert.match(body, /<form method="post" action="http:\/\/localhost:4711">/)
    assert.match(body, /name="code" value="1\.[\w-]{64}"/)
    assert.match(body, /name="state" value="s &lt;1&gt;"/)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /script-src 'sha256-[^']+'; form-action 'self' http:\/\/localhost:4711;/)
  })

  it('never sends anybody to an address that is not registered', async () => {
    const addresses = [
      'https://evil.example',
      'http://localhost.evil.example:4711',
      'http://localhost:4711@evil.example',
      'http://localhost:4711/other',
      'http://localhost:4711?x=1',
      'https://localhost:4711',
      'http://127.0.0.1:4711',
      'http://localhost:99999',
      'javascript:alert(1)',
    ]
    for (const redirect_uri of addresses) {
      const shown = await authorize({ redirect_uri })
      assert.deepEqual([shown.status, shown.headers.location], [400, undefined], redirect_uri)
      assert.match(shown.body, /AADSTS50011/)
      const posted = await signIn({ redirect_uri }, {}, await authorize())
      assert.deepEqual([posted.status, posted.headers.location], [400, undefined], redirect_uri)
    }
    assert.match((await authorize({ client_id: newId() })).body, /AADSTS700016/)
  })

  it('tells the client what it asked wrongly, and when the user said no', async () => {
    const rows: [change: Fields, error: string, number: number][] = [
      [{ response_type: 'token' }, 'unsupported_response_type', 700054],
      [{ scope: 'https://a.example/.default' }, 'invalid_resource', 500011],
      [{ code_challenge_method: 'plain' }, 'invalid_request', 90100],
      [{ code_challenge: 'short' }, 'invalid_request', 501491],
      [{ prompt: 'none' }, 'login_required', 50058],
    ]
    for (const [change, error, number] of rows) {
      const { status, headers } = await authorize(change)
      const { searchParams } = new URL(String(headers.location))
      assert.deepEqual([status, searchParams.get('error')], [302, error])
      assert.match(searchParams.get('error_description') ?? '', new RegExp(`^AADSTS${number}: `))
      assert.equal(searchParams.get('state'), 's <1>')
    }
    const { headers } = await signIn({}, { cancel: '1' })
    const told = new URL(String(headers.location)).searchParams
    assert.equal(told.get('error'), 'access_denied')
  })

  it('shows the form again after a wrong password, and repeats none', async () => {
    const { status, body, headers } = await signIn({}, { password: 'Wrong "horse" 1' })
    assert.deepEqual([status, headers.location], [200, undefined])
    assert.match(body, /role="alert">Error validating credentials .*\(AADSTS50126\)/)
    assert.match(body, /name="username" type="email" value="ada@/)
    assert.ok(!body.includes('Wrong'))
  })

  it('takes a form only from the browser it gave it to', async () => {
    const shown = await authorize()
    const cookie = String(shown.headers['set-cookie'])
    assert.match(
      cookie,
      /^__Host-locum-sign-in=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    const other = await authorize()
    for (const [fields, headers] of [
      [{ csrf: undefined }, undefined],
      [{ csrf: csrfOf(other.body) }, undefined],
      [{}, { 'sec-fetch-site': 'cross-site' }],
    ] as const) {
      const { status, body } = await signIn({}, fields, shown, headers)
      assert.equal(status, 400)
      assert.match(body, /AADSTS9002313/)
    }
  })

  it('escapes what it repeats, loads nothing and is framed by nobody', async () => {
    const { body, headers } = await authorize({ login_hint: '"><script>alert(1)</script>' })
    assert.ok(!body.includes('<script'))
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['cache-control'], 'no-store, no-cache')
    const policy = String(headers['content-security-policy'])
    assert.match(
      policy,
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/localhost:4711; frame-ancestors 'none'; base-uri 'none'$/,
    )
  })

  it('asks a web application for its secret, and one in the browser for a challenge', async () => {
    const app = await someApplication(world)
    const web = { client_id: app.clientId, redirect_uri: 'https://app.example/back' }
    const code =
      new URL(String((await signIn(web)).headers.location)).searchParams.get('code') ?? ''
    assertRefused(await redeem(code, web), 401, 'invalid_client', 7000218)
    const { status, body } = await redeem(code, { ...web, client_secret: app.secret })
    assert.equal(status, 200)
    assert.equal(decodeJwt(body.access_token).appidacr, '1')
    const again = { grant_type: 'refresh_token', refresh_token: body.refresh_token, scope: SCOPE }
    assertRefused(
      await token({ ...again, client_id: app.clientId }),
      401,
      'invalid_client',
      7000218,
    )
    const spa = { client_id: app.clientId, redirect_uri: 'https://spa.example/back' }
    const { headers } = await authorize({ ...spa, code_challenge: undefined })
    assert.match(String(headers.location), /AADSTS9002325/)
  })
})

describe('for a device', () => {
  const begin = async () =>
    (
      await door.ask({
        method: 'POST',
        path: '/organizations/oauth2/v2.0/devicecode',
        body: form({ client_id: AZ, scope: SCOPE }),
      })
    ).body
  const poll = (device_code: string) =>
    token({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: AZ,
      device_code,
      code: device_code,
    })
  const PAGE = '/common/oauth2/deviceauth'
  async function type(fields: Fields): Promise<Answered> {
    const shown = await door.ask({ path: PAGE })
    const headers = { cookie: cookieOf(shown) }
    return door.ask({
      method: 'POST',
      path: PAGE,
      headers,
      body: form({ csrf: csrfOf(shown.body), ...fields }),
    })
  }
  const person = { username: 'ada@locum.onmicrosoft.com', password: PASSWORD }

  it('a person signs in with the short code, and the device gets tokens once of eight', async () => {
    const { user_code: otc, device_code, message, ...rest } = await begin()
    const verification_uri = 'https://login.microsoftonline.com/common/oauth2/deviceauth'
    assert.deepEqual(rest, { verification_uri, expires_in: 900, interval: 5 })
    assert.ok(message.includes(otc) && message.includes(verification_uri))
    assertRefused(await poll(device_code), 400, 'authorization_pending', 70016)
    assert.match((await type({ otc })).body, /sign in to <strong>Microsoft Azure CLI<\/strong>/)
    assert.match((await type({ otc, ...person, password: 'Wrong 1' })).body, /AADSTS50126/)
    assert.match((await type({ otc, ...person })).body, /The device is signed in/)
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(device_code)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    const others = answers.filter(({ status }) => status !== 200)
    for (const other of others) assertRefused(other, 400, 'invalid_grant', 54005)
  })

  it('a person says no, comes late, or types another code', async () => {
    const no = await begin()
    assert.match((await type({ otc: no.user_code, cancel: '1' })).body, /was not signed in/)
    assertRefused(await poll(no.device_code), 400, 'authorization_declined', 70017)
    assert.match((await type({ otc: 'AAAAAAAAA', ...person })).body, /AADSTS70018/)
    assertRefused(await poll('1.nonsense'), 400, 'bad_verification_code', 70018)
    const late = await begin()
    world.clock.move(15 * MINUTE_MS)
    assertRefused(await poll(late.device_code), 400, 'expired_token', 70020)
    assert.match((await type({ otc: late.user_code, ...person })).body, /AADSTS70018/)
  })
})

describe('on behalf of', () => {
  it('a service goes on in the name of the user who called it, and of nobody else', async () => {
    const app = await someApplication(world)
    const toApp = await token({ ...byPassword(), scope: `api://${app.clientId}/.default openid` })
    const ask = (assertion: string, change: Fields = {}) =>
      token({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        client_id: app.clientId,
        client_secret: app.secret,
        assertion,
        requested_token_use: 'on_behalf_of',
        scope: 'https://vault.azure.net/.default',
        ...change,
      })
    const { status, body } = await ask(toApp.body.access_token)
    assert.equal(status, 200)
    const { oid, appid, appidacr, scp, aud } = decodeJwt(body.access_token)
    assert.deepEqual(
      [oid, appid, appidacr, scp, aud],
      [ada.objectId, app.clientId, '1', 'user_impersonation', 'https://vault.azure.net'],
    )
    const elsewhere = (await token(byPassword())).body.access_token
    assertRefused(await ask(elsewhere), 400, 'invalid_grant', 500131)
    const own = await token({
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.secret,
      scope: `${app.clientId}/.default`,
    })
    assertRefused(await ask(own.body.access_token), 400, 'invalid_grant', 50013)
    assertRefused(await ask('no.token.atall'), 400, 'invalid_grant', 50013)
    const open = await ask(toApp.body.access_token, { client_secret: undefined })
    assertRefused(open, 401, 'invalid_client', 7000218)
  })
})

it('the realm of a user says where the password is checked', async () => {
  const ask = (user: string) => door.ask({ path: `/common/userrealm/${user}?api-version=1.0` })
  const common = {
    ver: '1.0',
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  }
  assert.deepEqual((await ask('ada@locum.onmicrosoft.com')).body, {
    ...common,
    account_type: 'Managed',
    domain_name: 'locum.onmicrosoft.com',
  })
  const unknown = { ...common, account_type: 'Unknown' }
  assert.deepEqual((await ask('x@contoso.example')).body, unknown)
  assert.equal((await ask('nobody')).status, 404)
})

it('signing out leads back to registered addresses alone', async () => {
  const app = await someApplication(world)
  const ask = (uri: string) => {
    const query = new URLSearchParams({ client_id: app.clientId, post_logout_redirect_uri: uri })
    return door.ask({ path: `/common/oauth2/v2.0/logout?${query}` })
  }
  const back = await ask('https://app.example/back')
  assert.deepEqual([back.status, back.headers.location], [302, 'https://app.example/back'])
  const elsewhere = await ask('https://evil.example/')
  assert.deepEqual([elsewhere.status, elsewhere.headers.location], [200, undefined])
})

function byPassword(): Fields {
  return {
    grant_type: 'password',
    client_id: AZ,
    client_info: '1',
    username: 'ADA@locum.onmicrosoft.com',
    password: PASSWORD,
    scope: SCOPE,
  }
}

function token(fields: Fields, tenant: string = world.tenantId): Promise<Answered> {
  return door.ask({ method: 'POST', path: `/${tenant}/oauth2/v2.0/token`, body: form(fields) })
}

const AUTHORIZE = '/organizations/oauth2/v2.0/authorize'

function authorize(change: Fields = {}): Promise<Answered> {
  return door.ask({ path: `${AUTHORIZE}?${form(asked(change))}` })
}

/** As a browser does it: takes the form, and sends it filled in. */
async function signIn(
  change: Fields = {},
  fields: Fields = {},
  given?: Answered,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const shown = given ?? (await authorize(change))
  const person = { username: 'ada@locum.onmicrosoft.com', password: PASSWORD }
  return door.ask({
    method: 'POST',
    path: AUTHORIZE,
    headers: { cookie: cookieOf(shown), ...headers },
    body: form({ ...asked(change), csrf: csrfOf(shown.body), ...person, ...fields }),
  })
}

function redeem(code: string, change: Fields = {}): Promise<Answered> {
  return token({
    grant_type: 'authorization_code',
    client_id: AZ,
    code,
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    scope: SCOPE,
    ...change,
  })
}
