import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../base/clock.ts'
import { createPermissionGrant } from '../../core/directory/permission-grants.ts'
import { findServicePrincipalByClientId } from '../../core/directory/service-principals.ts'
import { revokeSignInSessions, type User, updateUser } from '../../core/directory/users.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import { type Answered, openTestDoor, type TestDoor } from '../../http/test-door.ts'
import { entraPlane } from './entra.ts'
import {
  asked,
  cookieOf,
  csrfOf,
  type Fields,
  form,
  PASSWORD,
  someApplication,
  someUser,
  VERIFIER,
} from './test-sign-in.ts'

const AUTHORIZE = '/organizations/oauth2/v2.0/authorize'
const LOGOUT = '/common/oauth2/v2.0/logout'

describe('a browser that stays signed in', () => {
  let world: TestWorld
  let door: TestDoor
  let user: User
  let app: Awaited<ReturnType<typeof someApplication>>
  before(async () => {
    world = await openTestWorld()
    door = await openTestDoor(world, entraPlane, { host: 'login.microsoftonline.com' })
    user = await someUser(world, 'ada')
    app = await someApplication(world)
  })
  after(async () => {
    await door.close()
    await world.close()
  })

  const web = (change: Fields = {}) =>
    asked({ client_id: app.clientId, redirect_uri: 'https://app.example/back', ...change })
  const authorize = (cookie: string, change: Fields = {}) =>
    door.ask({ path: `${AUTHORIZE}?${form(web(change))}`, headers: { cookie } })
  /** Signs in by the form; gives the cookie with which the browser stays signed in. */
  const signIn = async (
    name = 'ada',
    before = '',
    change: Fields = {},
  ): Promise<{ cookie: string; sent: Answered }> => {
    const shown = await authorize(before, { ...change, prompt: 'login' })
    const username = `${name}@locum.onmicrosoft.com`
    const fields = { csrf: csrfOf(shown.body), username, password: PASSWORD }
    const sent = await door.ask({
      method: 'POST',
      path: AUTHORIZE,
      headers: { cookie: `${cookieOf(shown)}; ${before}` },
      body: form({ ...web(change), ...fields }),
    })
    assert.equal(sent.status, 302)
    return { cookie: cookieOf(sent), sent }
  }
  /** `code` when the browser is sent back with one, the error when with that, else `form`. */
  const outcome = async (cookie: string, change: Fields = {}): Promise<string> => {
    const { status, headers } = await authorize(cookie, change)
    if (status === 200) return 'form'
    const { searchParams } = new URL(String(headers.location))
    return searchParams.has('code') ? 'code' : (searchParams.get('error') ?? '')
  }

  it('is known by a cookie of this host alone, which no script reads and no other site sends along', async () => {
    const { sent } = await signIn()
    assert.match(
      String(sent.headers['set-cookie']),
      /^__Host-locum-session=1\.[\w-]{64}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    )
  })

  it('gives codes without a form, which say when the user really signed in', async () => {
    const { cookie } = await signIn()
    const signedInAt = world.clock.now()
    world.clock.move(HOUR_MS)
    const { headers } = await authorize(cookie, { prompt: 'none' })
    const code = new URL(String(headers.location)).searchParams.get('code') ?? ''
    const { body } = await door.ask({
      method: 'POST',
      path: `/${world.tenantId}/oauth2/v2.0/token`,
      body: form({
        grant_type: 'authorization_code',
        client_id: app.clientId,
        client_secret: app.secret,
        code,
        redirect_uri: 'https://app.example/back',
        code_verifier: VERIFIER,
      }),
    })
    const { oid, auth_time } = decodeJwt(body.id_token)
    assert.deepEqual([oid, auth_time], [user.objectId, Math.floor(signedInAt / SECOND_MS)])
  })

  it('is asked all the same where the client wants that, or means somebody else', async () => {
    const { cookie } = await signIn()
    assert.equal(await outcome(cookie), 'code')
    for (const prompt of ['login', 'select_account', 'consent', 'login consent']) {
      assert.equal(await outcome(cookie, { prompt }), 'form', prompt)
    }
    assert.equal(await outcome(cookie, { login_hint: 'ADA@locum.onmicrosoft.com' }), 'code')
    const other = { login_hint: 'bea@locum.onmicrosoft.com' }
    assert.equal(await outcome(cookie, other), 'form')
    assert.equal(await outcome(cookie, { ...other, prompt: 'none' }), 'login_required')
    world.clock.move(10 * SECOND_MS)
    assert.equal(await outcome(cookie, { max_age: '10' }), 'code')
    world.clock.move(1)
    assert.equal(await outcome(cookie, { max_age: '10' }), 'form')
    assert.equal(await outcome(cookie, { max_age: '0', prompt: 'none' }), 'login_required')
    for (const odd of [
      { max_age: '-1' },
      { max_age: 'x' },
      { prompt: 'none login' },
      { prompt: 'x' },
    ]) {
      assert.equal(await outcome(cookie, odd), 'invalid_request', JSON.stringify(odd))
    }
  })

  it('gives nothing unasked to a client that the user has not signed in to here', async () => {
    const { cookie } = await signIn()
    const other = await someApplication(world)
    const change = { client_id: other.clientId }
    assert.equal(await outcome(cookie, change), 'form')
    assert.equal(await outcome(cookie, { ...change, prompt: 'none' }), 'consent_required')
    const next = await signIn('ada', cookie, change)
    assert.equal(await outcome(next.cookie, change), 'code')
    assert.equal(await outcome(next.cookie), 'code')
    await someUser(world, 'eve')
    const eve = await signIn('eve', next.cookie)
    assert.equal(await outcome(eve.cookie, change), 'form')
  })

  it('is let into a client by consent: of an administrator for all, or the user’s own', async () => {
    const { cookie } = await signIn()
    const someone = await someUser(world, 'fay')
    for (const [consentType, principalId, expected] of [
      ['AllPrincipals', null, 'code'],
      ['Principal', user.objectId, 'code'],
      ['Principal', someone.objectId, 'form'],
    ] as const) {
      const { clientId } = await someApplication(world)
      const principal = await findServicePrincipalByClientId(world.call(), clientId)
      assert.ok(principal)
      const grant = { consentType, principalId, resourceId: principal.objectId, scope: 'x' }
      await transaction(world.call(), (tx) =>
        createPermissionGrant(tx, { clientId: principal.objectId, ...grant }),
      )
      assert.equal(await outcome(cookie, { client_id: clientId }), expected)
    }
  })

  it('signs nobody in to a program on a device without asking', async () => {
    const { cookie } = await signIn()
    const path = `${AUTHORIZE}?${form(asked({}))}`
    assert.equal((await door.ask({ path, headers: { cookie } })).status, 200)
    const silent = `${AUTHORIZE}?${form(asked({ prompt: 'none' }))}`
    const { headers } = await door.ask({ path: silent, headers: { cookie } })
    assert.match(String(headers.location), /error=login_required/)
  })

  it('is nobody’s without its cookie, with another, or with one that was made up', async () => {
    await signIn()
    const made = `__Host-locum-session=1.${'A'.repeat(64)}`
    for (const cookie of ['', made, '__Host-locum-session=', '__Host-locum-session=x']) {
      assert.equal(await outcome(cookie, { prompt: 'none' }), 'login_required', cookie)
    }
  })

  it('is over a day after its last use, and lasts while it is used', async () => {
    const { cookie } = await signIn()
    world.clock.move(DAY_MS - 1)
    assert.equal(await outcome(cookie), 'code')
    world.clock.move(DAY_MS - 1)
    assert.equal(await outcome(cookie), 'code')
    world.clock.move(DAY_MS)
    assert.equal(await outcome(cookie, { prompt: 'none' }), 'login_required')
  })

  it('ends with signing out, wherever its cookie was copied to', async () => {
    const { cookie } = await signIn()
    const out = await door.ask({ path: LOGOUT, headers: { cookie } })
    assert.equal(out.status, 200)
    assert.match(String(out.headers['set-cookie']), /^__Host-locum-session=; .*Max-Age=0$/)
    assert.equal(await outcome(cookie, { prompt: 'none' }), 'login_required')
  })

  it('ends when the user is signed out everywhere, disabled, or another signs in there', async () => {
    const first = await signIn()
    await transaction(world.call(), (tx) => revokeSignInSessions(tx, user.objectId))
    assert.equal(await outcome(first.cookie, { prompt: 'none' }), 'login_required')
    world.clock.move(1)
    const second = await signIn()
    await transaction(world.call(), (tx) =>
      updateUser(tx, user.objectId, { accountEnabled: false }),
    )
    assert.equal(await outcome(second.cookie, { prompt: 'none' }), 'login_required')
    await transaction(world.call(), (tx) => updateUser(tx, user.objectId, { accountEnabled: true }))
    assert.equal(await outcome(second.cookie), 'code')
    await someUser(world, 'bea')
    const third = await signIn('bea', second.cookie)
    assert.equal(await outcome(second.cookie, { prompt: 'none' }), 'login_required')
    assert.equal(await outcome(third.cookie, { prompt: 'none' }), 'code')
  })

  it('leads back after signing out for a client that its id token names', async () => {
    const payload = Buffer.from(JSON.stringify({ aud: app.clientId })).toString('base64url')
    const hint = `e30.${payload}.e30`
    const leave = (uri: string) =>
      door.ask({
        path: `${LOGOUT}?${form({ post_logout_redirect_uri: uri, id_token_hint: hint })}`,
      })
    assert.equal(
      (await leave('https://app.example/back')).headers.location,
      'https://app.example/back',
    )
    assert.equal((await leave('https://evil.example/')).headers.location, undefined)
  })
})
