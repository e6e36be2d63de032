import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { latestEntries } from '../../core/audit/audit.ts'
import { putResource, removeResource } from '../../core/resources/resource.ts'
import { transaction } from '../../core/transaction.ts'
import { GROUP, openTestVaults, ROLE_VAULT, type TestVaults } from './test-vaults.ts'

const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/inside`
const deny = { bypass: 'AzureServices', defaultAction: 'Deny' }
const ipRules = [{ value: '203.0.113.7/32' }]

describe('a vault that is shut to the network', () => {
  let vaults: TestVaults
  before(async () => {
    vaults = await openTestVaults()
  })
  after(() => vaults.close())

  const shut = (properties: object) =>
    vaults.putVault(ROLE_VAULT, { enableRbacAuthorization: true, ...properties })
  const look = (who = vaults.administrator) => vaults.ask(who, 'GET', '/secrets')

  async function connect(status: 'Approved' | 'Pending'): Promise<void> {
    const id = parseResourceId(ENDPOINT)
    const at = `${ENDPOINT}/privateLinkServiceConnections/vault`
    const state = { status, description: '', actionsRequired: 'None' }
    const properties = {
      privateLinkServiceId: ROLE_VAULT,
      privateLinkServiceConnectionState: state,
    }
    await transaction(vaults.world.call(), (tx) =>
      putResource(tx, {
        id,
        type: 'microsoft.network/privateendpoints',
        location: 'westeurope',
        kind: undefined,
        tags: undefined,
        sku: undefined,
        envelope: {},
        properties: {
          manualPrivateLinkServiceConnections: [{ id: at, name: 'vault', properties }],
        },
        state: {},
        provisioningState: 'Succeeded',
        version: 1,
        createdAt: tx.now,
        createdBy: undefined,
        changedAt: tx.now,
        changedBy: undefined,
      }),
    )
  }

  function told({ status, body }: Awaited<ReturnType<typeof look>>) {
    const [why] = body.error.message.split('\r\n')
    return [status, body.error.code, body.error.innererror.code, why]
  }

  it('has no public access: whoever may do everything is refused', async () => {
    await shut({ publicNetworkAccess: 'Disabled' })
    const refused = await look()
    assert.deepEqual(told(refused), [
      403,
      'Forbidden',
      'ForbiddenByConnection',
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
    ])
    const { clientId, objectId } = vaults.administrator
    const lines = refused.body.error.message.split('\r\n')
    assert.match(lines[1], new RegExp(`^Caller: appid=${clientId};oid=${objectId};iss=https://`))
    assert.equal(lines[2], 'Vault: kv-roles;location=westeurope')
    const [entry] = await latestEntries(vaults.world.call(), 1)
    assert.deepEqual([entry?.outcome, entry?.facts], ['denied', { code: 'ForbiddenByConnection' }])
    assert.equal((await vaults.ask(undefined, 'GET', '/secrets')).status, 401)
  })

  it('denies by default and makes no exception', async () => {
    for (const rules of [{}, { ipRules: [], virtualNetworkRules: [] }]) {
      await shut({ networkAcls: { ...deny, ...rules } })
      const refused = await look()
      assert.deepEqual(told(refused), [
        403,
        'Forbidden',
        'ForbiddenByFirewall',
        'Client address is not authorized and caller is not a trusted service.',
      ])
      assert.match(refused.body.error.message, /\r\nClient address: 127\.0\.0\.1\r\n/)
    }
  })

  it('lets in, where it makes exceptions, whoever may do what is asked', async () => {
    await shut({ networkAcls: { ...deny, ipRules } })
    assert.equal((await look()).status, 200)
    assert.equal((await look(vaults.nobody)).body.error.innererror.code, 'ForbiddenByRbac')
    await shut({ networkAcls: { ...deny, defaultAction: 'Allow' } })
    assert.equal((await look()).status, 200)
  })

  it('is reached by a private endpoint, once it is approved', async () => {
    await shut({ publicNetworkAccess: 'Disabled', networkAcls: deny })
    await connect('Pending')
    assert.equal((await look()).status, 403)
    await connect('Approved')
    assert.equal((await look()).status, 200)
    await transaction(vaults.world.call(), (tx) => removeResource(tx, parseResourceId(ENDPOINT)))
    assert.equal((await look()).status, 403)
  })
})
