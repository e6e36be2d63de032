/**
 * A first estate, made with Azure's own SDK: a resource group, a virtual machine with an identity
 * of its own, and a vault with a secret that this identity may read.
 *
 * Nothing in it knows of Locum. Run it where Azure is local: locum shell -- node first-estate.js
 */
import { randomUUID } from 'node:crypto'
import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { ComputeManagementClient } from '@azure/arm-compute'
import { KeyVaultManagementClient } from '@azure/arm-keyvault'
import { ResourceManagementClient } from '@azure/arm-resources'
import { DefaultAzureCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'

const subscription = process.env.AZURE_SUBSCRIPTION_ID
const location = 'westeurope'
const credential = new DefaultAzureCredential()

const groups = new ResourceManagementClient(credential, subscription)
await groups.resourceGroups.createOrUpdate('my-group', { location })

const compute = new ComputeManagementClient(credential, subscription)
const machine = await compute.virtualMachines.createOrUpdate('my-group', 'vm1', {
  location,
  identity: { type: 'SystemAssigned' },
})
console.log(`vm1         principal ${machine.identity.principalId}`)

const keyVaults = new KeyVaultManagementClient(credential, subscription)
const vault = await keyVaults.vaults.createOrUpdate('my-group', 'my-project', {
  location,
  properties: {
    tenantId: process.env.AZURE_TENANT_ID,
    sku: { family: 'A', name: 'standard' },
    enableRbacAuthorization: true,
  },
})
console.log(`my-project  ${vault.properties.vaultUri}`)

// Owning a subscription is no right to read what its vaults hold: we grant that to ourselves, too.
const owner = JSON.parse(atob((await tokenFor('https://management.azure.com')).split('.')[1])).oid
await grant('Key Vault Secrets Officer', owner)
await grant('Key Vault Secrets User', machine.identity.principalId)

const secrets = new SecretClient(vault.properties.vaultUri, credential)
await secrets.setSecret('greeting', 'Hello from the vault.')
console.log('greeting    set; vm1 may read it')

async function tokenFor(resource) {
  return (await credential.getToken(`${resource}/.default`)).token
}

/** Assigns a role on the vault; an assignment that is there already stays. */
async function grant(roleName, principalId) {
  const client = new AuthorizationManagementClient(credential, subscription)
  const filter = `roleName eq '${roleName}'`
  const { value: role } = await client.roleDefinitions.list(vault.id, { filter }).next()
  try {
    await client.roleAssignments.create(vault.id, randomUUID(), {
      roleDefinitionId: role.id,
      principalId,
      principalType: 'ServicePrincipal',
    })
  } catch (error) {
    if (error.code !== 'RoleAssignmentExists') throw error
  }
}
