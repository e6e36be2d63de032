/**
 * Lab G: the life cycle. What a deletion ends and what it leaves, seen by the tokens that were
 * issued before it, by the role assignments, and by the machines that remain.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  at,
  type Estate,
  grant,
  type Machine,
  makeGroup,
  type Principal,
  type Vault,
  VERSIONS,
} from '../estate.ts'
import { type Locum, startLocum } from '../locum.ts'
import { claimsOf } from './tutorial.ts'

describe('Lab G: identities end with what they belong to, and not before', () => {
  let locum: Locum
  let estate: Estate
  let vault: Vault
  let first: Machine
  let second: Machine
  let shared: Principal
  let assignments: readonly string[]

  before(async () => {
    locum = await startLocum()
    estate = await makeGroup(locum, 'lab-g')
    shared = await estate.identity('shared')
    first = await estate.machine('vm-1', { user: [shared] })
    second = await estate.machine('vm-2', { user: [shared] })
    vault = await estate.vault('lab-g-vault')
    await estate.secret(vault, 'password', 'correct horse')
    const principals = [first.own, second.own, shared].map((one) => one?.principalId ?? '')
    const granted: string[] = []
    for (const principal of principals) {
      granted.push(await grant(locum, 'Key Vault Secrets User', principal, vault.id))
    }
    assignments = granted
  })
  after(() => locum?.remove())

  describe('deleting a virtual machine', () => {
    let oldToken: string
    let sharedToken: string

    before(async () => {
      oldToken = await token('vm-1')
      sharedToken = await token('vm-1', `&client_id=${shared.clientId}`)
      assert.equal(await secretStatus('vm-2', oldToken), '200')
      await locum.owner.done('DELETE', at(first.id, VERSIONS.machine))
    })

    it('ends the machine', async () => {
      const gone = await locum.owner.arm('GET', at(first.id, VERSIONS.machine))
      assert.equal(gone.status, 404)
      assert.equal(gone.body.error.code, 'ResourceNotFound')
      const ran = await locum.run(['exec', 'vm-1', '--', 'true'])
      assert.equal(ran.code, 125)
      assert.match(ran.stderr, /No virtual machine is named vm-1; there are: lab-g\/vm-2/)
    })

    it('refuses the tokens of its own principal at once', async () => {
      assert.equal(await secretStatus('vm-2', oldToken), '401')
      const management = await locum.owner.send('GET', managementUrl('/subscriptions'), {
        headers: { authorization: `Bearer ${oldToken}` },
      })
      assert.equal(management.status, 401)
    })

    it('leaves its role assignment, of a principal that nobody knows', async () => {
      const kept = await locum.owner.arm('GET', at(assignments[0] ?? '', VERSIONS.assignment))
      assert.equal(kept.status, 200)
      assert.equal(kept.body.properties.principalId, first.own?.principalId)
      assert.equal(kept.body.properties.principalType, 'ServicePrincipal')
      const again = await assignWithoutType(first.own?.principalId ?? '')
      assert.equal(again.status, 400)
      assert.equal(again.body.error.code, 'PrincipalNotFound')
    })

    it('leaves the shared identity alive, and on the other machine only', async () => {
      const { body } = await locum.owner.done('GET', at(shared.id, VERSIONS.identity))
      assert.equal(body.properties.principalId, shared.principalId)
      assert.equal(await secretStatus('vm-2', sharedToken), '200')
      const list = `${shared.id}/listAssociatedResources`
      const { body: associated } = await locum.owner.done('POST', at(list, '2022-01-31-preview'))
      assert.equal(associated.totalCount, 1)
      assert.equal(associated.value[0].id.toLowerCase(), second.id.toLowerCase())
    })

    it('changes nothing for the other machine', async () => {
      assert.equal(claimsOf(await token('vm-2')).oid, second.own?.principalId)
      const user = await token('vm-2', `&client_id=${shared.clientId}`)
      assert.equal(claimsOf(user).oid, shared.principalId)
    })

    it('gives a machine of the same name another principal, without the old grants', async () => {
      first = await estate.machine('vm-1')
      assert.notEqual(first.own?.principalId, claimsOf(oldToken).oid)
      assert.equal(await secretStatus('vm-1', await token('vm-1')), '403')
      assert.equal(await secretStatus('vm-1', oldToken), '401')
    })
  })

  describe('revoking the tokens of a user-assigned identity', () => {
    it('refuses those that were issued, wherever they are, and gives one that is good', async () => {
      const query = `&client_id=${shared.clientId}`
      const revoked = await token('vm-2', query)
      assert.equal(await secretStatus('vm-2', revoked), '200')
      await locum.owner.done('POST', at(`${shared.id}/revokeTokens`, '2023-07-31-preview'))
      assert.equal(await secretStatus('vm-2', revoked), '401')
      assert.equal(await secretStatus('vm-2', await token('vm-2', query)), '200')
    })
  })

  describe('deleting a user-assigned identity that a machine carries', () => {
    let oldToken: string

    before(async () => {
      oldToken = await token('vm-2', `&client_id=${shared.clientId}`)
      assert.equal(await secretStatus('vm-2', oldToken), '200')
      await locum.owner.done('DELETE', at(shared.id, VERSIONS.identity))
    })

    it('refuses its tokens at once, and gives no more', async () => {
      assert.equal(await secretStatus('vm-2', oldToken), '401')
      const reply = await asked('vm-2', `&client_id=${shared.clientId}`)
      assert.deepEqual(
        { error: reply.error, error_description: reply.error_description },
        { error: 'invalid_request', error_description: 'Identity not found' },
      )
    })

    it('leaves the machine naming an identity without ids, and its role assignment', async () => {
      const { body } = await locum.owner.done('GET', at(second.id, VERSIONS.machine))
      assert.deepEqual(body.identity.userAssignedIdentities, { [shared.id]: {} })
      const kept = await locum.owner.arm('GET', at(assignments[2] ?? '', VERSIONS.assignment))
      assert.equal(kept.body.properties.principalId, shared.principalId)
      const again = await assignWithoutType(shared.principalId)
      assert.equal(again.body.error.code, 'PrincipalNotFound')
    })

    it("leaves the machine's own identity as it was", async () => {
      assert.equal(await secretStatus('vm-2', await token('vm-2')), '200')
    })
  })

  describe('turning the system-assigned identity off and on', () => {
    it('ends the principal and makes another', async () => {
      const before = await token('vm-2')
      const path = at(second.id, VERSIONS.machine)
      await locum.owner.done('PATCH', path, { identity: { type: 'None' } })
      const refused = await asked('vm-2', '')
      assert.equal(refused.error_description, 'Identity not found')
      assert.equal(await secretStatus('vm-2', before), '401')
      await locum.owner.done('PATCH', path, { identity: { type: 'SystemAssigned' } })
      const { body } = await locum.owner.done('GET', path)
      const renewed = await token('vm-2')
      assert.equal(claimsOf(renewed).oid, body.identity.principalId)
      assert.notEqual(body.identity.principalId, second.own?.principalId)
      assert.equal(await secretStatus('vm-2', renewed), '403')
    })
  })

  describe('deleting a resource group', () => {
    it('ends all that is in it, and nothing outside it', async () => {
      const other = await makeGroup(locum, 'lab-g-other')
      const inside = await other.identity('inside')
      await other.machine('vm-3', { user: [inside] })
      const own = await token('vm-3')
      const user = await token('vm-3', `&client_id=${inside.clientId}`)
      assert.equal(await secretStatus('vm-2', own), '403')
      await grant(locum, 'Key Vault Secrets User', inside.principalId, vault.id)
      assert.equal(await secretStatus('vm-2', user), '200')

      const started = await locum.owner.done('DELETE', at(other.group, VERSIONS.group))
      assert.equal(started.status, 202)

      assert.equal((await locum.owner.arm('GET', at(other.group, VERSIONS.group))).status, 404)
      assert.equal((await locum.owner.arm('GET', at(inside.id, VERSIONS.identity))).status, 404)
      assert.equal(await secretStatus('vm-2', own), '401')
      assert.equal(await secretStatus('vm-2', user), '401')
      assert.equal((await locum.run(['exec', 'vm-3', '--', 'true'])).code, 125)
      const { machines } = await locum.statusNow()
      assert.deepEqual(machines.map(({ name }) => name).sort(), ['vm-1', 'vm-2'])
    })
  })

  /** A token for the vault, asked on a machine; `query` may name an identity. */
  async function token(vm: string, query = ''): Promise<string> {
    const reply = await asked(vm, query)
    return reply.access_token ?? assert.fail(JSON.stringify(reply))
  }

  async function asked(vm: string, query: string): Promise<Record<string, string>> {
    const url = `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net${query}`
    return JSON.parse(await locum.exec(vm, ['curl', '-s', url, '-H', 'Metadata:true']))
  }

  /** The status with which the vault answers this token's bearer, asked from a machine. */
  function secretStatus(vm: string, bearer: string): Promise<string> {
    const url = 'https://lab-g-vault.vault.azure.net/secrets/password?api-version=7.3'
    const show = ['-s', '-o', '/dev/null', '-w', '%{http_code}']
    return locum.exec(vm, ['curl', ...show, url, '-H', `Authorization: Bearer ${bearer}`])
  }

  /** Without a stated type the principal must be found in the directory. */
  function assignWithoutType(principalId: string) {
    const id = `${vault.id}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
    const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
    return locum.owner.arm('PUT', at(id, VERSIONS.assignment), {
      properties: {
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
        principalId,
      },
    })
  }

  function managementUrl(path: string): string {
    return at(`${locum.status.endpoints.management}${path}`, '2022-12-01')
  }
})
