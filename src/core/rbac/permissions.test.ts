import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ActionKind,
  actionKey,
  actionPattern,
  allows,
  type Permission,
} from './permissions.ts'

const NOTHING: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [] }

const PATTERNS: readonly (readonly [pattern: string, action: string, matches: boolean])[] = [
  ['*', 'Microsoft.Compute/virtualMachines/read', true],
  ['*/read', 'Microsoft.Compute/virtualMachines/read', true],
  ['*/read', 'Microsoft.Compute/virtualMachines/write', false],
  ['*/read', '/read', true],
  ['Microsoft.Compute/virtualMachines/read', 'microsoft.compute/VIRTUALMACHINES/Read', true],
  ['Microsoft.Compute/virtualMachines/Read ', 'Microsoft.Compute/virtualMachines/read', true],
  ['Microsoft.Compute/virtualMachines/*', 'Microsoft.Compute/virtualMachines/start/action', true],
  ['Microsoft.Compute/virtualMachines/*', 'Microsoft.Compute/virtualMachines', false],
  ['Microsoft.Compute/virtual*', 'Microsoft.Compute/virtualMachines/read', true],
  ['Microsoft.Compute/*/read', 'Microsoft.Compute/virtualMachines/extensions/read', true],
  ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/read', true],
  ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaultsread', false],
  ['Microsoft.KeyVault/vaults/*/read', 'Microsoft.KeyVault/vaults/a/b/read', true],
  [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
    'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    true,
  ],
  ['a/*/*/b', 'a/b', true],
  ['a/*/*/b', 'a/x/b', true],
  ['a/*/b/*', 'a/b/c', true],
  ['a/*/b/*/c', 'a/b/c', true],
  ['a/*/b/*/c', 'a/c', false],
  ['a/*/b', 'a/', false],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'ac', false],
  ['a*b*b', 'ab', false],
  ['a/*b', 'a/b', true],
  ['a.b/c', 'axb/c', false],
  ['', 'a', false],
]

for (const [pattern, action, matches] of PATTERNS) {
  test(`'${pattern}' ${matches ? 'matches' : 'does not match'} '${action}'`, () => {
    assert.equal(actionPattern(pattern)(actionKey(action)), matches)
  })
}

test('a pattern of many stars costs no more than a pass over the action', () => {
  const pattern = actionPattern(`${'*a'.repeat(200)}*b`)
  assert.equal(pattern(actionKey('a'.repeat(5000))), false)
})

const can = (permission: Permission, action: string, of: ActionKind) =>
  allows(permission, actionKey(action), of)

test('notActions subtract within the same permission object', () => {
  const contributor = {
    ...NOTHING,
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Write'],
  }
  assert.equal(can(contributor, 'Microsoft.Compute/virtualMachines/write', 'action'), true)
  assert.equal(can(contributor, 'Microsoft.Authorization/roleAssignments/write', 'action'), false)
})

test('actions never grant data, and data actions never grant control', () => {
  const both = 'Microsoft.KeyVault/vaults/secrets/getSecret/action'
  assert.equal(can({ ...NOTHING, actions: ['*'] }, both, 'dataAction'), false)
  assert.equal(can({ ...NOTHING, dataActions: ['*'] }, both, 'action'), false)
  assert.equal(can({ ...NOTHING, dataActions: ['*'] }, both, 'dataAction'), true)
})

test('notActions do not subtract from data actions', () => {
  const role = { ...NOTHING, dataActions: ['a/b/*'], notActions: ['a/b/*'] }
  assert.equal(can(role, 'a/b/read', 'dataAction'), true)
  assert.equal(can({ ...role, notDataActions: ['*/read'] }, 'a/b/read', 'dataAction'), false)
})
