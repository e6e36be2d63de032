/**
 * The Azure SDK for JavaScript in a virtual machine, as an application would use it: own files,
 * no setting, no credential, nothing switched off.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { grant, type Machine, makeGroup, type Principal } from '../estate.ts'
import { type Locum, startLocum, succeeded } from '../locum.ts'

const PROGRAMS = 'test/sdk/programs'
const VAULT = 'https://sdk-vault.vault.azure.net'

describe('the Azure SDK for JavaScript in a virtual machine', () => {
  let locum: Locum
  let machine: Machine
  let worker: Principal
  let foreign: Principal

  before(async () => {
    locum = await startLocum()
    const estate = await makeGroup(locum, 'sdk')
    worker = await estate.identity('worker')
    foreign = await estate.identity('foreign')
    machine = await estate.machine('app', { user: [worker] })
    const vault = await estate.vault('sdk-vault')
    const { principalId = '' } = machine.own ?? {}
    await grant(locum, 'Key Vault Secrets Officer', principalId, vault.id)
    await grant(locum, 'Key Vault Crypto Officer', principalId, vault.id)
    await grant(locum, 'Key Vault Crypto User', principalId, vault.id)
    await grant(locum, 'Key Vault Secrets User', worker.principalId, vault.id)
  })
  after(() => locum?.remove())

  it('takes tokens by every credential of @azure/identity', async () => {
    const { clientId, principalId, id } = worker
    const seen = await run('credentials.ts', clientId, principalId, id, foreign.clientId)
    const own = machine.own?.principalId
    assert.deepEqual(seen.objects, {
      default: own,
      clientId: principalId,
      clientIdAlone: principalId,
      objectId: principalId,
      resourceId: principalId,
      chain: own,
      chainByClientId: principalId,
      chainByResourceId: principalId,
    })
    assert.equal(seen.audience, 'https://management.azure.com/')
    assert.match(seen.foreign.message, /Identity not found/)
    assert.match(seen.unknownResource.message, /AADSTS500011/)
  })

  it('gets tokens that an independent library verifies, by what discovery says', async () => {
    assert.deepEqual(await run('verify.ts'), {
      oid: machine.own?.principalId,
      issuer: `https://sts.windows.net/${locum.status.tenantId}/`,
      header: ['alg', 'kid', 'typ', 'x5t'],
      // No member of a private key.
      members: ['e', 'kid', 'kty', 'n', 'use', 'x5c', 'x5t'],
      forged: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it('is the machine, even where the caller is signed in as the owner', async () => {
    const { stdout } = succeeded(await locum.run(['env', '--json']))
    const environment = { ...JSON.parse(stdout), AZURE_CLIENT_SECRET: "a real tenant's" }
    const command = [process.execPath, `${PROGRAMS}/whoami.ts`]
    const seen = JSON.parse(await locum.exec('app', command, { environment }))
    assert.equal(seen.oid, machine.own?.principalId)
  })

  it('lets AZURE_CLIENT_ID choose the identity', async () => {
    const environment = { AZURE_CLIENT_ID: worker.clientId }
    const command = [process.execPath, `${PROGRAMS}/whoami.ts`]
    const seen = JSON.parse(await locum.exec('app', command, { environment }))
    assert.equal(seen.oid, worker.principalId)
  })

  it('keeps secrets with @azure/keyvault-secrets', async () => {
    const many = Array.from({ length: 30 }, (_, at) => `many-${String(at).padStart(2, '0')}`)
    assert.deepEqual(await run('secrets.ts', VAULT, worker.clientId), {
      values: ['second', 'first', 'first'],
      contentType: 'text/plain',
      tags: { of: 'db' },
      recoveryLevel: 'Recoverable+Purgeable',
      id: `${VAULT}/secrets/password/{version}`,
      versions: [false, true],
      disabled: { name: 'RestError', statusCode: 403, code: 'Forbidden' },
      listed: [...many, 'password'],
      pages: [10, 10, 10, 1],
      gone: { name: 'RestError', statusCode: 404, code: 'SecretNotFound' },
      blocked: { name: 'RestError', statusCode: 409, code: 'Conflict' },
      deleted: ['many-00'],
      restored: 'value of many-02',
      purged: { name: 'RestError', statusCode: 404, code: 'SecretNotFound' },
      missing: { name: 'RestError', statusCode: 404, code: 'SecretNotFound' },
      readers: {
        value: 'value of many-01',
        write: { name: 'RestError', statusCode: 403, code: 'Forbidden' },
      },
    })
  })

  it('uses keys with @azure/keyvault-keys', async () => {
    const both = { decrypted: 'what a key is for', unwrapped: true }
    const { seen, ...rest } = await run('keys.ts', VAULT)
    assert.match(seen.signOnly.decrypts.message, /^Operation decrypt is not supported on key /)
    seen.signOnly = seen.signOnly.bytes
    assert.deepEqual(
      { seen, ...rest },
      {
        seen: {
          RS256: { valid: true, forged: false, bytes: 256 },
          PS256: { valid: true, forged: false, bytes: 256 },
          ES256: { valid: true, here: true, bytes: 64 },
          'RSA-OAEP': both,
          'RSA-OAEP-256': both,
          RSA1_5: both,
          signOnly: 256,
        },
        rotation: { actions: ['Rotate', 'Notify'], anew: true, validDays: 365 },
        backup: { same: true, olderVersionSigns: true },
        rsa: {
          type: 'RSA',
          operations: ['decrypt', 'encrypt', 'sign', 'unwrapKey', 'verify', 'wrapKey'],
          private: false,
        },
        curve: { type: 'EC', name: 'P-256', tags: { of: 'test' } },
        listed: ['curve', 'rsa', 'sign-only'],
        versions: 2,
        olderVersionSigns: true,
        gone: { name: 'RestError', statusCode: 404, code: 'KeyNotFound' },
        recovered: ['sign', 'verify'],
      },
    )
  })

  async function run(program: string, ...argv: readonly string[]) {
    const command = [process.execPath, `${PROGRAMS}/${program}`, ...argv]
    return JSON.parse(await locum.exec('app', command))
  }
})
