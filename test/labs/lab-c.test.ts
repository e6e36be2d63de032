/**
 * Lab C: identities given to virtual machines by the Azure CLI, at creation and afterwards. The
 * commands are the document's own; only names, and images that az no longer knows, differ.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'
import type { Body } from '../owner.ts'
import { claimsOf } from './tutorial.ts'

describe('Lab C: az gives identities to virtual machines', () => {
  let locum: Locum
  let az: Az
  let subscription: string
  let identityId: string
  let otherId: string

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    subscription = `/subscriptions/${locum.status.subscriptionId}`
    const inGroup = `${subscription}/resourceGroups/myResourceGroup/providers`
    identityId = `${inGroup}/Microsoft.ManagedIdentity/userAssignedIdentities/myUserAssignedIdentity`
    otherId = identityId.replace(/Identity$/, 'Other')
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('signs in as the owner of the subscription, by certificate', async () => {
    const { tenantId, subscriptionId, owner } = locum.status
    assert.deepEqual(await az.json(SIGN_IN), [
      {
        cloudName: 'AzureCloud',
        homeTenantId: tenantId,
        id: subscriptionId,
        isDefault: true,
        managedByTenants: [],
        name: 'Locum',
        state: 'Enabled',
        tenantId,
        user: { name: owner.clientId, type: 'servicePrincipal' },
      },
    ])
  })

  it('creates a machine with an identity of its own, and gives it a role', async () => {
    const group = await az.json('az group create --name myResourceGroup --location westus')
    assert.equal(group.id, `${subscription}/resourceGroups/myResourceGroup`)
    const created = await az.json(
      `az vm create -g myResourceGroup --name myVM --image win2016datacenter --generate-ssh-keys --assign-identity --role contributor --scope ${subscription} --admin-username azureuser --admin-password myPassword12`,
    )
    const { systemAssignedIdentity: principalId, ...identity } = created.identity
    assert.deepEqual(identity, {
      role: 'contributor',
      scope: subscription,
      userAssignedIdentities: {},
    })
    assert.equal(created.powerState, 'VM running')
    const { token } = await tokenIn('myVM')
    assert.equal(claimsOf(token).oid, principalId)
    const groups = await manage('myVM', `${subscription}/resourcegroups`)
    assert.deepEqual(
      groups.value.map(({ name }: Body) => name),
      ['myResourceGroup'],
    )
  })

  it('creates a user-assigned identity, and a machine that carries it', async () => {
    const identity = await az.json(
      'az identity create -g myResourceGroup -n myUserAssignedIdentity',
    )
    assert.equal(identity.id, identityId)
    const created = await az.json(
      'az vm create --resource-group myResourceGroup --name myVM2 --image Ubuntu2204 --admin-username azureuser --admin-password myPassword12 --assign-identity myUserAssignedIdentity --generate-ssh-keys',
    )
    const { clientId, principalId } = identity
    assert.deepEqual(created.identity, {
      systemAssignedIdentity: '',
      userAssignedIdentities: { [identityId]: { clientId, principalId } },
    })
    // It is the only one, and so the one that is meant.
    assert.equal((await tokenIn('myVM2')).client_id, clientId)
    const refused = await manage('myVM2', `${subscription}/resourcegroups`)
    assert.equal(refused.error.code, 'AuthorizationFailed')
  })

  it('creates a machine without one, and gives it its own and another later', async () => {
    await az.text(
      'az vm create -g myResourceGroup --name myVM3 --image Ubuntu2204 --vnet-name myVMVNET --subnet myVMSubnet --admin-username azureuser --admin-password myPassword12',
    )
    const own = await az.json('az vm identity assign -g myResourceGroup -n myVM3')
    assert.deepEqual(own.userAssignedIdentities, {})
    assert.equal(claimsOf((await tokenIn('myVM3')).token).oid, own.systemAssignedIdentity)

    await az.text('az identity create -g myResourceGroup -n myUserAssignedOther')
    const both = await az.json(
      `az vm identity assign -g myResourceGroup -n myVM3 --identities myUserAssignedIdentity ${otherId}`,
    )
    assert.equal(both.systemAssignedIdentity, own.systemAssignedIdentity)
    assert.deepEqual(Object.keys(both.userAssignedIdentities), [identityId, otherId])
    const { clientId } = both.userAssignedIdentities[otherId]
    assert.equal((await tokenIn('myVM3', `&client_id=${clientId}`)).client_id, clientId)
  })

  it('takes away one, and no other', async () => {
    const left = await az.json(
      'az vm identity remove -g myResourceGroup -n myVM3 --identities myUserAssignedIdentity',
    )
    assert.equal(left.type, 'SystemAssigned, UserAssigned')
    assert.deepEqual(Object.keys(left.userAssignedIdentities), [otherId])
    const userOnly = await az.json('az vm identity remove -g myResourceGroup -n myVM3')
    assert.equal(userOnly.type, 'UserAssigned')
    const [{ clientId }]: Body = Object.values(userOnly.userAssignedIdentities)
    assert.equal((await tokenIn('myVM3')).client_id, clientId)
  })

  it('gives a new principal when its own identity is assigned anew', async () => {
    const before = await az.json('az vm identity show -g myResourceGroup -n myVM')
    await az.text('az vm identity remove -g myResourceGroup -n myVM')
    const { systemAssignedIdentity } = await az.json(
      'az vm identity assign -g myResourceGroup -n myVM',
    )
    assert.notEqual(systemAssignedIdentity, before.principalId)
    const refused = await manage('myVM', `${subscription}/resourcegroups`)
    assert.equal(refused.error.code, 'AuthorizationFailed')
  })

  it('signs in in a machine as the identity of that machine', async () => {
    const line = 'az login --identity --client-id "$0" --allow-no-subscriptions'
    const { clientId } = await az.json(
      'az identity show -g myResourceGroup -n myUserAssignedIdentity',
    )
    const options = { environment: az.environment }
    const ran = await locum.exec('myVM2', ['sh', '-c', line, clientId], options)
    const [account] = JSON.parse(ran)
    assert.equal(account.tenantId, locum.status.tenantId)
    assert.deepEqual(account.user, {
      assignedIdentityInfo: `MSIClient-${clientId}`,
      name: 'userAssignedIdentity',
      type: 'servicePrincipal',
    })
  })

  /** A token for Resource Manager, asked for in the machine. */
  async function tokenIn(vm: string, selector = '') {
    const { access_token: token, ...reply } = JSON.parse(await locum.exec(vm, ask(selector)))
    return { token, ...reply }
  }

  /** Resource Manager's answer to the machine. */
  async function manage(vm: string, path: string): Promise<Body> {
    const script = `token=$(${ask('')} | jq -r .access_token)
curl -s "https://management.azure.com${path}?api-version=2021-04-01" -H "Authorization: Bearer $token"`
    return JSON.parse(await locum.exec(vm, script))
  }
})

function ask(selector: string): string {
  return `curl -s "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/${selector}" -H Metadata:true`
}
