import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type ClientId, newId, type ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import {
  CODE_LIFE_MS,
  issueAuthorizationCode,
  redeemAuthorizationCode,
} from './authorization-codes.ts'
import {
  approveDevice,
  clientBehindUserCode,
  DEVICE_CODE_LIFE_MS,
  declineDevice,
  issueDeviceCode,
  redeemDeviceCode,
} from './device-codes.ts'
import { deleteExpired } from './expired.ts'
import { issueRefreshToken, OVERLAP_MS, redeemRefreshToken } from './refresh-tokens.ts'
import {
  BROWSER_SIGN_IN_LIFE_MS,
  beginSignIn,
  confide,
  fixEnd,
  SIGN_IN_LIFE_MS,
} from './sign-in.ts'

const VERIFIER = 'verifier-of-forty-three-characters-or-more-1'
const REDIRECT = 'http://localhost:4711'

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

const userId = newId<ObjectId>()
const clientId = newId<ClientId>()

describe('authorization codes', () => {
  const issue = (challenge: string | undefined = s256(VERIFIER)) =>
    transaction(world.call(), (tx) =>
      issueAuthorizationCode(tx, {
        userId,
        clientId,
        redirectUri: REDIRECT,
        challenge,
        scope: 'openid',
        nonce: 'n1',
      }),
    )
  const redeem = (
    code: Secret<string>,
    other: Partial<Parameters<typeof redeemAuthorizationCode>[1]> = {},
  ) =>
    transaction(world.call(), (tx) =>
      redeemAuthorizationCode(tx, {
        code,
        clientId,
        redirectUri: REDIRECT,
        verifier: new Secret(VERIFIER),
        ...other,
      }),
    )

  it('give the sign-in once, however many present one at once', async () => {
    const code = await issue()
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => redeem(code)))
    const kinds = outcomes.map(({ kind }) => kind).sort()
    assert.deepEqual(kinds, ['granted', ...Array(7).fill('used')])
  })

  it('end the sign-in when they come again', async () => {
    const code = await issue()
    const outcome = await redeem(code)
    assert.ok(outcome.kind === 'granted')
    const { signIn } = outcome
    assert.deepEqual([signIn.userId, outcome.scope, outcome.nonce], [userId, 'openid', 'n1'])
    const token = await transaction(world.call(), (tx) => issueRefreshToken(tx, signIn))
    assert.equal((await redeem(code)).kind, 'used')
    const refreshed = await transaction(world.call(), (tx) =>
      redeemRefreshToken(tx, { token, clientId, proved: false }),
    )
    assert.equal(refreshed.kind, 'unknown')
  })

  it('are for one client, one redirect URI and one verifier, and are used up by a wrong one', async () => {
    for (const [other, kind] of [
      [{ clientId: newId<ClientId>() }, 'otherClient'],
      [{ redirectUri: 'http://localhost:4712' }, 'redirect'],
      [{ redirectUri: undefined }, 'redirect'],
      [{ verifier: new Secret(`${VERIFIER}x`) }, 'verifier'],
      [{ verifier: undefined }, 'verifier'],
    ] as const) {
      const code = await issue()
      assert.equal((await redeem(code, other)).kind, kind)
      assert.equal((await redeem(code)).kind, 'used')
    }
    assert.equal((await redeem(new Secret('nonsense'))).kind, 'unknown')
  })

  it('end after ten minutes', async () => {
    const code = await issue()
    world.clock.move(CODE_LIFE_MS)
    assert.equal((await redeem(code)).kind, 'expired')
  })

  it('lie in the database as hashes only', async () => {
    const code = await issue()
    const rows = await world.database.reader.all('SELECT * FROM authorization_codes', [])
    assert.ok(rows.length > 0)
    assert.ok(!JSON.stringify(rows).includes(code.reveal()))
  })
})

