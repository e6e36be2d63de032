/** Management groups through their door: the documents, the tree they make, and its limits. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { authorizationProvider } from '../../providers/authorization/authorization.ts'
import { managementProvider } from '../../providers/management/management.ts'
import { openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const GROUPS = '/providers/Microsoft.Management/managementGroups'
const SUBSCRIPTION_ID = SUBSCRIPTION.slice('/subscriptions/'.length)

let estate: TestEstate
before(async () => {
  estate = await openTestEstate(managementProvider, authorizationProvider)
})
after(() => estate.close())

const root = () => `${GROUPS}/${estate.world.tenantId}`
const make = (name: string, parent?: string, displayName?: string) =>
  estate.ask('PUT', `${GROUPS}/${name}`, {
    name,
    properties: { displayName, details: { parent: { id: parent } } },
  })
const read = async (path: string) => (await estate.ask('GET', `${GROUPS}/${path}`)).body

describe('a management group', () => {
  it('is accepted, and says where to ask whether it is made', async () => {
    const made = await make('corp', undefined, 'Corporation')
    assert.equal(made.status, 202)
    assert.deepEqual(made.body, {
      id: `${GROUPS}/corp`,
      type: 'Microsoft.Management/managementGroups',
      name: 'corp',
      status: 'NotStarted',
    })
    const { headers } = made
    assert.equal(headers['retry-after'], '1')
    const poll = String(headers['azure-asyncoperation'])
    assert.match(poll, /^https:\/\/management.azure.com\/providers\/Microsoft.Management\//)
    assert.match(String(headers.location), /managementGroups\/corp\?api-version=/)
    const ended = await estate.ask(
      'GET',
      poll.slice('https://management.azure.com'.length),
      undefined,
      {
        as: estate.nobody,
      },
    )
    assert.equal(ended.body.status, 'Succeeded')
  })

  it('has a document with its parent, its version and who changed it', async () => {
    const { id, name, type, properties } = await read('CORP')
    assert.deepEqual(
      [id, name, type],
      [`${GROUPS}/corp`, 'corp', 'Microsoft.Management/managementGroups'],
    )
    const { updatedTime, ...details } = properties.details
    assert.match(updatedTime, /^\d{4}-/)
    assert.deepEqual(
      { ...properties, details },
      {
        tenantId: estate.world.tenantId,
        displayName: 'Corporation',
        details: {
          version: 1,
          updatedBy: estate.owner.objectId,
          parent: { id: root(), name: estate.world.tenantId, displayName: 'Tenant Root Group' },
        },
      },
    )
  })

  it('is changed by another PUT, which answers at once', async () => {
    const changed = await make('corp', root(), 'Corp')
    assert.equal(changed.status, 200)
    assert.equal(changed.body.properties.displayName, 'Corp')
    assert.equal(changed.body.properties.details.version, 2)
    const patched = await estate.ask('PATCH', `${GROUPS}/corp`, { displayName: 'Corporation' })
    assert.equal(patched.body.properties.displayName, 'Corporation')
  })

  it('shows children, path and ancestors when they are asked for', async () => {
    await make('land', `${GROUPS}/corp`, 'Landing zones')
    await make('online', `${GROUPS}/land`)
    await estate.ask('PUT', `${GROUPS}/land/subscriptions/${SUBSCRIPTION_ID}`)
    const online = {
      id: `${GROUPS}/online`,
      type: 'Microsoft.Management/managementGroups',
      name: 'online',
      displayName: 'online',
    }
    const subscription = {
      id: SUBSCRIPTION,
      type: '/subscriptions',
      name: SUBSCRIPTION_ID,
      displayName: 'Locum',
    }
    const land = { ...online, id: `${GROUPS}/land`, name: 'land', displayName: 'Landing zones' }
    const children = async (query: string) => (await read(query)).properties.children
    assert.deepEqual(await children('corp?$expand=children'), [land])
    assert.deepEqual(await children('corp?$expand=children&$recurse=true'), [
      { ...land, children: [online, subscription] },
    ])
    assert.deepEqual(
      await children('land?$expand=children&$filter=children.childType%20eq%20Subscription'),
      [subscription],
    )
    assert.deepEqual(
      await children("land?$expand=children&$filter=children.childType%20ne%20'Subscription'"),
      [online],
    )
    assert.equal(await children('online?$expand=children'), undefined)
    const { details } = (await read('online?$expand=path')).properties
    assert.deepEqual(
      details.path.map((one: { name: string }) => one.name),
      [estate.world.tenantId, 'corp', 'land', 'online'],
    )
    const above = (await read('online?$expand=ancestors')).properties.details
    assert.deepEqual(above.managementGroupAncestors, ['land', 'corp', estate.world.tenantId])
    assert.deepEqual(above.managementGroupAncestorsChain[0], {
      name: 'land',
      displayName: 'Landing zones',
    })
  })

  it('lists what is below it, flat, and the groups of the tenant', async () => {
    const below = (await read('corp/descendants')).value
    assert.deepEqual(
      below.map((one: { name: string; type: string }) => [one.name, one.type]),
      [
        ['land', 'Microsoft.Management/managementGroups'],
        ['online', 'Microsoft.Management/managementGroups'],
        [SUBSCRIPTION_ID, 'Microsoft.Management/managementGroups/subscriptions'],
      ],
    )
    assert.deepEqual(below[2].properties, {
      displayName: 'Locum',
      parent: { id: `${GROUPS}/land` },
    })
    const { body } = await estate.ask('GET', GROUPS)
    assert.deepEqual(
      body.value.map((one: { name: string }) => one.name),
      [estate.world.tenantId, 'corp', 'land', 'online'],
    )
  })

  it('is moved with all below it', async () => {
    await make('other')
    await estate.ask('PATCH', `${GROUPS}/land`, { parentGroupId: `${GROUPS}/other` })
    assert.equal((await read('corp?$expand=children')).properties.children, undefined)
    assert.equal((await read('land')).properties.details.parent.name, 'other')
    await make('land', `${GROUPS}/corp`)
  })

  it('is not moved into itself, nor where a tree would be too deep', async () => {
    const refusal = async (
      asked: Promise<{ status: number; body: { error: { code: string } } }>,
    ) => {
      const { status, body } = await asked
      return [status, body.error.code]
    }
    for (const parent of ['corp', 'online']) {
      assert.deepEqual(await refusal(make('corp', `${GROUPS}/${parent}`)), [400, 'BadRequest'])
    }
    await make('four', `${GROUPS}/online`)
    await make('five', `${GROUPS}/four`)
    assert.equal((await make('six', `${GROUPS}/five`)).status, 202)
    assert.deepEqual(await refusal(make('seven', `${GROUPS}/six`)), [400, 'BadRequest'])
    assert.deepEqual(await refusal(make('corp', `${GROUPS}/other`)), [400, 'BadRequest'])
    assert.deepEqual(await refusal(make('lost', `${GROUPS}/nowhere`)), [404, 'NotFound'])
    for (const name of ['bad,name', 'x'.repeat(91), 'ends.']) {
      assert.deepEqual(await refusal(make(name)), [400, 'BadRequest'])
    }
    assert.deepEqual(await refusal(make('odd', SUBSCRIPTION)), [400, 'BadRequest'])
    for (const name of ['six', 'five', 'four']) await estate.ask('DELETE', `${GROUPS}/${name}`)
  })

  it('is deleted when it is empty, with the roles on it, and never the root', async () => {
    const full = await estate.ask('DELETE', `${GROUPS}/land`)
    assert.deepEqual([full.status, full.body.error.code], [400, 'BadRequest'])
    const assignments = () => estate.ask('GET', `${GROUPS}/online${ASSIGNMENTS}?$filter=atScope()`)
    const own = (await assignments()).body.value.filter(
      (one: { properties: { scope: string } }) => one.properties.scope === `${GROUPS}/online`,
    )
    assert.equal(own.length, 1)
    const gone = await estate.ask('DELETE', `${GROUPS}/online`)
    assert.deepEqual([gone.status, gone.body.status], [202, 'NotStarted'])
    const poll = String(gone.headers['azure-asyncoperation'])
    const ended = await estate.ask('GET', poll.slice('https://management.azure.com'.length))
    assert.equal(ended.body.status, 'Succeeded')
    assert.equal((await estate.ask('GET', `${GROUPS}/online`)).status, 404)
    assert.equal((await estate.ask('DELETE', `${GROUPS}/online`)).status, 204)
    assert.equal((await estate.ask('DELETE', root())).status, 400)
    await make('online', `${GROUPS}/land`)
    const again = (await assignments()).body.value
    assert.equal(again.filter((one: { name: string }) => one.name === own[0].name).length, 0)
  })
})

const ASSIGNMENTS = '/providers/Microsoft.Authorization/roleAssignments'

describe('the root group', () => {
  it('is there from the beginning, named like the tenant', async () => {
    const { name, properties } = await read(estate.world.tenantId)
    assert.deepEqual(
      [name, properties.displayName, properties.details.parent],
      [estate.world.tenantId, 'Tenant Root Group', undefined],
    )
  })

  it('can be given another name, and no parent', async () => {
    const named = await estate.ask('PATCH', root(), { displayName: 'Ours' })
    assert.deepEqual([named.status, named.body.properties.displayName], [200, 'Ours'])
    const moved = await estate.ask('PATCH', root(), { parentGroupId: `${GROUPS}/corp` })
    assert.equal(moved.status, 400)
  })
})

describe('a subscription in a group', () => {
  const at = (group: string, id = SUBSCRIPTION_ID) => `${GROUPS}/${group}/subscriptions/${id}`

  it('is put there, shown and listed', async () => {
    const put = await estate.ask('PUT', at('online'))
    const document = {
      id: at('online'),
      type: 'Microsoft.Management/managementGroups/subscriptions',
      name: SUBSCRIPTION_ID,
      properties: {
        tenant: estate.world.tenantId,
        displayName: 'Locum',
        parent: { id: `${GROUPS}/online` },
        state: 'Active',
      },
    }
    assert.deepEqual([put.status, put.body], [200, document])
    assert.deepEqual((await estate.ask('GET', at('online'))).body, document)
    assert.deepEqual(await read('online/subscriptions'), { value: [document] })
    assert.deepEqual(await read('land/subscriptions'), { value: [] })
    assert.equal((await estate.ask('GET', at('land'))).status, 404)
  })

  it('goes back to the root when it is taken out', async () => {
    assert.equal((await estate.ask('DELETE', at('land'))).status, 404)
    assert.equal((await estate.ask('DELETE', at('online'))).status, 200)
    assert.equal((await estate.ask('GET', at(estate.world.tenantId))).status, 200)
  })

  it('must be one that there is, in a group that there is', async () => {
    const strange = '99999999-2222-3333-4444-555555555555'
    const absent = await estate.ask('PUT', at('online', strange))
    assert.deepEqual([absent.status, absent.body.error.code], [404, 'SubscriptionNotFound'])
    const nowhere = await estate.ask('PUT', at('nowhere'))
    assert.deepEqual([nowhere.status, nowhere.body.error.code], [404, 'ManagementGroupNotFound'])
    assert.equal((await estate.ask('PUT', at('online', 'no-guid'))).status, 400)
  })
})

describe('around the tree', () => {
  it('a name is free, taken or wrong', async () => {
    const check = async (body: object) =>
      (
        await estate.ask('POST', '/providers/Microsoft.Management/checkNameAvailability', body, {
          as: estate.nobody,
        })
      ).body
    assert.deepEqual(await check({ name: 'free' }), { nameAvailable: true })
    const taken = await check({
      name: 'CORP',
      type: '/providers/Microsoft.Management/managementGroups',
    })
    assert.deepEqual([taken.nameAvailable, taken.reason], [false, 'AlreadyExists'])
    assert.equal((await check({ name: 'a/b' })).reason, 'Invalid')
    assert.equal((await check({})).error.code, 'BadRequest')
  })

  it('entities are those that the caller has a role in, above or below', async () => {
    const entities = async (as = estate.owner) =>
      (await estate.ask('POST', '/providers/Microsoft.Management/getEntities', undefined, { as }))
        .body.value
    const names = (all: { name: string }[]) => all.map(({ name }) => name)
    assert.deepEqual(names(await entities()), [
      estate.world.tenantId,
      'corp',
      'land',
      'online',
      'other',
      SUBSCRIPTION_ID,
    ])
    assert.deepEqual(names(await entities(estate.reader)), [estate.world.tenantId, SUBSCRIPTION_ID])
    assert.deepEqual(await entities(estate.nobody), [])
    const [seen] = await entities(estate.reader)
    assert.equal(seen.properties.permissions, 'noaccess')
    const online = (await entities()).find(({ name }: { name: string }) => name === 'online')
    assert.deepEqual(online.properties.parentNameChain, [estate.world.tenantId, 'corp', 'land'])
    assert.equal(online.properties.permissions, 'delete')
  })

  it('the backfill of a tenant is done', async () => {
    for (const name of ['startTenantBackfill', 'tenantBackfillStatus']) {
      const { body } = await estate.ask('POST', `/providers/Microsoft.Management/${name}`)
      assert.deepEqual(body, { tenantId: estate.world.tenantId, status: 'Completed' })
    }
  })

  it('settings are kept on the root group alone', async () => {
    const at = `${root()}/settings/default`
    assert.equal((await estate.ask('GET', at)).status, 404)
    assert.deepEqual((await estate.ask('GET', `${root()}/settings`)).body, { value: [] })
    const defaultManagementGroup = `${GROUPS}/other`
    const put = await estate.ask('PUT', at, { properties: { defaultManagementGroup } })
    assert.equal(put.status, 200)
    const patched = await estate.ask('PATCH', at, {
      properties: { requireAuthorizationForGroupCreation: true },
    })
    assert.deepEqual(patched.body, {
      id: at,
      type: 'Microsoft.Management/managementGroups/settings',
      name: estate.world.tenantId,
      properties: {
        tenantId: estate.world.tenantId,
        defaultManagementGroup,
        requireAuthorizationForGroupCreation: true,
      },
    })
    // It is that of new subscriptions: whoever may not write there puts no groups into it.
    await make('fresh')
    const { parent } = (await read('fresh')).properties.details
    assert.equal(parent.name, estate.world.tenantId)
    await estate.ask('DELETE', `${GROUPS}/fresh`)
    assert.equal((await estate.ask('DELETE', `${GROUPS}/other`)).status, 400)
    const elsewhere = await estate.ask('PUT', `${GROUPS}/corp/settings/default`, { properties: {} })
    assert.equal(elsewhere.status, 400)
    const absent = { properties: { defaultManagementGroup: `${GROUPS}/nowhere` } }
    assert.equal((await estate.ask('PUT', at, absent)).status, 404)
    assert.equal((await estate.ask('DELETE', at)).status, 200)
  })

  it('no lock and no tag is put on a group', async () => {
    const lock = await estate.ask(
      'PUT',
      `${GROUPS}/corp/providers/Microsoft.Authorization/locks/l`,
      {
        properties: { level: 'ReadOnly' },
      },
    )
    assert.equal(lock.status, 400)
    const tags = await estate.ask(
      'PUT',
      `${GROUPS}/corp/providers/Microsoft.Resources/tags/default`,
      {
        properties: { tags: { a: 'b' } },
      },
    )
    assert.equal(tags.status, 400)
  })
})
