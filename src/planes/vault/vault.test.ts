import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { DAY_MS } from '../../base/clock.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import { latestEntries } from '../../core/audit/audit.ts'
import { addMember, createGroup } from '../../core/directory/groups.ts'
import { removeResource } from '../../core/resources/resource.ts'
import { transaction } from '../../core/transaction.ts'
import {
  GROUP,
  openTestVaults,
  POLICY_VAULT,
  READER,
  ROLE_VAULT,
  SECRETS_USER,
  type TestVaults,
} from './test-vaults.ts'

const POLICIES_HOST = { host: 'kv-policies.vault.azure.net' }

let vaults: TestVaults
before(async () => {
  vaults = await openTestVaults()
})
after(() => vaults.close())

describe('coming in', () => {
  it('is challenged without a token, in the form that every client parses', async () => {
    const { status, headers, body } = await vaults.ask(undefined, 'GET', '/secrets/s1')
    assert.equal(status, 401)
    assert.equal(
      headers['www-authenticate'],
      `Bearer authorization="https://login.microsoftonline.com/${vaults.world.tenantId}", resource="https://vault.azure.net"`,
    )
    assert.deepEqual(body, {
      error: {
        code: 'Unauthorized',
        message: 'AKV10000: Request is missing a Bearer or PoP token.',
      },
    })
  })

  it('is challenged by local names with their port, which clients compare', async () => {
    const host = 'kv-roles.vault.locum.localhost:8443'
    const { headers } = await vaults.ask(undefined, 'GET', '/secrets', undefined, { host })
    assert.equal(
      headers['www-authenticate'],
      `Bearer authorization="https://login.locum.localhost:8443/${vaults.world.tenantId}", resource="https://vault.locum.localhost:8443"`,
    )
  })

  it('says who asks for what, and that nobody let them', async () => {
    const { nobody, world } = vaults
    const { status, body } = await vaults.ask(nobody, 'GET', '/secrets/Db-Password')
    assert.equal(status, 403)
    assert.deepEqual(body.error, {
      code: 'Forbidden',
      message: [
        'Caller is not authorized to perform action on resource.',
        'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
        `Caller: appid=${nobody.clientId};oid=${nobody.objectId};iss=https://sts.windows.net/${world.tenantId}/`,
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
        `Resource: '${ROLE_VAULT.toLowerCase()}/secrets/db-password'`,
        'Assignment: (not found)',
        'DenyAssignmentId: null',
        "DecisionReason: 'DeniedWithNoValidRBAC' ",
        'Vault: kv-roles;location=westeurope',
        '',
      ].join('\r\n'),
      innererror: { code: 'ForbiddenByRbac' },
    })
    const [entry] = await latestEntries(world.call(), 1)
    assert.deepEqual(
      [entry?.caller, entry?.action, entry?.outcome],
      [nobody.objectId, 'Microsoft.KeyVault/vaults/secrets/getSecret/action', 'denied'],
    )
  })

  it('opens by a role on the vault, on the group or on the one secret', async () => {
    await vaults.ask(vaults.administrator, 'PUT', '/secrets/opened', { value: 'x' })
    for (const scope of [GROUP, ROLE_VAULT, `${ROLE_VAULT}/secrets/opened`]) {
      const user = await vaults.principal('user')
      assert.equal((await vaults.ask(user, 'GET', '/secrets/opened')).status, 403)
      await vaults.assign(user, SECRETS_USER, scope)
      assert.equal((await vaults.ask(user, 'GET', '/secrets/OPENED')).status, 200)
      const put = await vaults.ask(user, 'PUT', '/secrets/opened', { value: 'y' })
      assert.equal(put.status, 403)
    }
    const one = await vaults.principal('one secret')
    await vaults.assign(one, SECRETS_USER, `${ROLE_VAULT}/secrets/other`)
    assert.equal((await vaults.ask(one, 'GET', '/secrets/opened')).status, 403)
    assert.equal((await vaults.ask(one, 'GET', '/secrets')).status, 403)
  })

  it('lists by metadata without showing a value', async () => {
    const reader = await vaults.principal('reader')
    await vaults.assign(reader, READER, ROLE_VAULT)
    assert.equal((await vaults.ask(reader, 'GET', '/secrets')).status, 200)
    assert.equal((await vaults.ask(reader, 'GET', '/secrets/opened')).status, 403)
  })

  it('finds a vault by its name whatever the casing, and says so when there is none', async () => {
    const { administrator } = vaults
    const there = { host: 'KV-Roles.vault.azure.net' }
    assert.equal((await vaults.ask(administrator, 'GET', '/secrets', undefined, there)).status, 200)
    const none = { host: 'nowhere.vault.azure.net' }
    const { status, body } = await vaults.ask(administrator, 'GET', '/secrets', undefined, none)
    assert.equal(status, 404)
    assert.deepEqual(body.error, {
      code: 'VaultNotFound',
      message: "The key vault 'nowhere' was not found.",
    })
  })

  it('ends when the vault is deleted', async () => {
    const id = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-gone`
    await vaults.putVault(id, { enableRbacAuthorization: true })
    const host = { host: 'kv-gone.vault.azure.net' }
    assert.equal((await vaults.ask(vaults.nobody, 'GET', '/secrets', undefined, host)).status, 403)
    await transaction(vaults.world.call(), (tx) => removeResource(tx, parseResourceId(id)))
    assert.equal((await vaults.ask(vaults.nobody, 'GET', '/secrets', undefined, host)).status, 404)
  })
})

describe('a vault of access policies', () => {
  const ask = (
    who: Parameters<TestVaults['ask']>[0],
    method: 'GET' | 'PUT',
    path: string,
    body?: unknown,
  ) => vaults.ask(who, method, path, body, POLICIES_HOST)

  async function allow(objectId: string, secrets: readonly string[]) {
    const policy = { tenantId: vaults.world.tenantId, objectId, permissions: { secrets } }
    await vaults.putVault(POLICY_VAULT, { accessPolicies: [policy] })
  }

  it('lets in whom a policy names, for what it names, at once', async () => {
    const user = await vaults.principal('user')
    assert.equal((await ask(user, 'PUT', '/secrets/s1', { value: 'x' })).status, 403)
    await allow(user.objectId, ['Set', 'get'])
    assert.equal((await ask(user, 'PUT', '/secrets/s1', { value: 'x' })).status, 200)
    assert.equal((await ask(user, 'GET', '/secrets/s1')).body.value, 'x')
    const { status, body } = await ask(user, 'GET', '/secrets')
    assert.equal(status, 403)
    assert.deepEqual(body.error, {
      code: 'Forbidden',
      message: `The user, group or application 'appid=${user.clientId};oid=${user.objectId};numgroups=0;iss=https://sts.windows.net/${vaults.world.tenantId}/' does not have secrets list permission on key vault 'kv-policies;location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
      innererror: { code: 'ForbiddenByPolicy' },
    })
  })

  it('lets in the members of a group that a policy names', async () => {
    const member = await vaults.principal('member')
    const group = await transaction(vaults.world.call(), async (tx) => {
      const made = await createGroup(tx, { displayName: 'readers' })
      await addMember(tx, { groupId: made.objectId, memberId: member.objectId })
      return made
    })
    await allow(group.objectId, ['all'])
    assert.equal((await ask(member, 'GET', '/secrets')).status, 200)
  })

  it('does not look at role assignments, nor the other vault at policies', async () => {
    await vaults.assign(vaults.administrator, '00482a5a-887f-4fb3-b363-3b7fe8e74483', POLICY_VAULT)
    await allow(randomUUID(), ['all'])
    assert.equal((await ask(vaults.administrator, 'GET', '/secrets')).status, 403)
    const user = await vaults.principal('user')
    const policy = {
      tenantId: vaults.world.tenantId,
      objectId: user.objectId,
      permissions: { secrets: ['all'] },
    }
    const other = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-both`
    await vaults.putVault(other, { enableRbacAuthorization: true, accessPolicies: [policy] })
    const host = { host: 'kv-both.vault.azure.net' }
    assert.equal((await vaults.ask(user, 'GET', '/secrets', undefined, host)).status, 403)
  })
})

describe('a request', () => {
  const admin = (
    method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ) => vaults.ask(vaults.administrator, method, path, body)
  const bad = (message: string) => ({ error: { code: 'BadParameter', message } })

  it('must say its api-version, one that there is', async () => {
    const without = await admin('GET', '/secrets?x=1')
    assert.deepEqual([without.status, without.body], [400, bad('api-version must be specified')])
    for (const version of ['1.0', '7.9', '2024-01-01', 'latest']) {
      const { status, body } = await admin('GET', `/secrets?api-version=${version}`)
      assert.equal(status, 400)
      assert.deepEqual(
        body,
        bad(
          `The specified version (${version}) is not recognized. Consider using the latest supported version (2025-07-01).`,
        ),
      )
    }
    for (const version of [
      '7.0',
      '7.3',
      '7.6-preview.2',
      '2016-10-01',
      '2025-07-01',
      '2026-10-01',
    ]) {
      assert.equal((await admin('GET', `/secrets?api-version=${version}`)).status, 200)
    }
  })

  it('is refused when a query name comes twice', async () => {
    const { status, body } = await admin('GET', '/secrets?api-version=7.4&API-Version=7.3')
    assert.deepEqual([status, body.error.code], [400, 'BadParameter'])
  })

  it('is refused when its body is not what it should be, and changes nothing', async () => {
    const rows: [unknown, string][] = [
      [{ value: 1 }, 'Property  has invalid value\r\n'],
      [{ value: null }, 'Property  has invalid value\r\n'],
      [{}, 'Property  has invalid value\r\n'],
      [{ value: 'x', color: 'red' }, 'Property color has invalid value\r\n'],
      [{ value: 'x', tags: { a: 1 } }, 'Property tags.a has invalid value\r\n'],
      [{ value: 'x', attributes: { exp: '1' } }, 'Property attributes.exp has invalid value\r\n'],
      [{ value: 'x', attributes: { exp: 1.5 } }, 'Property attributes.exp has invalid value\r\n'],
      [
        { value: 'x', attributes: { enabled: 'no' } },
        'Property attributes.enabled has invalid value\r\n',
      ],
      [{ value: 'x'.repeat(25_601) }, 'Property  has invalid value\r\n'],
      ['{"value":"x"', 'The request body is not valid JSON.'],
      ['{"__proto__":{},"value":"x"}', 'The request body is not valid JSON.'],
    ]
    for (const [body, message] of rows) {
      const refused = await admin('PUT', '/secrets/never', body)
      assert.deepEqual([refused.status, refused.body], [400, bad(message)])
    }
    assert.equal((await admin('GET', '/secrets/never')).status, 404)
    assert.equal(
      (await admin('PUT', '/secrets/never', { value: 'x'.repeat(1_100_000) })).status,
      413,
    )
  })

  it('is refused when its name is none', async () => {
    for (const name of ['a_b', 'a.b', 'a%2Fb', '%2e%2e', 'x'.repeat(128)]) {
      const { status, body } = await admin('PUT', `/secrets/${name}`, { value: 'x' })
      assert.equal(status, 400)
      assert.deepEqual(
        body,
        bad(`The request URI contains an invalid name: ${decodeURIComponent(name)}`),
      )
    }
  })

  it('is refused by the verb, and where there is nothing', async () => {
    const { status, body } = await admin('DELETE', '/secrets')
    assert.deepEqual([status, body], [400, bad("Method DELETE does not allow operation 'secrets'")])
    assert.equal((await admin('GET', '/nothing/here')).status, 404)
  })

  it('has its client id echoed, and the region told', async () => {
    const id = randomUUID()
    const headers = { 'x-ms-client-request-id': id }
    const reply = await vaults.ask(vaults.administrator, 'GET', '/secrets', undefined, headers)
    assert.equal(reply.headers['x-ms-client-request-id'], id)
    assert.equal(reply.headers['x-ms-request-id'], id)
    assert.equal(reply.headers['x-ms-keyvault-region'], 'westeurope')
    assert.equal(reply.headers['cache-control'], 'no-cache')
  })

  it('with a token of another audience, or of no one, is told so', async () => {
    const claims = { aud: 'https://management.azure.com', iss: 'https://sts.windows.net/x/' }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const foreign = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}.AAAA`
    const headers = { authorization: `Bearer ${foreign}` }
    const { status, body } = await vaults.ask(undefined, 'GET', '/secrets', undefined, headers)
    assert.equal(status, 401)
    assert.deepEqual(body.error, {
      code: 'Unauthorized',
      message: `AKV10032: Invalid issuer. Expected one of https://sts.windows.net/${vaults.world.tenantId}/, found https://sts.windows.net/x/.`,
    })
    for (const authorization of ['Bearer', 'Bearer x', 'Basic eDp5', 'Bearer a.b.c']) {
      const refused = await vaults.ask(undefined, 'GET', '/secrets', undefined, { authorization })
      assert.equal(refused.status, 401)
      assert.ok(refused.headers['www-authenticate']?.startsWith('Bearer authorization="'))
    }
  })

  it('with an expired token is told so', async () => {
    const { administrator, world } = vaults
    const asked = await world.call()
    assert.equal((await vaults.ask(administrator, 'GET', '/secrets')).status, 200)
    const { issueAccessToken } = await import('../../core/tokens/issue.ts')
    const token = await issueAccessToken(asked, {
      subject: { ...administrator, kind: 'Application', proof: 'secret' },
      audience: { audience: 'https://vault.azure.net', version: '1.0' },
    })
    world.clock.move(DAY_MS)
    const headers = { authorization: `Bearer ${token.text.reveal()}` }
    const { status, body } = await vaults.ask(undefined, 'GET', '/secrets', undefined, headers)
    assert.deepEqual(
      [status, body.error.message],
      [401, "[TokenExpired] Error validating token: 'S2S12086'."],
    )
  })
})
