import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTarget } from './target.ts'

const S = '/subscriptions/11111111-2222-3333-4444-555555555555'
const VM = `${S}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1`

describe('a path of Resource Manager', () => {
  const tails: [path: string, at: string, type: string][] = [
    [`${S}/resourceGroups`, S, 'Microsoft.Resources/resourceGroups'],
    [
      `${S}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines`,
      `${S}/resourceGroups/g`,
      'Microsoft.Compute/virtualMachines',
    ],
    [
      `${S}/providers/Microsoft.KeyVault/checkNameAvailability`,
      S,
      'Microsoft.KeyVault/checkNameAvailability',
    ],
    [`${VM}/start`, VM, 'Microsoft.Compute/virtualMachines/start'],
    [
      `${VM}/providers/Microsoft.Authorization/roleAssignments`,
      VM,
      'Microsoft.Authorization/roleAssignments',
    ],
    [
      '/providers/Microsoft.Authorization/roleDefinitions',
      '/',
      'Microsoft.Authorization/roleDefinitions',
    ],
  ]
  for (const [path, at, type] of tails) {
    it(`${path.replace(S, '{s}')} ends in a name`, () => {
      const target = readTarget(path)
      assert.ok(target.kind === 'tail')
      assert.deepEqual([target.at.text, target.type], [at, type])
    })
  }

  it('names a resource, doubled slashes and a final one apart', () => {
    const target = readTarget(`${VM.replace('/providers', '//providers')}/`)
    assert.ok(target.kind === 'resource')
    assert.equal(target.id.text, VM)
  })

  it('may have its scope escaped, in one piece', () => {
    const lock = '/providers/Microsoft.Authorization/locks/keep'
    for (const scope of [VM, VM.slice(1)]) {
      const target = readTarget(`/${encodeURIComponent(scope)}${lock}`)
      assert.ok(target.kind === 'resource')
      assert.equal(target.id.text, `${VM}${lock}`)
    }
  })

  const hostile = [
    `/${encodeURIComponent(`${S}/resourceGroups/g/../h`)}/providers/Microsoft.Authorization/locks/a`,
    `${S}/resourceGroups/g%2F..%2Fh`,
    `${S}/resourceGroups/%2e%2e/providers/Microsoft.Compute/virtualMachines/x`,
    `${S}/resourceGroups/g%5Ch`,
    `${S}/resourceGroups/%E0%A4%A`,
  ]
  for (const path of hostile) {
    it(`refuses ${path.replace(S, '{s}')}`, () => {
      assert.throws(() => readTarget(path), { code: 'InvalidRequestUri' })
    })
  }

  for (const path of [
    '/',
    '/metadata/identity',
    '/subscriptions%252Fx/resourceGroups',
    `${S}/nonsense`,
    '/subscriptions/x/resourceGroups',
  ]) {
    it(`finds nothing at ${path.replace(S, '{s}')}`, () => {
      if (path === '/') assert.equal(readTarget(path).kind, 'resource')
      else assert.throws(() => readTarget(path), { fault: 'missing' })
    })
  }
})
