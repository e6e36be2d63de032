import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { parseResourceId } from '../../base/resource-id.ts'
import { openTestWorld, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Answer } from '../provider.ts'
import { NOTHING_LENT } from '../test-lent.ts'
import { accessPolicyChanges } from './access-policy-changes.ts'
import { putVault, vaultId } from './test-vaults.ts'
import { findVault } from './vault-settings.ts'

const ONE = 'aaaaaaaa-0000-0000-0000-000000000001'
const TWO = 'aaaaaaaa-0000-0000-0000-000000000002'

let world: TestWorld
beforeEach(async () => {
  world = await openTestWorld()
  await putVault(world, {
    properties: { accessPolicies: [policy(ONE, { secrets: ['get'], keys: ['sign'] })] },
  })
})
afterEach(() => world.close())

function policy(objectId: string, permissions: Record<string, string[]>) {
  return { tenantId: world.tenantId, objectId, permissions }
}

function change(operation: string, policies: unknown): Promise<Answer> {
  const id = parseResourceId(`${vaultId('kv1').text}/accessPolicies/${operation}`)
  const body = { properties: { accessPolicies: policies } }
  return transaction(world.call(), async (tx) => {
    const answer = await accessPolicyChanges.put?.(tx, id, body, {}, NOTHING_LENT)
    if (!answer) throw new Error('access policies take a PUT')
    return answer
  })
}

const policiesNow = async () => (await findVault(world.call(), 'kv1'))?.accessPolicies

test('add joins permissions to the policy of an object, or makes one', async () => {
  await change('add', [policy(ONE, { secrets: ['GET', 'list'] }), policy(TWO, { keys: ['get'] })])
  assert.deepEqual(await policiesNow(), [
    policy(ONE, { keys: ['sign'], secrets: ['get', 'list'] }),
    policy(TWO, { keys: ['get'] }),
  ])
})

test('replace puts the policies it names in place of theirs, and leaves others', async () => {
  await change('add', [policy(TWO, { keys: ['get'] })])
  const answer = await change('replace', [policy(ONE, { secrets: ['list'] })])
  const policies = [policy(ONE, { secrets: ['list'] }), policy(TWO, { keys: ['get'] })]
  assert.deepEqual(await policiesNow(), policies)
  assert.deepEqual(answer, {
    status: 200,
    body: {
      id: `${vaultId('kv1').text}/accessPolicies/`,
      type: 'Microsoft.KeyVault/vaults/accessPolicies',
      properties: { accessPolicies: policies },
    },
  })
})

test('remove takes permissions away, and the policy when none is left', async () => {
  await change('remove', [policy(ONE, { secrets: ['Get'] })])
  assert.deepEqual(await policiesNow(), [policy(ONE, { keys: ['sign'], secrets: [] })])
  await change('remove', [policy(ONE, { keys: ['sign'] }), policy(TWO, { keys: ['sign'] })])
  assert.deepEqual(await policiesNow(), [])
})

test('an operation or a body that is none is refused, and changes nothing', async () => {
  const before = await policiesNow()
  await assert.rejects(change('toString', []), { code: 'BadRequest' })
  await assert.rejects(change('add', [{ objectId: ONE }]), { code: 'BadRequest' })
  await assert.rejects(change('add', [policy('me', {})]), { code: 'BadRequest' })
  await assert.rejects(change('add', [policy(ONE, { keys: ['dance'] })]), { code: 'BadRequest' })
  assert.deepEqual(await policiesNow(), before)
})
