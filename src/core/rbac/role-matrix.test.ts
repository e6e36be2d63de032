/** What the core roles may do, printed as one text: a change of the matching shows here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUILT_IN_ROLES } from './built-in-roles.ts'
import { nearestRole } from './nearest-role.ts'
import type { ActionKind } from './permissions.ts'
import { roleAllows } from './role.ts'

const COLUMNS: readonly (readonly [kind: ActionKind, action: string])[] = [
  ['action', 'Microsoft.Resources/subscriptions/resourceGroups/read'],
  ['action', 'Microsoft.Resources/subscriptions/resourceGroups/write'],
  ['action', 'Microsoft.Compute/virtualMachines/read'],
  ['action', 'Microsoft.Compute/virtualMachines/write'],
  ['action', 'Microsoft.Compute/virtualMachines/start/action'],
  ['action', 'Microsoft.ManagedIdentity/userAssignedIdentities/read'],
  ['action', 'Microsoft.ManagedIdentity/userAssignedIdentities/write'],
  ['action', 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'],
  ['action', 'Microsoft.Authorization/roleAssignments/read'],
  ['action', 'Microsoft.Authorization/roleAssignments/write'],
  ['action', 'Microsoft.Authorization/roleDefinitions/write'],
  ['action', 'Microsoft.Authorization/locks/write'],
  ['action', 'Microsoft.KeyVault/vaults/read'],
  ['action', 'Microsoft.KeyVault/vaults/write'],
  ['action', 'Microsoft.Storage/storageAccounts/listKeys/action'],
  ['dataAction', 'Microsoft.KeyVault/vaults/secrets/getSecret/action'],
  ['dataAction', 'Microsoft.KeyVault/vaults/secrets/setSecret/action'],
  ['dataAction', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
  ['dataAction', 'Microsoft.KeyVault/vaults/keys/read'],
  ['dataAction', 'Microsoft.KeyVault/vaults/keys/sign/action'],
  ['dataAction', 'Microsoft.KeyVault/vaults/keys/create/action'],
  ['dataAction', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  ['dataAction', 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'],
]

const ROWS = [
  'Owner',
  'Contributor',
  'Reader',
  'User Access Administrator',
  'Role Based Access Control Administrator',
  'Managed Identity Contributor',
  'Managed Identity Operator',
  'Virtual Machine Contributor',
  'Locks Contributor',
  'Key Vault Administrator',
  'Key Vault Contributor',
  'Key Vault Reader',
  'Key Vault Secrets Officer',
  'Key Vault Secrets User',
  'Key Vault Crypto Officer',
  'Key Vault Crypto User',
  'Storage Account Contributor',
  'Storage Blob Data Contributor',
  'Storage Blob Data Reader',
]

/** One mark per column, in their order: `+` is allowed. */
const EXPECTED = `
Owner                                   +++++++++++++++........
Contributor                             +++++++++...+++........
Reader                                  +.+..+..+...+..........
User Access Administrator               +.+..+..+++++..........
Role Based Access Control Administrator +.+..+..++..+..........
Managed Identity Contributor            +....++.+..............
Managed Identity Operator               +....+.++..............
Virtual Machine Contributor             +.+++...+.....+........
Locks Contributor                       ...........+...........
Key Vault Administrator                 +.......+...+..++++++..
Key Vault Contributor                   +.......+...++.........
Key Vault Reader                        +.......+...+....++....
Key Vault Secrets Officer               +.......+...+..+++.....
Key Vault Secrets User                  ...............+.+.....
Key Vault Crypto Officer                +.......+...+.....+++..
Key Vault Crypto User                   ..................++...
Storage Account Contributor             +.......+.....+........
Storage Blob Data Contributor           .....................++
Storage Blob Data Reader                .....................+.
`

test('the core roles allow exactly this', () => {
  const width = Math.max(...ROWS.map((name) => name.length))
  const lines = ROWS.map((name) => {
    const role = BUILT_IN_ROLES.find((one) => one.name === name)
    assert.ok(role, name)
    const marks = COLUMNS.map(([kind, action]) => (roleAllows(role, action, kind) ? '+' : '.'))
    return `${name.padEnd(width)} ${marks.join('')}`
  })
  assert.equal(lines.join('\n'), EXPECTED.trim())
})

test('the nearest role is the smallest that would do', () => {
  const nearest = COLUMNS.map(([kind, action]) => nearestRole(action, kind)?.name)
  assert.deepEqual(nearest, [
    'Reader',
    'Contributor',
    'Reader',
    'Virtual Machine Contributor',
    'Virtual Machine Contributor',
    'Reader',
    'Managed Identity Contributor',
    'Managed Identity Operator',
    'Reader',
    'Role Based Access Control Administrator',
    'User Access Administrator',
    'Locks Contributor',
    'Reader',
    'Key Vault Contributor',
    'Storage Account Contributor',
    'Key Vault Secrets User',
    'Key Vault Secrets Officer',
    'Key Vault Secrets User',
    'Key Vault Crypto User',
    'Key Vault Crypto User',
    'Key Vault Crypto Officer',
    'Storage Blob Data Reader',
    'Storage Blob Data Contributor',
  ])
  assert.equal(
    nearestRole('Microsoft.ContainerRegistry/registries/pull/read', 'action')?.name,
    'Reader',
  )
  assert.equal(
    nearestRole('Microsoft.ServiceBus/namespaces/messages/send/action', 'dataAction')?.name,
    'Azure Service Bus Data Sender',
  )
})

test('no role is near an action that nobody may do', () => {
  assert.equal(nearestRole('Microsoft.Nowhere/things/read', 'dataAction'), undefined)
})
