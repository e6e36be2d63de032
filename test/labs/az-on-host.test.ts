/**
 * az on the host, as `locum env` sets it up: names of this Locum's own, which az learns from its
 * metadata, and the trust in a file. Nothing is registered.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Az, openAzOnHost, SIGN_IN } from '../az.ts'
import { type Locum, startLocum } from '../locum.ts'

const skip = process.geteuid?.() !== 0 && 'only root can give az a hosts file of its own'

describe('az on the host', { skip }, () => {
  let locum: Locum
  let az: Az

  before(async () => {
    locum = await startLocum()
    az = openAzOnHost(locum, 'on-host-kv')
  })
  after(async () => {
    az?.remove()
    await locum?.remove()
  })

  it('takes this Locum for its cloud', async () => {
    assert.deepEqual(await az.json('az cloud list --query "[].[name,isActive]"'), [['Locum', true]])
  })

  it('signs in there', async () => {
    const [account] = await az.json(SIGN_IN)
    assert.equal(account.cloudName, 'Locum')
    assert.equal(account.id, locum.status.subscriptionId)
    assert.equal(account.tenantId, locum.status.tenantId)
  })

  it('gives a machine an identity, and finds its principal', async () => {
    const [principalId, found] = await az.json(`
az group create --name on-host --location westeurope --output none
az vm create -g on-host -n vm1 --image Ubuntu2204 --admin-username azureuser --generate-ssh-keys --output none
principalId=$(az vm identity assign -g on-host -n vm1 --query systemAssignedIdentity --output tsv)
az ad sp list --display-name vm1 --query "['$principalId', [0].id]"`)
    assert.equal(found, principalId)
  })

  it('keeps a secret in a vault by its local name, which the machine reads by its own', async () => {
    const value = await az.json(`
az keyvault create -g on-host -n on-host-kv --output none
vault=$(az keyvault show --name on-host-kv --query id --output tsv)
az role assignment create --role 'Key Vault Secrets Officer' --assignee $AZURE_CLIENT_ID --scope $vault --output none
az role assignment create --role 'Key Vault Secrets User' --assignee $(az vm identity show -g on-host -n vm1 --query principalId --output tsv) --scope $vault --output none
az keyvault secret set --vault-name on-host-kv --name password --value 'correct horse' --output none
az keyvault secret show --vault-name on-host-kv --name password --query '[id, value]'`)
    const origin = locum.status.endpoints.vault?.replace('{name}', 'on-host-kv')
    assert.equal(value[0].replace(/[0-9a-f]{32}$/, ''), `${origin}/secrets/password/`)
    assert.equal(value[1], 'correct horse')
    const line =
      'az login --identity --output none && az keyvault secret show --vault-name on-host-kv --name password --query value'
    const { AZURE_CONFIG_DIR: folder, ...environment } = az.environment
    const inMachine = { ...environment, AZURE_CONFIG_DIR: `${folder}-in-machine` }
    assert.equal(await locum.exec('vm1', line, { environment: inMachine }), '"correct horse"\n')
  })
})
