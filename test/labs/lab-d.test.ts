/**
 * Lab D: a virtual machine reads what is in its resource group. The document's own commands, by az
 * in the shell and by curl in the machine; only names differ.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAz, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'
import type { Body } from '../owner.ts'
import { claimsOf } from './tutorial.ts'

/** The two answers of the machine: the token's, and the list of resources. */
const READ_GROUP = `
response=$(curl -s 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.azure.com%2F' -H Metadata:true)
access_token=$(echo $response | jq -r .access_token)
echo $response
curl -s "https://management.azure.com$0/resources?api-version=2021-04-01" -w '\\n%{http_code}\\n' -H "Authorization: Bearer $access_token"`

describe('Lab D: a virtual machine reads its resource group', () => {
  let locum: Locum
  let az: Az
  let group: string
  let principalId: string

  before(async () => {
    locum = await startLocum()
    az = openAz(locum)
    group = `/subscriptions/${locum.status.subscriptionId}/resourceGroups/MI-RG`
    await az.text(`set -e
${SIGN_IN}
az group create --name MI-RG --location westeurope
az vm create --resource-group MI-RG --name VM1 --image Ubuntu2204 --admin-username azureuser --generate-ssh-keys`)
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('learns the short names of images where az looks for them', async () => {
    const line = `az vm image list --query "[?urnAlias=='Ubuntu2404'].sku"`
    assert.deepEqual(await az.json(line), ['server'])
  })

  it('is given an identity', async () => {
    const assigned = await az.json('az vm identity assign --name VM1 --resource-group MI-RG')
    assert.deepEqual(assigned.userAssignedIdentities, {})
    principalId = assigned.systemAssignedIdentity
  })

  it('has a service principal of the special kind in the directory', async () => {
    const [shown, ...others] = await az.json(
      'az ad sp list --display-name \'VM1\' --query "[].{id:id,objectId:objectId,objectType:objectType,servicePrincipalType:servicePrincipalType,keyCredentials:keyCredentials}"',
    )
    assert.deepEqual(others, [])
    const { keyCredentials, ...principal } = shown
    assert.deepEqual(principal, {
      id: principalId,
      // The directory's old names for these; Microsoft Graph, which az asks, has neither.
      objectId: null,
      objectType: null,
      servicePrincipalType: 'ManagedIdentity',
    })
    const [{ keyId, customKeyIdentifier, startDateTime, endDateTime, ...key }, ...more] =
      keyCredentials
    assert.deepEqual(more, [])
    assert.match(keyId, /^[0-9a-f-]{36}$/)
    assert.match(customKeyIdentifier, /^[0-9A-F]{40}$/)
    assert.equal(Date.parse(endDateTime) - Date.parse(startDateTime), 90 * 24 * 3_600_000)
    assert.deepEqual(key, {
      displayName: `CN=${principalId}`,
      key: null,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    })
  })

  it('is shown with that principal', async () => {
    assert.deepEqual(await az.json('az vm identity show --name VM1 --resource-group MI-RG'), {
      principalId,
      tenantId: locum.status.tenantId,
      type: 'SystemAssigned',
    })
  })

  it('is refused before a role is assigned, and told what is missing', async () => {
    const { reply, status, body } = await readGroup()
    const { access_token: token, ...rest } = reply
    const { oid, appid, aud, tid, xms_mirid } = claimsOf(token)
    assert.equal(rest.resource, 'https://management.azure.com/')
    assert.deepEqual(
      { oid, appid, aud, tid, xms_mirid },
      {
        oid: principalId,
        appid: rest.client_id,
        aud: 'https://management.azure.com/',
        tid: locum.status.tenantId,
        xms_mirid: `${group.replace('resourceGroups', 'resourcegroups')}/providers/Microsoft.Compute/virtualMachines/VM1`,
      },
    )
    assert.equal(status, 403)
    assert.deepEqual(body, {
      error: {
        code: 'AuthorizationFailed',
        message:
          `The client '${principalId}' with object id '${principalId}' does not have ` +
          "authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/resources/read' " +
          `over scope '${group}' or the scope is invalid. If access was recently granted, please ` +
          'refresh your credentials.',
      },
    })
  })

  it('lists the resources once Reader is assigned on the group', async () => {
    const assignment = await az.json(`
miId=$(az vm identity show --name 'VM1' --resource-group 'MI-RG' --query "principalId" --output tsv)
rgId=$(az group show --name 'MI-RG' --query "id" --output tsv)
az role assignment create --assignee $miId --role Reader --scope $rgId`)
    assert.equal(assignment.principalId, principalId)
    assert.equal(assignment.principalType, 'ServicePrincipal')
    assert.equal(assignment.scope, group)
    const { status, body } = await readGroup()
    assert.equal(status, 200)
    const names: string[] = body.value.map(({ name }: Body) => name).sort()
    assert.deepEqual(names.slice(0, 5), ['VM1', 'VM1NSG', 'VM1PublicIP', 'VM1VMNic', 'VM1VNET'])
    // Its disk, which is named at random.
    assert.match(names.slice(5).join(), /^VM1_OsDisk_1_[0-9a-f]{32}$/)
  })

  it('is listed by az in the machine too, signed in as the machine', async () => {
    const script = `az login --identity --query '[].user' && az resource list -g MI-RG --query 'length(@)'`
    const printed = await locum.exec('VM1', script, { environment: az.environment })
    const [user, count] = printed.split(/(?<=\])\n/)
    assert.deepEqual(JSON.parse(user ?? ''), [
      { assignedIdentityInfo: 'MSI', name: 'systemAssignedIdentity', type: 'servicePrincipal' },
    ])
    assert.equal(count, '6\n')
  })

  it('is listed once: the same role again is the same assignment', async () => {
    await az.text(`${SIGN_IN} --output none`)
    const line = `az role assignment create --assignee ${principalId} --role Reader --scope ${group} --query name`
    assert.deepEqual(
      await az.json(line),
      await az.json(`az role assignment list --assignee ${principalId} --all --query "[0].name"`),
    )
  })

  async function readGroup(): Promise<{ reply: Body; status: number; body: Body }> {
    const printed = await locum.exec('VM1', ['sh', '-c', READ_GROUP, group])
    const [reply = '', body = '', status] = printed.trim().split('\n')
    return { reply: JSON.parse(reply), body: JSON.parse(body), status: Number(status) }
  }
})
