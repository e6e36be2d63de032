import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ObjectId } from '../../base/ids.ts'
import { federatedCredentialsOf } from '../../core/directory/federated-credentials.ts'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { GROUP, openTestEstate, type TestEstate } from './test-estate.ts'

const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a`
const SET = `${IDENTITY}/federatedIdentityCredentials`
const OPERATOR = 'f1a07417-d97a-45cb-824c-7a7467783830'
const CONTRIBUTOR = 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59'

const asked = (change: object = {}) => ({
  properties: {
    issuer: 'https://issuer.example',
    subject: 'system:serviceaccount:default:app',
    audiences: ['api://AzureADTokenExchange'],
    ...change,
  },
})

describe('a federated identity credential of a user-assigned identity', () => {
  let estate: TestEstate
  let principalId: ObjectId
  before(async () => {
    estate = await openTestEstate(managedIdentityProvider)
    const made = await estate.ask('PUT', IDENTITY, { location: 'westeurope' })
    principalId = made.body.properties.principalId
  })
  after(() => estate.close())

  const assertRefused = async (name: string, body: unknown, message: string | RegExp) => {
    const refused = await estate.ask('PUT', `${SET}/${name}`, body)
    assert.equal(refused.status, 400, JSON.stringify(refused.body))
    assert.equal(refused.body.error.code, 'BadRequest')
    if (typeof message === 'string') assert.equal(refused.body.error.message, message)
    else assert.match(refused.body.error.message, message)
  }

  it('is made, changed, read, listed and removed', async () => {
    const shown = (change: object = {}) => ({
      id: `${SET}/github`,
      name: 'github',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      ...asked(change),
    })
    const made = await estate.ask('PUT', `${SET}/github`, asked())
    assert.deepEqual([made.status, made.body], [201, shown()])
    const changed = await estate.ask('PUT', `${SET}/GitHub`, asked({ subject: 'repo:a/b' }))
    assert.deepEqual([changed.status, changed.body], [200, shown({ subject: 'repo:a/b' })])
    const read = await estate.ask('GET', `${SET}/github`)
    assert.deepEqual([read.status, read.body], [200, shown({ subject: 'repo:a/b' })])
    assert.deepEqual((await estate.ask('GET', SET)).body, {
      value: [shown({ subject: 'repo:a/b' })],
    })
    assert.equal((await estate.ask('DELETE', `${SET}/github`)).status, 200)
    assert.equal((await estate.ask('DELETE', `${SET}/github`)).status, 204)
    assert.equal((await estate.ask('GET', `${SET}/github`)).status, 404)
  })

  it('is refused when it cannot be meant', async () => {
    const oneAudience = 'Federated identity credentials must have exactly one audience.'
    const empty = 'Federated Identity Credential from HTTP body has empty properties'
    await assertRefused('one', asked({ audiences: [] }), oneAudience)
    await assertRefused('one', asked({ audiences: ['a', 'b'] }), oneAudience)
    await assertRefused('one', {}, empty)
    await assertRefused('one', { properties: {} }, empty)
    await assertRefused('ab', asked(), "Federated Identity Credential name 'ab' is invalid.")
    await assertRefused('a.b', asked(), "Federated Identity Credential name 'a.b' is invalid.")
    await assertRefused('one', asked({ issuer: 'nowhere' }), /issuer/)
    await assertRefused('one', asked({ subject: undefined }), /subject/)
    await assertRefused('one', asked({ subject: 's'.repeat(601) }), /subject/)
    const expression = { value: "claims['sub'] matches 'repo:*'", languageVersion: 1 }
    await assertRefused('one', asked({ claimsMatchingExpression: expression }), /not supported/)
    assert.deepEqual((await estate.ask('GET', SET)).body, { value: [] })
  })

  it('has an issuer and subject of its own, and at most nineteen others beside it', async () => {
    for (let at = 1; at <= 20; at++) {
      const made = await estate.ask('PUT', `${SET}/fic-${at}`, asked({ subject: `s${at}` }))
      assert.equal(made.status, 201)
    }
    const taken = 'Issuer and subject combination already exists for this Managed Identity.'
    await assertRefused('fic-2', asked({ subject: 's1' }), taken)
    await assertRefused('fic-21', asked({ subject: 's21' }), /at most 20/)
    await estate.ask('DELETE', `${SET}/fic-20`)
    await assertRefused('fic-20', asked({ subject: 's1' }), taken)
  })

  it('needs a right of its own: operators of the identity may look, contributors may write', async () => {
    const operator = await estate.principal('operator')
    await estate.assign(operator, OPERATOR, IDENTITY)
    const contributor = await estate.principal('contributor')
    await estate.assign(contributor, CONTRIBUTOR, IDENTITY)
    const write = (as: typeof operator) => estate.ask('PUT', `${SET}/fic-20`, asked(), { as })
    assert.equal((await write(estate.reader)).status, 403)
    const refused = await write(operator)
    assert.equal(refused.status, 403)
    assert.match(
      refused.body.error.message,
      /'Microsoft\.ManagedIdentity\/userAssignedIdentities\/federatedIdentityCredentials\/write'/,
    )
    assert.equal((await write(contributor)).status, 201)
    assert.equal((await estate.ask('GET', SET, undefined, { as: estate.nobody })).status, 403)
    assert.equal((await estate.ask('GET', SET, undefined, { as: estate.reader })).status, 200)
  })

  it('has no parent but an identity that is there', async () => {
    const answered = await estate.ask('PUT', `${SET.replace('id-a', 'id-z')}/fic`, asked())
    assert.equal(answered.status, 404)
  })

  it('goes with its identity', async () => {
    assert.equal((await federatedCredentialsOf(estate.world.call(), principalId)).length, 20)
    assert.equal((await estate.ask('DELETE', IDENTITY)).status, 200)
    assert.deepEqual(await federatedCredentialsOf(estate.world.call(), principalId), [])
  })
})
