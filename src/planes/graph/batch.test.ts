import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { openTestDirectory, type TestDirectory } from './test-directory.ts'

const JSON_HEADERS = { 'Content-Type': 'application/json' }

interface Answer {
  readonly id: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

describe('a batch', () => {
  let directory: TestDirectory
  before(async () => {
    directory = await openTestDirectory()
  })
  after(() => directory.close())

  const batch = async (
    requests: readonly object[],
    as?: ServicePrincipal,
  ): Promise<ReadonlyMap<string, Answer>> => {
    const answered = await directory.ask('POST', '/$batch', {
      body: { requests },
      ...(as && { as }),
    })
    assert.equal(answered.status, 200, JSON.stringify(answered.body))
    const responses = answered.body.responses as Answer[]
    return new Map(responses.map((one) => [one.id, one]))
  }

  it('answers each part as the door answers it alone', async () => {
    await directory.user('Batchelor')
    const answers = await batch([
      { id: 'one', method: 'GET', url: "/users?$filter=displayName eq 'Batchelor'&$select=id" },
      { id: 'two', method: 'POST', url: 'groups', headers: JSON_HEADERS, body: group('batched') },
      { id: 'three', method: 'get', url: '/users/nobody@locum.onmicrosoft.com' },
      {
        id: 'four',
        method: 'GET',
        url: '/users/$count',
        headers: { ConsistencyLevel: 'eventual' },
      },
    ])
    assert.deepEqual([...answers.keys()], ['one', 'two', 'three', 'four'])
    assert.equal(answers.get('one')?.status, 200)
    assert.equal(answers.get('one')?.body.value.length, 1)
    assert.equal(answers.get('two')?.status, 201)
    assert.equal(answers.get('two')?.body.displayName, 'batched')
    assert.match(answers.get('two')?.headers['Content-Type'] ?? '', /^application\/json/)
    assert.equal(answers.get('three')?.status, 404)
    assert.equal(answers.get('three')?.body.error.code, 'Request_ResourceNotFound')
    assert.equal(answers.get('four')?.body, '1')
  })

  it('is no way past a guard, whoever its parts say they are', async () => {
    const mighty = await directory.principalWith('User.ReadWrite.All')
    const reader = await directory.principalWith('Group.Read.All')
    const answers = await batch(
      [
        { id: '1', method: 'GET', url: '/groups' },
        { id: '2', method: 'GET', url: '/users' },
        {
          id: '3',
          method: 'GET',
          url: '/users',
          headers: { Authorization: `Bearer of ${mighty.objectId}`, Host: 'vault.azure.net' },
        },
        { id: '4', method: 'POST', url: '/groups', headers: JSON_HEADERS, body: group('mine') },
      ],
      reader,
    )
    const statuses = [...answers.values()].map(({ status }) => status)
    assert.deepEqual(statuses, [200, 403, 403, 403])
    const strangers = { requests: [{ id: '1', method: 'GET', url: '/groups' }] }
    const refused = await directory.ask('POST', '/$batch', {
      body: strangers,
      headers: { authorization: 'Bearer nonsense' },
    })
    assert.equal(refused.status, 401)
  })

  it('asks what depends on others after them, and not at all when they fail', async () => {
    const answers = await batch([
      { id: 'a', method: 'POST', url: '/groups', headers: JSON_HEADERS, body: group('first') },
      {
        id: 'b',
        method: 'GET',
        url: "/groups?$filter=displayName eq 'first'",
        dependsOn: ['a'],
      },
      { id: 'c', method: 'DELETE', url: `/groups/${'0'.repeat(8)}-0000-4000-8000-000000000000` },
      {
        id: 'd',
        method: 'POST',
        url: '/groups',
        headers: JSON_HEADERS,
        body: group('never'),
        dependsOn: ['c'],
      },
      { id: 'e', method: 'GET', url: '/groups', dependsOn: ['d', 'a'] },
    ])
    assert.equal(answers.get('b')?.body.value.length, 1)
    assert.equal(answers.get('c')?.status, 404)
    assert.equal(answers.get('d')?.status, 424)
    assert.equal(answers.get('d')?.body.error.code, 'FailedDependency')
    assert.equal(answers.get('e')?.status, 424)
    const { value } = await directory.done('GET', "/groups?$filter=displayName eq 'never'")
    assert.deepEqual(value, [])
  })

  it('is no part of a batch, however it is spelt', async () => {
    const one = { id: '1', method: 'GET', url: '/groups' }
    for (const url of ['/$ba\ntch', '/\t$bat\rch', '/x/../$b\natch']) {
      const part = {
        id: 'p',
        method: 'POST',
        url,
        headers: JSON_HEADERS,
        body: { requests: [one] },
      }
      const answer = (await batch([part])).get('p')
      assert.deepEqual([answer?.status, answer?.body.error.code], [400, 'BadRequest'], url)
    }
  })

  it('is refused whole when it is no batch', async () => {
    const one = { id: '1', method: 'GET', url: '/groups' }
    const many = Array.from({ length: 21 }, (_each, at) => ({ ...one, id: String(at) }))
    for (const requests of [
      [],
      many,
      [one, one],
      [{ ...one, dependsOn: ['2'] }],
      [{ ...one, dependsOn: ['1'] }],
      [{ ...one, url: '/$batch' }],
      [{ ...one, url: '/%24%62atch' }],
      [{ ...one, url: '/%' }],
      [{ ...one, method: 'TRACE' }],
      [{ ...one, method: 'POST', body: group('untyped') }],
      [{ ...one, method: 'POST', headers: JSON_HEADERS, body: 'text' }],
    ]) {
      const refused = await directory.ask('POST', '/$batch', { body: { requests } })
      assert.equal(refused.status, 400, JSON.stringify(requests).slice(0, 200))
      assert.match(refused.body.error.code, /^(Request_)?BadRequest$/)
    }
    const twenty = await batch(many.slice(0, 20))
    assert.equal(twenty.size, 20)
  })
})

function group(displayName: string) {
  return { displayName, mailEnabled: false, mailNickname: displayName, securityEnabled: true }
}
