import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  childResourceId,
  covers,
  parseResourceId,
  readResourceId,
  scopeKeys,
} from './resource-id.ts'

const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555'
const GROUP = `${SUBSCRIPTION}/resourceGroups/Blue`
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm1`

describe('a resource id', () => {
  it('keeps the casing it came with, and is looked up in lower case', () => {
    const id = parseResourceId(VM)
    assert.equal(id.text, VM)
    assert.equal(id.key, VM.toLowerCase())
  })

  it("writes the words between the names in Azure's casing, whatever came", () => {
    const asked = VM.replace('/subscriptions/', '/SUBSCRIPTIONS/')
      .replace('/resourceGroups/', '/resourcegroups/')
      .replace('/providers/', '/Providers/')
    assert.equal(parseResourceId(asked).text, VM)
  })

  const rows: [text: string, type: string, name: string, parent: string][] = [
    [SUBSCRIPTION, 'Microsoft.Resources/subscriptions', SUBSCRIPTION.slice(15), '/'],
    [GROUP, 'Microsoft.Resources/resourceGroups', 'Blue', SUBSCRIPTION],
    [VM, 'Microsoft.Compute/virtualMachines', 'vm1', GROUP],
    [`${VM}/extensions/e1`, 'Microsoft.Compute/virtualMachines/extensions', 'e1', VM],
    [
      `${VM}/providers/Microsoft.Authorization/roleAssignments/r1`,
      'Microsoft.Authorization/roleAssignments',
      'r1',
      VM,
    ],
    [
      '/providers/Microsoft.Management/managementGroups/top',
      'Microsoft.Management/managementGroups',
      'top',
      '/',
    ],
  ]
  for (const [text, type, name, parent] of rows) {
    it(`reads ${text.replace(SUBSCRIPTION, '{s}')}`, () => {
      const id = parseResourceId(text)
      assert.deepEqual([id.type, id.name, id.parent?.text], [type, name, parent])
    })
  }

  it('knows its group and subscription at any depth', () => {
    const id = parseResourceId(`${VM}/providers/Microsoft.Authorization/locks/l1`)
    assert.equal(id.resourceGroup, 'Blue')
    assert.equal(id.subscriptionId, '11111111-2222-3333-4444-555555555555')
  })

  it('is covered by itself and what is above it, segment by segment', () => {
    const id = parseResourceId(VM)
    assert.ok(
      covers(parseResourceId(GROUP.toUpperCase().replace('SUBSCRIPTIONS', 'subscriptions')), id),
    )
    assert.ok(!covers(parseResourceId(`${GROUP}x`), id))
    assert.deepEqual(scopeKeys(parseResourceId(GROUP)), [GROUP.toLowerCase(), SUBSCRIPTION, '/'])
  })

  it('has children that are what is read of their text', () => {
    const child = childResourceId(parseResourceId(VM), 'Extensions', 'Agent')
    assert.deepEqual(child, parseResourceId(`${VM}/Extensions/Agent`))
  })

  const refused = [
    '',
    'subscriptions/x',
    '/subscriptions/not-a-guid',
    `${SUBSCRIPTION}/resourceGroups`,
    `${SUBSCRIPTION}/resourceGroups/..`,
    `${GROUP}/providers/Microsoft.Compute`,
    `${GROUP}/providers/Microsoft.Compute/virtualMachines`,
    `${GROUP}/providers/Microsoft.Compute/virtualMachines/a%2fb`,
    `${GROUP}/providers/Microsoft.Compute/virtualMachines/a\u0000b`,
    `${GROUP}//providers/Microsoft.Compute/virtualMachines/vm1`,
    `${VM}/${'x/'.repeat(2000)}`,
  ]
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 90))}`, () => {
      assert.equal(readResourceId(text), undefined)
      assert.throws(() => parseResourceId(text), { fault: 'invalid', code: 'InvalidResourceId' })
    })
  }
})
