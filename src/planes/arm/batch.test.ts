import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { managedIdentityProvider } from '../../providers/managed-identity/managed-identity.ts'
import { GROUP, openTestEstate, SUBSCRIPTION, type TestEstate } from './test-estate.ts'

const VERSION = 'api-version=2024-11-01'

describe('a batch', () => {
  let estate: TestEstate
  before(async () => {
    estate = await openTestEstate(managedIdentityProvider)
  })
  after(() => estate.close())

  const send = (requests: unknown, as = estate.owner) =>
    estate.ask('POST', '/batch?api-version=2015-11-01', { requests }, { as })

  it('answers each request beside its name, as if it came by itself', async () => {
    const group = (await estate.ask('GET', GROUP)).body
    const { status, body } = await send([
      { httpMethod: 'GET', name: 'a', url: `https://management.azure.com${GROUP}?${VERSION}` },
      { httpMethod: 'get', name: 'b', relativeUrl: `${SUBSCRIPTION}/resourceGroups/no?${VERSION}` },
    ])
    assert.equal(status, 200)
    const [first, second] = body.responses
    assert.deepEqual([first.name, first.httpStatusCode, first.content], ['a', 200, group])
    assert.equal(first.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(first.contentLength, JSON.stringify(group).length)
    assert.deepEqual(
      [second.name, second.httpStatusCode, second.content.error.code],
      ['b', 404, 'ResourceGroupNotFound'],
    )
  })

  it('makes and removes, with bodies and headers', async () => {
    const url = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker?${VERSION}`
    const content = { location: 'westeurope' }
    const onlyNew = { 'If-None-Match': '*' }
    const { body } = await send([
      { httpMethod: 'PUT', url, content },
      { httpMethod: 'PUT', url, content, requestHeaderDetails: onlyNew },
      { httpMethod: 'DELETE', url },
    ])
    const codes = body.responses.map((one: { httpStatusCode: number }) => one.httpStatusCode)
    assert.deepEqual(codes, [201, 412, 200])
  })

  it('is no way past a guard: each request is refused as its sender is', async () => {
    const token = { Authorization: 'Bearer of.somebody.else' }
    const url = `${GROUP}?${VERSION}`
    const reading = { httpMethod: 'GET', url, requestHeaderDetails: token }
    const removing = { httpMethod: 'DELETE', url }
    const codesFor = async (who: TestEstate['owner']) =>
      (await send([reading, removing], who)).body.responses.map(
        (one: { content: { error?: { code: string } } }) => one.content.error?.code,
      )
    assert.deepEqual(await codesFor(estate.nobody), ['AuthorizationFailed', 'AuthorizationFailed'])
    assert.deepEqual(await codesFor(estate.reader), [undefined, 'AuthorizationFailed'])
  })

  it('holds no batch, nothing of other hosts, and no more than Azure takes', async () => {
    const inner = { requests: [{ httpMethod: 'GET', url: `${GROUP}?${VERSION}` }] }
    const nested = await send([
      { httpMethod: 'POST', url: '/BATCH?api-version=2015-11-01', content: inner },
    ])
    const [{ httpStatusCode, content }] = nested.body.responses
    assert.deepEqual([httpStatusCode, content.error.code], [400, 'BadRequest'])
    const one = { httpMethod: 'GET', url: `${GROUP}?${VERSION}` }
    const refused: [requests: unknown, code: string][] = [
      [[{ ...one, url: 'https://graph.microsoft.com/v1.0/me' }], 'InvalidRequestUri'],
      [[{ ...one, url: '//graph.microsoft.com/v1.0/me' }], 'InvalidRequestUri'],
      [[{ httpMethod: 'GET' }], 'InvalidRequestUri'],
      [[{ ...one, httpMethod: 'CONNECT' }], 'InvalidRequestContent'],
      [[], 'InvalidRequestContent'],
      [Array(501).fill(one), 'InvalidRequestContent'],
      [Array(21).fill({ ...one, httpMethod: 'PUT', content: {} }), 'InvalidRequestContent'],
    ]
    for (const [requests, code] of refused) {
      const { status, body } = await send(requests)
      assert.deepEqual([status, body.error.code], [400, code])
    }
  })
})
