/** What is inherited down the tree of management groups, and what it takes to change the tree. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import type { Method } from '../../http/route.ts'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { managementProvider } from '../../providers/management/management.ts'
import {
  GROUP,
  OWNER,
  openTestEstate,
  READER,
  SUBSCRIPTION,
  type TestEstate,
} from './test-estate.ts'

const GROUPS = '/providers/Microsoft.Management/managementGroups'
const ASSIGNMENTS = '/providers/Microsoft.Authorization/roleAssignments'
const DEFINITIONS = '/providers/Microsoft.Authorization/roleDefinitions'
const IN = `/subscriptions/${SUBSCRIPTION.slice('/subscriptions/'.length)}`
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
const GROUP_CONTRIBUTOR = '5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c'

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(managementProvider, authorizationProvider)
  await estate.ask('PUT', `${GROUPS}/top`, {})
  for (const name of ['left', 'right']) await make(name, 'top')
  await estate.ask('PUT', `${GROUPS}/left${IN}`)
})
after(() => estate.close())

const make = (name: string, parent: string, as?: ServicePrincipal) =>
  estate.ask(
    'PUT',
    `${GROUPS}/${name}`,
    { properties: { details: { parent: { id: `${GROUPS}/${parent}` } } } },
    as && { as },
  )
const root = () => `${GROUPS}/${estate.world.tenantId}`
async function status(as: ServicePrincipal, method: Method, path: string, body?: unknown) {
  return (await estate.ask(method, path, body, { as })).status
}
async function refusal(as: ServicePrincipal, method: Method, path: string, body?: unknown) {
  const answered = await estate.ask(method, path, body, { as })
  assert.equal(answered.status, 403, JSON.stringify(answered.body))
  assert.equal(answered.body.error.code, 'AuthorizationFailed')
  return answered.body.error.message as string
}

describe('a role on a management group', () => {
  it('holds for all below it, and for nothing beside or above', async () => {
    const reader = await estate.principal('reads-left')
    await estate.assign(reader, READER, `${GROUPS}/left`)
    for (const path of [GROUP, SUBSCRIPTION, `${GROUPS}/left`]) {
      assert.equal(await status(reader, 'GET', path), 200, path)
    }
    for (const path of [`${GROUPS}/right`, `${GROUPS}/top`, root()]) {
      assert.equal(await status(reader, 'GET', path), 403, path)
    }
  })

  it('is inherited from the root group and from the group between', async () => {
    for (const scope of [root(), `${GROUPS}/top`]) {
      const reader = await estate.principal(`reads-${scope}`)
      assert.equal(await status(reader, 'GET', GROUP), 403)
      await estate.assign(reader, READER, scope)
      assert.equal(await status(reader, 'GET', GROUP), 200)
      assert.equal(await status(reader, 'GET', `${GROUPS}/left`), 200)
      assert.equal(await status(reader, 'PUT', GROUP, { location: 'westeurope' }), 403)
    }
  })

  it('goes and comes with the subscription, at once', async () => {
    const reader = await estate.principal('reads-right')
    await estate.assign(reader, READER, `${GROUPS}/right`)
    assert.equal(await status(reader, 'GET', GROUP), 403)
    await estate.ask('PUT', `${GROUPS}/right${IN}`)
    assert.equal(await status(reader, 'GET', GROUP), 200)
    await estate.ask('PUT', `${GROUPS}/left${IN}`)
    assert.equal(await status(reader, 'GET', GROUP), 403)
  })

  it('goes and comes with a group that is moved', async () => {
    const reader = await estate.principal('reads-beside')
    await estate.ask('PUT', `${GROUPS}/beside`, {})
    await estate.assign(reader, READER, `${GROUPS}/beside`)
    await make('left', 'beside')
    assert.equal(await status(reader, 'GET', GROUP), 200)
    await make('left', 'top')
    assert.equal(await status(reader, 'GET', GROUP), 403)
  })

  it('makes the subscription visible, and is among the assignments at it', async () => {
    const reader = await estate.principal('sees-left')
    const seen = async () =>
      (await estate.ask('GET', '/subscriptions', undefined, { as: reader })).body.value.length
    assert.equal(await seen(), 0)
    await estate.assign(reader, READER, `${GROUPS}/top`)
    assert.equal(await seen(), 1)
    const scopes = async (at: string, filter: string) =>
      (
        await estate.ask('GET', `${at}${ASSIGNMENTS}?$filter=${encodeURIComponent(filter)}`)
      ).body.value
        .filter(
          ({ properties }: { properties: { principalId: string } }) =>
            properties.principalId === reader.objectId,
        )
        .map(({ properties }: { properties: { scope: string } }) => properties.scope)
    assert.deepEqual(await scopes(GROUP, 'atScope()'), [`${GROUPS}/top`])
    assert.deepEqual(await scopes(SUBSCRIPTION, `assignedTo('${reader.objectId}')`), [
      `${GROUPS}/top`,
    ])
    await estate.assign(reader, READER, GROUP)
    assert.deepEqual(await scopes(`${GROUPS}/top`, `principalId eq '${reader.objectId}'`), [
      `${GROUPS}/top`,
      GROUP,
    ])
    assert.deepEqual(await scopes(`${GROUPS}/top`, 'atScope()'), [`${GROUPS}/top`])
    assert.deepEqual(await scopes(`${GROUPS}/right`, ''), [`${GROUPS}/top`])
    assert.deepEqual(await scopes(root(), ''), [`${GROUPS}/top`, GROUP])
  })

  it('is given through the door, on a group that there is', async () => {
    const give = (group: string) =>
      estate.ask('PUT', `${GROUPS}/${group}${ASSIGNMENTS}/${randomUUID()}`, {
        properties: {
          roleDefinitionId: `${DEFINITIONS}/${READER}`,
          principalId: estate.nobody.objectId,
        },
      })
    const given = await give('right')
    assert.equal(given.status, 201)
    assert.equal(given.body.properties.scope, `${GROUPS}/right`)
    const lost = await give('nowhere')
    assert.deepEqual([lost.status, lost.body.error.code], [404, 'ManagementGroupNotFound'])
  })

  it('is one of at most 500 there', async () => {
    await estate.ask('PUT', `${GROUPS}/full`, {})
    const at = `${GROUPS}/full`
    // Whoever made the group has the first.
    for (let n = 1; n < 500; n++) {
      await estate.assign({ ...estate.nobody, objectId: randomUUID() as never }, READER, at)
    }
    await assert.rejects(estate.assign(estate.nobody, READER, at), {
      code: 'RoleAssignmentLimitExceeded',
    })
  })
})

describe('a custom role of a management group', () => {
  const id = randomUUID()
  const role = (assignableScopes: string[]) => ({
    properties: {
      roleName: 'Left only',
      permissions: [{ actions: ['Microsoft.Resources/subscriptions/resourceGroups/read'] }],
      assignableScopes,
    },
  })

  it('is there for the group and all below it', async () => {
    const made = await estate.ask(
      'PUT',
      `${GROUPS}/left${DEFINITIONS}/${id}`,
      role([`${GROUPS}/left`]),
    )
    assert.equal(made.status, 201)
    const found = async (scope: string) =>
      (await estate.ask('GET', `${scope}${DEFINITIONS}?$filter=roleName%20eq%20'Left%20only'`)).body
        .value.length
    assert.equal(await found(SUBSCRIPTION), 1)
    assert.equal(await found(`${GROUPS}/left`), 1)
    assert.equal(await found(`${GROUPS}/right`), 0)
  })

  it('is assigned there, and nowhere else', async () => {
    const someone = await estate.principal('left-only')
    await estate.assign(someone, id, GROUP)
    assert.equal(await status(someone, 'GET', GROUP), 200)
    await assert.rejects(estate.assign(someone, id, `${GROUPS}/right`), {
      code: 'RoleAssignmentScopeNotAssignableToRoleDefinition',
    })
  })

  it('takes the right to make roles on the group', async () => {
    const someone = await estate.principal('makes-roles')
    await estate.assign(someone, OWNER, SUBSCRIPTION)
    const path = `${SUBSCRIPTION}${DEFINITIONS}/${randomUUID()}`
    const { status, body } = await estate.ask('PUT', path, role([`${GROUPS}/left`]), {
      as: someone,
    })
    assert.deepEqual([status, body.error.code], [403, 'LinkedAuthorizationFailed'])
  })
})

describe('to make a management group', () => {
  it('takes nothing below the root, and makes whoever did it its owner', async () => {
    const someone = await estate.principal('maker')
    assert.equal(await status(someone, 'PUT', `${GROUPS}/mine`, {}), 202)
    assert.equal(await status(someone, 'GET', `${GROUPS}/mine`), 200)
    assert.equal((await make('mine-too', 'mine', someone)).status, 202)
    assert.equal(await status(someone, 'DELETE', `${GROUPS}/mine-too`), 202)
    assert.equal(await status(estate.nobody, 'GET', `${GROUPS}/mine`), 403)
    assert.equal(await status(estate.nobody, 'PUT', `${GROUPS}/mine`, {}), 403)
    const { value } = (await estate.ask('GET', GROUPS, undefined, { as: someone })).body
    assert.deepEqual(
      value.map(({ name }: { name: string }) => name),
      ['mine'],
    )
  })

  it('takes the right to write the root when the settings say so', async () => {
    const settings = `${root()}/settings/default`
    const properties = { requireAuthorizationForGroupCreation: true }
    assert.equal(await status(estate.nobody, 'PUT', settings, { properties }), 403)
    await estate.ask('PUT', settings, { properties })
    const someone = await estate.principal('asks-first')
    const message = await refusal(someone, 'PUT', `${GROUPS}/theirs`, {})
    assert.match(
      message,
      /perform action 'Microsoft.Management\/managementGroups\/write' over scope/,
    )
    await estate.assign(someone, GROUP_CONTRIBUTOR, root())
    assert.equal(await status(someone, 'PUT', `${GROUPS}/theirs`, {}), 202)
    await estate.ask('DELETE', settings)
  })

  it('takes the right to write another parent', async () => {
    const someone = await estate.principal('under-top')
    const { status, body } = await make('under', 'top', someone)
    assert.equal(status, 403)
    assert.equal(
      body.error.message,
      "Permission to Microsoft.Management/managementGroups on resources of type 'Write' is required on the management group or its ancestors.",
    )
    await estate.assign(someone, GROUP_CONTRIBUTOR, `${GROUPS}/top`)
    assert.equal((await make('under', 'top', someone)).status, 202)
  })
})

describe('to move a subscription', () => {
  const GIVE =
    "Permission to write and delete on resources of type 'Microsoft.Authorization/roleAssignments' is required on the subscription or its ancestors."
  const WRITE =
    "Permission to write on resources of type 'Microsoft.Management/managementGroups' is required on the management group or its ancestors."
  const to = (group: string) => `${GROUPS}/${group}${IN}`

  it('takes its ownership and the right to write both groups', async () => {
    const someone = await estate.principal('mover')
    assert.match(await refusal(someone, 'PUT', to('right')), /subscriptions\/write'/)
    await estate.assign(someone, GROUP_CONTRIBUTOR, `${GROUPS}/right`)
    assert.equal(await refusal(someone, 'PUT', to('right')), GIVE)
    await estate.assign(someone, CONTRIBUTOR, SUBSCRIPTION)
    assert.equal(await refusal(someone, 'PUT', to('right')), GIVE)
    await estate.assign(someone, OWNER, SUBSCRIPTION)
    assert.equal(await refusal(someone, 'PUT', to('right')), WRITE)
    await estate.assign(someone, GROUP_CONTRIBUTOR, `${GROUPS}/left`)
    assert.equal(await status(someone, 'PUT', to('right')), 200)
    assert.equal(await status(someone, 'DELETE', to('right')), 200)
    await estate.ask('PUT', to('left'))
  })

  it('is not for who would lose it by the move', async () => {
    const someone = await estate.principal('loser')
    await estate.assign(someone, OWNER, `${GROUPS}/left`)
    await estate.assign(someone, CONTRIBUTOR, `${GROUPS}/right`)
    assert.equal(await refusal(someone, 'PUT', to('right')), GIVE)
    await estate.assign(someone, OWNER, `${GROUPS}/right`)
    assert.equal(await status(someone, 'PUT', to('right')), 200)
    await estate.ask('PUT', to('left'))
  })
})

describe('to move a management group', () => {
  it('takes its ownership and the right to write both parents', async () => {
    const someone = await estate.principal('moves-groups')
    await estate.assign(someone, OWNER, `${GROUPS}/left`)
    const moved = await make('left', 'beside', someone)
    assert.equal(moved.status, 403)
    await estate.assign(someone, GROUP_CONTRIBUTOR, `${GROUPS}/beside`)
    assert.equal((await make('left', 'beside', someone)).status, 403)
    await estate.assign(someone, GROUP_CONTRIBUTOR, `${GROUPS}/top`)
    assert.equal((await make('left', 'beside', someone)).status, 200)
    await make('left', 'top')
  })

  it('shows nobody what groups there are', async () => {
    for (const name of ['left', 'nowhere']) {
      assert.equal(await status(estate.nobody, 'GET', `${GROUPS}/${name}`), 403)
      assert.equal(await status(estate.nobody, 'DELETE', `${GROUPS}/${name}`), 403)
    }
  })
})