describe('device codes', () => {
  const issue = () =>
    transaction(world.call(), (tx) => issueDeviceCode(tx, { clientId, scope: 'openid' }))
  const redeem = (code: Secret<string>) =>
    transaction(world.call(), (tx) => redeemDeviceCode(tx, { code, clientId }))

  it('wait for the person, then give the sign-in once of eight', async () => {
    const { deviceCode, userCode } = await issue()
    assert.equal((await redeem(deviceCode)).kind, 'pending')
    const typed = userCode.reveal().toLowerCase()
    assert.equal(await clientBehindUserCode(world.call(), typed), clientId)
    const approve = () =>
      transaction(world.call(), (tx) => approveDevice(tx, { userCode: typed, userId }))
    assert.equal(await approve(), true)
    assert.equal(await approve(), false)
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => redeem(deviceCode)))
    const kinds = outcomes.map(({ kind }) => kind).sort()
    assert.deepEqual(kinds, ['granted', ...Array(7).fill('used')])
  })

  it('can be declined, end after fifteen minutes, and are never guessed', async () => {
    const declined = await issue()
    assert.ok(
      await transaction(world.call(), (tx) => declineDevice(tx, declined.userCode.reveal())),
    )
    assert.equal((await redeem(declined.deviceCode)).kind, 'declined')
    const late = await issue()
    world.clock.move(DEVICE_CODE_LIFE_MS)
    assert.equal((await redeem(late.deviceCode)).kind, 'expired')
    assert.equal(await clientBehindUserCode(world.call(), late.userCode.reveal()), undefined)
    assert.equal(await clientBehindUserCode(world.call(), 'AAAAAAAAA'), undefined)
  })
})

describe('refresh tokens', () => {
  const begin = () =>
    transaction(world.call(), async (tx) => {
      const signIn = await beginSignIn(tx, { userId, clientId })
      return { signIn, token: await issueRefreshToken(tx, signIn) }
    })
  const redeem = (token: Secret<string>, facts = { clientId, proved: false }) =>
    transaction(world.call(), (tx) => redeemRefreshToken(tx, { token, ...facts }))

  it('are replaced at each use; the one before is taken a minute longer', async () => {
    const { signIn, token } = await begin()
    const first = await redeem(token)
    assert.ok(first.kind === 'granted')
    assert.deepEqual(first.signIn, signIn)
    world.clock.move(OVERLAP_MS - 1)
    assert.equal((await redeem(token)).kind, 'granted')
    assert.equal((await redeem(first.next)).kind, 'granted')
  })

  it('end the sign-in when one comes back after that', async () => {
    const { token } = await begin()
    const first = await redeem(token)
    assert.ok(first.kind === 'granted')
    world.clock.move(OVERLAP_MS)
    assert.equal((await redeem(token)).kind, 'reused')
    assert.equal((await redeem(first.next)).kind, 'unknown')
  })

  it('stay good when replaced, for a client that proves itself: they are of use to nobody else', async () => {
    const { signIn, token } = await begin()
    await transaction(world.call(), (tx) => confide(tx, signIn.id))
    const proved = { clientId, proved: true }
    assert.equal((await redeem(token, proved)).kind, 'granted')
    world.clock.move(OVERLAP_MS)
    assert.equal((await redeem(token)).kind, 'unproved')
    assert.equal((await redeem(token, proved)).kind, 'granted')
  })

  it('end a day after the sign-in where they lie about in a browser, however much they are used', async () => {
    const { signIn, token } = await begin()
    await transaction(world.call(), (tx) => fixEnd(tx, signIn.id))
    world.clock.move(BROWSER_SIGN_IN_LIFE_MS - 1)
    const later = await redeem(token)
    assert.ok(later.kind === 'granted')
    world.clock.move(1)
    assert.equal((await redeem(later.next)).kind, 'outlived')
  })

  it('serve the client they were given to, proved where it was proved before', async () => {
    const { signIn, token } = await begin()
    const other = { clientId: newId<ClientId>(), proved: true }
    assert.equal((await redeem(token, other)).kind, 'otherClient')
    await transaction(world.call(), (tx) => confide(tx, signIn.id))
    assert.equal((await redeem(token)).kind, 'unproved')
    assert.equal((await redeem(token, { clientId, proved: true })).kind, 'granted')
  })

  it('end when unused for ninety days, and are then forgotten', async () => {
    const { token } = await begin()
    world.clock.move(SIGN_IN_LIFE_MS)
    assert.equal((await redeem(token)).kind, 'expired')
    assert.ok((await transaction(world.call(), deleteExpired)) > 0)
    assert.equal((await redeem(token)).kind, 'unknown')
    assert.equal(await transaction(world.call(), deleteExpired), 0)
  })
})

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
