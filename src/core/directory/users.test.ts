import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MINUTE_MS } from '../../base/clock.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { openTestWorld, type TestWorld } from '../test-world.ts'
import { transaction } from '../transaction.ts'
import { checkUserPassword, drawPassword, hashPassword } from './user-passwords.ts'
import {
  createUser,
  deleteUser,
  findUser,
  findUserByPrincipalName,
  setUserPassword,
  type User,
  updateUser,
} from './users.ts'

const PASSWORD = new Secret('Correct horse 1')

let world: TestWorld
before(async () => {
  world = await openTestWorld()
})
after(() => world.close())

async function make(name: string): Promise<User> {
  const password = await hashPassword(PASSWORD)
  return transaction(world.call(), (tx) =>
    createUser(tx, {
      userPrincipalName: `${name}@locum.onmicrosoft.com`,
      displayName: name,
      password,
    }),
  )
}

const guess = ({ objectId }: User, text: string) =>
  checkUserPassword(world.call(), { userId: objectId, guess: new Secret(text) })

describe('users', () => {
  it('are found by object id, and by name in any case, until they are deleted', async () => {
    const ada = await make('Ada')
    const call = world.call()
    assert.deepEqual(await findUser(call, ada.objectId), ada)
    assert.deepEqual(await findUserByPrincipalName(call, 'aDA@LOCUM.onmicrosoft.com'), ada)
    assert.equal(await transaction(call, (tx) => deleteUser(tx, ada.objectId)), true)
    assert.equal(await findUser(call, ada.objectId), undefined)
    assert.equal(await findUserByPrincipalName(call, ada.userPrincipalName), undefined)
    assert.equal(await guess(ada, PASSWORD.reveal()), 'wrong')
  })

  it('have a name each, which can be changed', async () => {
    const bob = await make('bob')
    await assert.rejects(make('BOB'), { code: 'UserExists' })
    const changed = await transaction(world.call(), (tx) =>
      updateUser(tx, bob.objectId, { userPrincipalName: 'rob@locum.onmicrosoft.com' }),
    )
    assert.deepEqual(changed, { ...bob, userPrincipalName: 'rob@locum.onmicrosoft.com' })
    assert.equal(await findUserByPrincipalName(world.call(), bob.userPrincipalName), undefined)
    await assert.rejects(make('no name'), { code: 'InvalidUserPrincipalName' })
    const nobody = await transaction(world.call(), (tx) =>
      updateUser(tx, newId<ObjectId>(), { displayName: 'nobody' }),
    )
    assert.equal(nobody, undefined)
  })
})

describe('passwords of users', () => {
  it('are right or wrong, and the old one is wrong once there is a new one', async () => {
    const cleo = await make('cleo')
    assert.equal(await guess(cleo, PASSWORD.reveal()), 'right')
    assert.equal(await guess(cleo, PASSWORD.reveal().toLowerCase()), 'wrong')
    const drawn = drawPassword()
    const password = await hashPassword(drawn)
    world.clock.move(MINUTE_MS)
    const call = world.call()
    await transaction(call, (tx) => setUserPassword(tx, { objectId: cleo.objectId, password }))
    assert.equal(await guess(cleo, PASSWORD.reveal()), 'wrong')
    assert.equal(await guess(cleo, drawn.reveal()), 'right')
    assert.equal((await findUser(call, cleo.objectId))?.sessionsValidFrom, call.now)
  })

  it('must be of three kinds of characters and not short', async () => {
    for (const weak of ['Aa1!', 'aaaaaaaaaaaa', 'AAAAaaaaaaaa', `Aa1${'x'.repeat(300)}`]) {
      await assert.rejects(hashPassword(new Secret(weak)), { code: 'PasswordTooWeak' })
    }
  })

  it('lock after ten wrong guesses, made at once or not, and open after a minute', async () => {
    const dan = await make('dan')
    const outcomes = await Promise.all(
      Array.from({ length: 14 }, (_, at) => guess(dan, `Wrong guess ${at}`)),
    )
    assert.equal(outcomes.filter((one) => one === 'wrong').length, 10)
    assert.equal(outcomes.filter((one) => one === 'locked').length, 4)
    assert.equal(await guess(dan, PASSWORD.reveal()), 'locked')
    world.clock.move(MINUTE_MS)
    assert.equal(await guess(dan, 'Wrong again 1'), 'wrong')
    assert.equal(await guess(dan, PASSWORD.reveal()), 'locked')
    world.clock.move(MINUTE_MS)
    assert.equal(await guess(dan, PASSWORD.reveal()), 'right')
    assert.equal(await guess(dan, 'Wrong again 2'), 'wrong')
    assert.equal(await guess(dan, PASSWORD.reveal()), 'right')
  })
})
