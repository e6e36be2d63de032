import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTestDirectory, type TestDirectory } from './test-directory.ts'

const EVENTUAL = { consistencylevel: 'eventual' }

describe('a query', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
    for (const name of ['Delta', 'alpha', 'Charlie', 'bravo', 'Echo one']) {
      const body = {
        displayName: name,
        mailEnabled: false,
        mailNickname: 'x',
        securityEnabled: true,
      }
      await directory.done('POST', '/groups', body)
    }
  })
  after(() => directory.close())

  const list = async (query: string, headers = {}) => {
    const answered = await directory.ask('GET', `/groups?${query}`, { headers })
    assert.equal(answered.status, 200, JSON.stringify(answered.body))
    return answered.body
  }
  const names = async (query: string, headers = {}) =>
    (await list(query, headers)).value.map((one: { displayName: string }) => one.displayName)
  const refusal = async (query: string, headers = {}) => {
    const { status, body } = await directory.ask('GET', `/groups?${query}`, { headers })
    return [status, body.error?.code, body.error?.message]
  }

  it('orders, selects and pages, each page leading to the next', async () => {
    assert.deepEqual(await names('$orderby=displayName'), [
      'alpha',
      'bravo',
      'Charlie',
      'Delta',
      'Echo one',
    ])
    const first = await list('$orderby=displayName desc&$top=2&$select=displayName')
    assert.equal(
      first['@odata.context'],
      'https://graph.microsoft.com/v1.0/$metadata#groups(displayName)',
    )
    assert.deepEqual(first.value, [{ displayName: 'Echo one' }, { displayName: 'Delta' }])
    const { pathname, search } = new URL(first['@odata.nextLink'])
    const second = await directory.ask('GET', '', { path: `${pathname}${search}` })
    assert.deepEqual(second.body.value, [{ displayName: 'Charlie' }, { displayName: 'bravo' }])
    const last = new URL(second.body['@odata.nextLink'])
    const third = await directory.ask('GET', '', { path: `${last.pathname}${last.search}` })
    assert.deepEqual(third.body.value, [{ displayName: 'alpha' }])
    assert.equal('@odata.nextLink' in third.body, false)
  })

  it('a page in between is not shifted by what is written meanwhile', async () => {
    const first = await list('$orderby=displayName&$top=3&$select=displayName,id')
    await directory.ask('DELETE', `/groups/${first.value[0].id}`)
    const { pathname, search } = new URL(first['@odata.nextLink'])
    const second = await directory.ask('GET', '', { path: `${pathname}${search}` })
    const rest = second.body.value.map((one: { displayName: string }) => one.displayName)
    assert.deepEqual(rest, ['Delta', 'Echo one'])
    await directory.done('POST', '/groups', {
      displayName: 'alpha',
      mailEnabled: false,
      mailNickname: 'x',
      securityEnabled: true,
    })
  })

  it('counts and searches as an advanced query only', async () => {
    const counted = await list('$count=true&$top=1', EVENTUAL)
    assert.equal(counted['@odata.count'], 5)
    assert.equal(counted.value.length, 1)
    assert.deepEqual(await names('$search="displayName:one"', EVENTUAL), ['Echo one'])
    assert.deepEqual(
      await names('$search="displayName:del" OR "displayName:char"&$orderby=displayName', EVENTUAL),
      ['Charlie', 'Delta'],
    )
    const total = await directory.ask('GET', '/groups/$count', { headers: EVENTUAL })
    assert.deepEqual([total.status, total.body], [200, '5'])
    assert.equal(total.headers['content-type'], 'text/plain')
    const needs = (option: string) =>
      `Request with ${option} query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'`
    assert.equal((await list('$count=true&$top=1'))['@odata.count'], undefined)
    assert.deepEqual(await refusal('$search="displayName:one"'), [
      400,
      'Request_UnsupportedQuery',
      needs('$search'),
    ])
    const bare = await directory.ask('GET', '/groups/$count')
    assert.equal(bare.status, 400)
  })

  it('asks ne, not and endsWith as an advanced query that counts', async () => {
    const unsupported = [
      400,
      'Request_UnsupportedQuery',
      "Unsupported or invalid query filter clause specified for property 'displayName' of resource 'Group'.",
    ]
    for (const filter of [
      "displayName ne 'Delta'",
      "not(startswith(displayName,'Delta'))",
      "endswith(displayName,'a')",
    ]) {
      assert.deepEqual(await refusal(`$filter=${filter}`), unsupported)
      assert.deepEqual(await refusal(`$filter=${filter}`, EVENTUAL), unsupported)
      assert.equal(
        (await list(`$filter=${filter}&$count=true`, EVENTUAL))['@odata.count'] > 0,
        true,
      )
    }
    assert.deepEqual(await refusal("$filter=startswith(displayName,'a')&$orderby=displayName"), [
      400,
      'Request_UnsupportedQuery',
      'Sorting not supported for current query.',
    ])
  })

  it('is refused in what it cannot ask', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['$top=0', 'Request_UnsupportedQuery'],
      ['$top=1000', 'Request_UnsupportedQuery'],
      ['$top=many', 'Request_UnsupportedQuery'],
      ['$count=perhaps', 'BadRequest'],
      ['$select=secret', 'BadRequest'],
      ['$orderby=secret', 'BadRequest'],
      ['$orderby=displayName sideways', 'BadRequest'],
      ['$filter=displayName', 'BadRequest'],
      ['$skiptoken=made-up', 'Directory_ExpiredPageToken'],
      ['$skiptoken=W10', 'Directory_ExpiredPageToken'],
      ['$apply=aggregate($count as c)', 'BadRequest'],
      ['$expand=calendar', 'Request_UnsupportedQuery'],
    ]
    for (const [query, code] of cases) {
      const [status, given] = await refusal(query)
      assert.deepEqual([status, given], [400, code], query)
    }
    for (const search of ['one', '"one"', '"displayName:one" AND', '"secret:one"']) {
      assert.equal((await refusal(`$search=${search}`, EVENTUAL))[0], 400, search)
    }
  })

  it("answers by both versions and no other, in Graph's own words", async () => {
    const beta = await directory.ask('GET', '', { path: '/beta/groups?$top=1' })
    assert.equal(beta.body['@odata.context'], 'https://graph.microsoft.com/beta/$metadata#groups')
    const [other] = [await directory.ask('GET', '', { path: '/v2.0/groups' })]
    assert.deepEqual([other.status, other.body.error.message], [400, 'Invalid version: v2.0'])
    const id = '00000000-0000-4000-8000-000000000000'
    const missing = await directory.ask('GET', `/groups/${id}`, {
      headers: { 'client-request-id': '6f2a0ad5-9d38-4b27-a4b4-6e27c3d0c3a1' },
    })
    assert.equal(missing.status, 404)
    assert.deepEqual(missing.body, {
      error: {
        code: 'Request_ResourceNotFound',
        message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
        innerError: {
          date: '2026-01-15T09:30:00',
          'request-id': '6f2a0ad5-9d38-4b27-a4b4-6e27c3d0c3a1',
          'client-request-id': '6f2a0ad5-9d38-4b27-a4b4-6e27c3d0c3a1',
        },
      },
    })
    assert.match(String(missing.headers['content-type']), /^application\/json/)
  })
})
