import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Environment } from './environment.ts'
import { value, wantedBy } from './test-environment.ts'
import { DEFERRED, type Json } from './value.ts'

const VM = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm'
const known: Environment['known'] = (name) =>
  ['vm', VM].includes(name)
    ? [
        {
          id: VM,
          apiVersion: '2024-07-01',
          name: 'vm',
          type: 'Microsoft.Compute/virtualMachines',
          deployed: true,
        },
      ]
    : []
const document: Json = {
  id: VM,
  name: 'vm',
  location: 'westeurope',
  identity: { principalId: 'p' },
  properties: { vmId: 'v' },
}

describe('what only the running estate knows', () => {
  it('is asked for, and defers all that is made of it', () => {
    assert.equal(value(`[concat('x', reference('${VM}', '2019-07-01').a)]`), DEFERRED)
    assert.deepEqual(wantedBy(`[reference('${VM}', '2019-07-01', 'Full').identity.principalId]`), [
      { kind: 'resource', id: VM, apiVersion: '2019-07-01' },
    ])
  })

  it('has one api-version for every type, which they all understand', () => {
    const first = "providers('Microsoft.Compute', 'virtualMachines').apiVersions[0]"
    assert.equal(value(`[${first}]`), '9999-12-31')
    assert.deepEqual(wantedBy(`[reference('${VM}', ${first})]`), [
      { kind: 'resource', id: VM, apiVersion: '9999-12-31' },
    ])
  })

  it('is asked for at once, in every branch that may be taken', () => {
    const asked = wantedBy(
      "[if(reference('/a', '1').x, reference('/b', '2').y, listKeys('/c', '3'))]",
    )
    assert.deepEqual(
      asked.map(({ id }) => id),
      ['/a', '/b', '/c'],
    )
    const lambda =
      "[map(createArray('/a', '/b'), lambda('i', reference(lambdaVariables('i'), '1')))]"
    assert.deepEqual(
      wantedBy(lambda).map(({ id }) => id),
      ['/a', '/b'],
    )
  })

  it('is a resource’s properties, or the whole of it', () => {
    const facts = { known, fact: () => document }
    assert.equal(value("[reference('vm').vmId]", facts), 'v')
    assert.equal(
      value(`[reference('${VM}', '2019-07-01', 'Full').identity.principalId]`, facts),
      'p',
    )
    assert.equal(value("[reference('vm', '2019-07-01', 'full').apiVersion]", facts), '2019-07-01')
    assert.equal(
      value("[reference('vm', '2019-07-01', 'full').resourceId]", facts),
      'Microsoft.Compute/virtualMachines/vm',
    )
    assert.deepEqual(value("[resourceInfo('vm')]", facts), {
      id: VM,
      name: 'vm',
      type: 'Microsoft.Compute/virtualMachines',
      apiVersion: '2024-07-01',
    })
  })

  it('is the result of any list action', () => {
    const asked = wantedBy(`[listAccountSas('${VM}', '2022-09-01', createObject('a', 1)).token]`)
    assert.deepEqual(asked, [
      { kind: 'list', action: 'listAccountSas', id: VM, apiVersion: '2022-09-01', body: { a: 1 } },
    ])
  })

  it('is refused by names that nothing has, and where it cannot be', () => {
    assert.throws(() => value("[reference('nobody')]"), /'nobody' is not defined in the template/)
    assert.throws(() => value(`[reference('${VM}')]`), /the API version must be specified/)
    assert.throws(
      () => value("[reference('vm')]", { noReferences: true, known }),
      /'reference' is not expected at this location/,
    )
  })
})
