import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccessPolicy, POLICY_PERMISSIONS, policiesAllow } from './access-policies.ts'

const TENANT = '66666666-7777-8888-9999-000000000000'
const CALLER = 'aaaaaaaa-0000-0000-0000-000000000001'
const GROUP = 'aaaaaaaa-0000-0000-0000-000000000002'
const APPLICATION = 'aaaaaaaa-0000-0000-0000-000000000003'

const caller = { tenantId: TENANT, objectIds: [CALLER, GROUP], applicationId: APPLICATION }

function policy(facts: Partial<AccessPolicy>): AccessPolicy[] {
  return [{ tenantId: TENANT, objectId: CALLER, permissions: { secrets: ['get'] }, ...facts }]
}

test('a policy gives what it names, in its collection, and no more', () => {
  assert.equal(policiesAllow(policy({}), caller, 'secrets', 'get'), true)
  assert.equal(policiesAllow(policy({}), caller, 'secrets', 'list'), false)
  assert.equal(policiesAllow(policy({}), caller, 'keys', 'get'), false)
  assert.equal(policiesAllow([], caller, 'secrets', 'get'), false)
})

test('ids and permissions compare without regard to case', () => {
  const policies = policy({
    objectId: CALLER.toUpperCase(),
    tenantId: TENANT.toUpperCase(),
    permissions: { keys: ['UnwrapKey'] },
  })
  assert.equal(policiesAllow(policies, caller, 'keys', 'unwrapKey'), true)
})

test('all stands for every permission of its collection', () => {
  const policies = policy({ permissions: { secrets: ['All'] } })
  for (const permission of POLICY_PERMISSIONS.secrets) {
    assert.equal(policiesAllow(policies, caller, 'secrets', permission), true)
  }
  assert.equal(policiesAllow(policies, caller, 'keys', 'get'), false)
})

test('a policy for a group holds for its members', () => {
  assert.equal(policiesAllow(policy({ objectId: GROUP }), caller, 'secrets', 'get'), true)
})

test('a policy of another tenant, or for another application, does not hold', () => {
  const other = 'bbbbbbbb-0000-0000-0000-000000000009'
  assert.equal(policiesAllow(policy({ tenantId: other }), caller, 'secrets', 'get'), false)
  assert.equal(policiesAllow(policy({ objectId: other }), caller, 'secrets', 'get'), false)
  assert.equal(policiesAllow(policy({ applicationId: other }), caller, 'secrets', 'get'), false)
  assert.equal(
    policiesAllow(policy({ applicationId: APPLICATION }), caller, 'secrets', 'get'),
    true,
  )
})
