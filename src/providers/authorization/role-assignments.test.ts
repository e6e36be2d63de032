import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MINUTE_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import { newId, type ObjectId } from '../../base/ids.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import { createServicePrincipal } from '../../core/directory/service-principals.ts'
import { openTestWorld, somePrincipal, type TestWorld } from '../../core/test-world.ts'
import { transaction } from '../../core/transaction.ts'
import type { Answer } from '../provider.ts'
import { NOTHING_LENT } from '../test-lent.ts'
import { roleAssignments } from './role-assignments.ts'
import { roleDefinitions } from './role-definitions.ts'

const SUBSCRIPTION = '/subscriptions/11111111-1111-4111-8111-111111111111'
const GROUP = `${SUBSCRIPTION}/resourceGroups/MI-RG`
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const READER_ID = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${READER}`
const QUERY = { 'api-version': '2022-04-01' }
const owner = somePrincipal()

let world: TestWorld
let principalId: ObjectId
before(async () => {
  world = await openTestWorld()
  principalId = await newPrincipal()
})
after(() => world.close())

async function newPrincipal(): Promise<ObjectId> {
  const made = await transaction(world.call(), (tx) =>
    createServicePrincipal(tx, { type: 'ManagedIdentity', displayName: 'VM1' }),
  )
  return made.objectId
}

function idAt(scope: string, name: string = newId()): ResourceId {
  return parseResourceId(`${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`)
}

async function put(id: ResourceId, properties: object, query = QUERY): Promise<Answer> {
  return transaction(world.call(owner), async (tx) => {
    const body = { properties: { roleDefinitionId: READER_ID, principalId, ...properties } }
    return (await roleAssignments.put?.(tx, id, body, query, NOTHING_LENT)) as Answer
  })
}

function refused(fault: string, code: string, message?: string) {
  return (reason: unknown) => {
    assert.ok(reason instanceof Failure, String(reason))
    assert.deepEqual([reason.fault, reason.code], [fault, code])
    if (message !== undefined) assert.equal(reason.message, message)
    return true
  }
}

test('a PUT answers 201 with the document, createdBy still null; a GET knows who', async () => {
  const id = idAt(GROUP)
  const expected = {
    properties: {
      roleDefinitionId: READER_ID,
      principalId,
      principalType: 'ServicePrincipal',
      scope: GROUP,
      condition: null,
      conditionVersion: null,
      createdOn: '2026-01-15T09:30:00.0000000Z',
      updatedOn: '2026-01-15T09:30:00.0000000Z',
      createdBy: null as string | null,
      updatedBy: owner.objectId,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
    id: id.text,
    type: 'Microsoft.Authorization/roleAssignments',
    name: id.name,
  }
  assert.deepEqual(await put(id, { principalType: 'serviceprincipal' }), {
    status: 201,
    body: expected,
  })
  expected.properties.createdBy = owner.objectId
  assert.deepEqual(await roleAssignments.get?.(world.call(), id, QUERY), {
    status: 200,
    body: expected,
  })
  assert.equal((await put(id, {})).status, 200)
})

test('older api-versions know no conditions', async () => {
  const id = idAt(GROUP)
  const { status, body } = await put(
    id,
    { principalId: await newPrincipal(), scope: GROUP },
    { 'api-version': '2015-07-01' },
  )
  assert.equal(status, 201)
  assert.deepEqual(Object.keys((body as { properties: object }).properties), [
    'roleDefinitionId',
    'principalId',
    'principalType',
    'scope',
    'createdOn',
    'updatedOn',
    'createdBy',
    'updatedBy',
  ])
})

test('the role id in an assignment is the text that the list of roles shows', async () => {
  const scope = parseResourceId(GROUP)
  const list = async (type: typeof roleDefinitions, $filter: string) => {
    const answer = await type.list?.(world.call(), scope, { ...QUERY, $filter })
    assert.ok(answer)
    return (answer.body as { value: { id: string; properties: Record<string, unknown> }[] }).value
  }
  const [role] = await list(roleDefinitions, "roleName eq 'reader'")
  const assignments = await list(roleAssignments, `principalId eq '${principalId}'`)
  assert.equal(role?.id, READER_ID)
  assert.deepEqual(
    assignments.map(({ properties }) => properties.roleDefinitionId),
    [READER_ID],
  )
})

test('an unknown principal is refused, or taken at its type by newer api-versions', async () => {
  const unknown = newId<ObjectId>()
  const message =
    `Principal ${unknown.replaceAll('-', '')} does not exist in the directory ${world.tenantId}. ` +
    'Check that you have the correct principal ID. If you are creating this principal and then ' +
    'immediately assigning a role, this error might be related to a replication delay. In this ' +
    'case, set the role assignment principalType property to a value, such as ServicePrincipal, ' +
    'User, or Group.  See https://aka.ms/docs-principaltype'
  const asked = { principalId: unknown }
  await assert.rejects(put(idAt(GROUP), asked), refused('invalid', 'PrincipalNotFound', message))
  await assert.rejects(
    put(
      idAt(GROUP),
      { ...asked, principalType: 'ServicePrincipal' },
      { 'api-version': '2015-07-01' },
    ),
    refused('invalid', 'PrincipalNotFound'),
  )
  await assert.rejects(
    put(idAt(GROUP), { ...asked, principalType: 'User' }, { 'api-version': '2018-09-01-preview' }),
    refused('invalid', 'PrincipalNotFound'),
  )
  assert.equal((await put(idAt(GROUP), { ...asked, principalType: 'User' })).status, 201)
})

test('what a PUT is refused for', async () => {
  const rows: readonly (readonly [object, code: string, message?: string])[] = [
    [
      { principalId: 'me' },
      'InvalidPrincipalId',
      "The Principal ID 'me' is not valid. Principal ID must be a GUID.",
    ],
    [
      { principalType: 'User' },
      'UnmatchedPrincipalType',
      `The PrincipalId '${principalId}' has type 'ServicePrincipal' , which is different from specified PrinciaplType 'User'.`,
    ],
    [{ principalType: 'Robot' }, 'InvalidRequestContent'],
    [{ principalId: 7 }, 'InvalidRequestContent'],
    [{ colour: 'red' }, 'InvalidRequestContent'],
    [{ roleDefinitionId: READER }, 'BadRequestFormat'],
    [{ roleDefinitionId: READER_ID.replace(READER, 'Reader') }, 'InvalidRoleDefinitionId'],
    [{ condition: 'always' }, 'InvalidCondition'],
  ]
  for (const [properties, code, message] of rows) {
    await assert.rejects(put(idAt(SUBSCRIPTION), properties), refused('invalid', code, message))
  }
  const unknown = newId()
  await assert.rejects(
    put(idAt(SUBSCRIPTION), { roleDefinitionId: READER_ID.replace(READER, unknown) }),
    refused(
      'missing',
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${unknown}' does not exist.`,
    ),
  )
})

