/**
 * In the shell: the owner builds and takes down an estate with the management libraries of the
 * Azure SDK, signed in by nothing but the environment.
 */
import { randomUUID } from 'node:crypto'
import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { ComputeManagementClient } from '@azure/arm-compute'
import { KeyVaultManagementClient } from '@azure/arm-keyvault'
import { ManagementLockClient } from '@azure/arm-locks'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { ResourceManagementClient } from '@azure/arm-resources'
import { DefaultAzureCredential } from '@azure/identity'
import { print, refusal } from './print.ts'

const subscription = process.env.AZURE_SUBSCRIPTION_ID ?? ''
const tenantId = process.env.AZURE_TENANT_ID ?? ''
const credential = new DefaultAzureCredential()
const resources = new ResourceManagementClient(credential, subscription)
const identities = new ManagedServiceIdentityClient(credential, subscription)
const compute = new ComputeManagementClient(credential, subscription)
const vaults = new KeyVaultManagementClient(credential, subscription)
const authorization = new AuthorizationManagementClient(credential, subscription)
const locks = new ManagementLockClient(credential, subscription)

const group = 'by-sdk'
const location = 'westeurope'

async function collect<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of list) items.push(item)
  return items
}

const made = await resources.resourceGroups.createOrUpdate(group, { location, tags: { of: 'sdk' } })
const identity = await identities.userAssignedIdentities.createOrUpdate(group, 'worker', {
  location,
})
const machine = await compute.virtualMachines.createOrUpdate(group, 'built', {
  location,
  hardwareProfile: { vmSize: 'Standard_B1s' },
  identity: {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: { [identity.id ?? '']: {} },
  },
})
const vault = await vaults.vaults.createOrUpdate(group, 'by-sdk-vault', {
  location,
  properties: { tenantId, sku: { family: 'A', name: 'standard' }, enableRbacAuthorization: true },
})
const [role] = await collect(
  authorization.roleDefinitions.list(vault.id ?? '', { filter: "roleName eq 'Key Vault Reader'" }),
)
const assignment = await authorization.roleAssignments.create(vault.id ?? '', randomUUID(), {
  roleDefinitionId: role?.id ?? '',
  principalId: machine.identity?.principalId ?? '',
  principalType: 'ServicePrincipal',
})
const assigned = await collect(
  authorization.roleAssignments.listForScope(vault.id ?? '', { filter: 'atScope()' }),
)
const view = await compute.virtualMachines.instanceView(group, 'built')
await compute.virtualMachines.powerOff(group, 'built')
const stopped = await compute.virtualMachines.instanceView(group, 'built')
await compute.virtualMachines.start(group, 'built')
const listed = await collect(resources.resources.listByResourceGroup(group))

await locks.managementLocks.createOrUpdateAtResourceGroupLevel(group, 'keep', {
  level: 'CanNotDelete',
})
const locked = await refusal(compute.virtualMachines.delete(group, 'built'))
await locks.managementLocks.deleteAtResourceGroupLevel(group, 'keep')

const updated = await compute.virtualMachines.update(group, 'built', {
  identity: { type: 'SystemAssigned' },
})
await compute.virtualMachines.delete(group, 'built')
const gone = await refusal(compute.virtualMachines.get(group, 'built'))
const lives = await identities.userAssignedIdentities.get(group, 'worker')
await resources.resourceGroups.beginDeleteAndWait(group)

print({
  group: [made.name, made.location, made.tags, made.properties?.provisioningState],
  identity: { name: identity.name, type: identity.type, tenantId: identity.tenantId },
  machine: {
    state: machine.provisioningState,
    type: machine.identity?.type,
    tenantId: machine.identity?.tenantId,
    identities: Object.values(machine.identity?.userAssignedIdentities ?? {}),
  },
  worker: { principalId: identity.principalId, clientId: identity.clientId },
  vault: [vault.properties?.vaultUri, vault.properties?.provisioningState],
  role: [role?.roleName, role?.roleType],
  assigned: assigned.some(({ id }) => id === assignment.id),
  power: [view, stopped].map(({ statuses }) => statuses?.at(-1)?.code),
  listed: listed.map(({ type }) => type).sort(),
  locked,
  updated: [updated.identity?.type, updated.identity?.userAssignedIdentities],
  gone,
  lives: lives.principalId === identity.principalId,
  groupExists: (await resources.resourceGroups.checkExistence(group)).body,
})
