/**
 * Lab A: one virtual machine with a system-assigned identity, one vault, one grant. The commands
 * are the tutorial's own, typed in the machine: once by role assignment, once by access policy.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Estate, grant, type Machine, makeGroup, type Vault } from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'
import { claimsOf, KEEP_TOKEN, listKeys, SHOW_TOKEN } from './tutorial.ts'

describe('Lab A: a virtual machine lists the keys of a vault', () => {
  let locum: Locum
  let estate: Estate
  let machine: Machine

  before(async () => {
    locum = await startLocum()
    estate = await makeGroup(locum, 'my-resource-group')
    machine = await estate.machine('my-vm')
  })
  after(() => locum?.remove())

  it('gives a token to whoever asks in the machine, in the documented shape', async () => {
    const reply = JSON.parse(await locum.exec('my-vm', SHOW_TOKEN))
    const { access_token: token, ...rest } = reply
    assert.deepEqual(Object.keys(reply), [
      'access_token',
      'client_id',
      'expires_in',
      'expires_on',
      'ext_expires_in',
      'not_before',
      'resource',
      'token_type',
    ])
    assert.equal(rest.client_id, machine.own?.clientId)
    assert.equal(rest.resource, 'https://vault.azure.net')
    assert.equal(rest.token_type, 'Bearer')
    for (const value of Object.values(rest)) assert.equal(typeof value, 'string')
    const expected = {
      aud: 'https://vault.azure.net',
      iss: `https://sts.windows.net/${locum.status.tenantId}/`,
      idp: `https://sts.windows.net/${locum.status.tenantId}/`,
      appid: machine.own?.clientId,
      appidacr: '2',
      idtyp: 'app',
      oid: machine.own?.principalId,
      sub: machine.own?.principalId,
      tid: locum.status.tenantId,
      ver: '1.0',
      xms_mirid: machine.id.replace('/resourceGroups/', '/resourcegroups/'),
    }
    const claims = claimsOf(token)
    const shown = Object.fromEntries(Object.keys(expected).map((name) => [name, claims[name]]))
    assert.deepEqual(shown, expected)
    assert.equal(String(claims.exp), rest.expires_on)
    assert.equal(String(claims.nbf), rest.not_before)
  })

  describe('by role assignment', () => {
    let vault: Vault

    before(async () => {
      vault = await estate.vault('my-project')
      await estate.key(vault, 'keyname')
    })

    it('is refused before the grant, and told by whom, what and where', async () => {
      const { error } = await keysOf(vault)
      const { principalId, clientId } = machine.own ?? assert.fail('the machine has an identity')
      const resource = vault.id.toLowerCase()
      assert.equal(error.code, 'Forbidden')
      assert.deepEqual(error.innererror, { code: 'ForbiddenByRbac' })
      assert.equal(
        error.message,
        [
          'Caller is not authorized to perform action on resource.',
          'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
          `Caller: appid=${clientId};oid=${principalId};iss=https://sts.windows.net/${locum.status.tenantId}/`,
          "Action: 'Microsoft.KeyVault/vaults/keys/read'",
          `Resource: '${resource}'`,
          'Assignment: (not found)',
          'DenyAssignmentId: null',
          "DecisionReason: 'DeniedWithNoValidRBAC' ",
          'Vault: my-project;location=westeurope',
          '',
        ].join('\r\n'),
      )
    })

    it('lists the keys once Key Vault Reader is assigned, and not a moment later', async () => {
      const { principalId = '' } = machine.own ?? {}
      await grant(locum, 'Key Vault Reader', principalId, vault.id)
      assertListsKey(await keysOf(vault), 'https://my-project.vault.azure.net/keys/keyname')
    })

    it("lists them with the machine's own files as well, and none of the caller's", async () => {
      const script = `${KEEP_TOKEN}\n${listKeys(vault.name)}`
      const listed = JSON.parse(await locum.exec('my-vm', script, { root: true }))
      assertListsKey(listed, 'https://my-project.vault.azure.net/keys/keyname')
    })

    it('is refused what the role does not give: the values of secrets', async () => {
      await estate.secret(vault, 'password', 'correct horse')
      const read = listKeys('my-project').replace('/keys?', '/secrets/password?')
      const { error } = JSON.parse(await inMachine(KEEP_TOKEN, read))
      assert.deepEqual(error.innererror, { code: 'ForbiddenByRbac' })
    })
  })

  describe('by access policy', () => {
    it('is refused before the policy, and told which permission is missing', async () => {
      const vault = await estate.vault('my-policies', [])
      await estate.key(vault, 'keyname')
      const { error } = await keysOf(vault)
      const { principalId, clientId } = machine.own ?? assert.fail('the machine has an identity')
      assert.equal(error.code, 'Forbidden')
      assert.deepEqual(error.innererror, { code: 'ForbiddenByPolicy' })
      assert.equal(
        error.message,
        `The user, group or application 'appid=${clientId};oid=${principalId};numgroups=0;` +
          `iss=https://sts.windows.net/${locum.status.tenantId}/' does not have keys list ` +
          "permission on key vault 'my-policies;location=westeurope'. For help resolving this " +
          'issue, please see https://go.microsoft.com/fwlink/?linkid=2125287',
      )
    })

    it('lists the keys once the policy says so', async () => {
      const { principalId = '' } = machine.own ?? {}
      const policy = {
        tenantId: locum.status.tenantId,
        objectId: principalId,
        permissions: { keys: ['list'] },
      }
      const vault = { id: `${estate.group}/providers/Microsoft.KeyVault/vaults/my-policies` }
      await locum.owner.done('PUT', `${vault.id}/accessPolicies/add?api-version=2023-07-01`, {
        properties: { accessPolicies: [policy] },
      })
      const listed = await keysOf({ ...vault, name: 'my-policies' })
      assertListsKey(listed, 'https://my-policies.vault.azure.net/keys/keyname')
    })

    it('does not follow role assignments there', async () => {
      const vault = await estate.vault('my-other', [])
      await grant(locum, 'Key Vault Administrator', machine.own?.principalId ?? '', vault.id)
      const { error } = await keysOf(vault)
      assert.deepEqual(error.innererror, { code: 'ForbiddenByPolicy' })
    })
  })

  it('refuses a request without a token, with the challenge that clients follow', async () => {
    const head = await inMachine('curl -i https://my-project.vault.azure.net/keys?api-version=7.3')
    const lines = head.split('\r\n')
    assert.match(lines[0] ?? '', /^HTTP\/1\.1 401 /)
    const challenge = lines.find((line) => line.toLowerCase().startsWith('www-authenticate: '))
    assert.equal(
      challenge?.slice('www-authenticate: '.length),
      `Bearer authorization="https://login.microsoftonline.com/${locum.status.tenantId}", resource="https://vault.azure.net"`,
    )
  })

  async function keysOf({ name }: Vault) {
    return JSON.parse(await inMachine(KEEP_TOKEN, listKeys(name)))
  }

  function inMachine(...lines: readonly string[]): Promise<string> {
    return locum.exec('my-vm', lines.join('\n'))
  }
})

interface KeyList {
  readonly value: readonly { readonly kid: string; readonly attributes: Record<string, unknown> }[]
  readonly nextLink: unknown
}

/** The documented shape, with the one key in it. */
function assertListsKey(listed: KeyList, kid: string): void {
  const { created, updated, ...attributes } = listed.value[0]?.attributes ?? {}
  assert.equal(typeof created, 'number')
  assert.equal(typeof updated, 'number')
  assert.deepEqual(attributes, {
    enabled: true,
    recoveryLevel: 'Recoverable+Purgeable',
    recoverableDays: 90,
    exportable: false,
  })
  assert.deepEqual(
    { ...listed, value: listed.value.map((key) => key.kid) },
    {
      value: [kid],
      nextLink: null,
    },
  )
}