test('DELETE answers with what was there, then with nothing', async () => {
  const id = idAt(GROUP)
  await put(id, { principalId: await newPrincipal() })
  const removal = () =>
    transaction(world.call(owner), async (tx) => roleAssignments.remove?.(tx, id, QUERY))
  const first = await removal()
  assert.ok(first)
  assert.equal(first.status, 200)
  assert.equal((first.body as { name: string }).name, id.name)
  assert.deepEqual(await removal(), { status: 204 })
})

test('a filter that cannot be read, or names no GUID, is refused', async () => {
  const list = (filter: string) =>
    roleAssignments.list?.(world.call(), parseResourceId(GROUP), { ...QUERY, $filter: filter })
  await assert.rejects(async () => list("roleName eq 'x'"), refused('invalid', 'InvalidFilter'))
  await assert.rejects(
    async () => list("assignedTo('x')"),
    refused('invalid', 'InvalidPrincipalId'),
  )
})

test('conditions see what is granted and to whom, and what is taken back', async () => {
  const id = idAt(GROUP)
  const name = 'Microsoft.Authorization/roleAssignments'
  const who = await newPrincipal()
  const body = { properties: { roleDefinitionId: READER_ID, principalId: who } }
  assert.deepEqual(await roleAssignments.attributes?.(world.call(), id, 'write', body), {
    request: {
      [`${name}:RoleDefinitionId`]: READER_ID,
      [`${name}:PrincipalId`]: who,
      [`${name}:PrincipalType`]: 'ServicePrincipal',
    },
  })
  assert.deepEqual(await roleAssignments.attributes?.(world.call(), id, 'write', 'rubbish'), {
    request: {},
  })
  assert.deepEqual(await roleAssignments.attributes?.(world.call(), id, 'delete', undefined), {})
  world.clock.move(MINUTE_MS)
  await put(id, { principalId: who })
  assert.deepEqual(await roleAssignments.attributes?.(world.call(), id, 'delete', undefined), {
    resource: {
      [`${name}:RoleDefinitionId`]: READER,
      [`${name}:PrincipalId`]: who,
      [`${name}:PrincipalType`]: 'ServicePrincipal',
    },
  })
})
