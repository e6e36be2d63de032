import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { respell } from './respell.ts'

describe('an address of Graph', () => {
  const rows: [asked: string, respelt: string, why: string][] = [
    [
      '/v1.0/applications/1/microsoft.graph.addPassword',
      '/v1.0/applications/1/addPassword',
      'Java',
    ],
    ['/beta/groups/1/graph.checkMemberGroups?a=b', '/beta/groups/1/checkMemberGroups?a=b', 'short'],
    [
      '/v1.0/directory/deletedItems/graph.user/$count',
      '/v1.0/directory/deletedItems/microsoft.graph.user/$count',
      'a type',
    ],
    [
      '/v1.0/groups/1/members/microsoft.graph.servicePrincipal',
      '/v1.0/groups/1/members/microsoft.graph.servicePrincipal',
      'a type in full',
    ],
  ]
  for (const [asked, respelt, why] of rows) {
    it(`is found by another spelling: ${why}`, () => assert.equal(respell(asked), respelt))
  }

  it('is left as it is otherwise, and so is what it asks', () => {
    for (const url of [
      "/v1.0/users?$filter=displayName eq '/graph.user'",
      '/v1.0/users/graph.user@locum.onmicrosoft.com',
      '/v1.0/users/1/photograph.x',
    ]) {
      assert.equal(respell(url), url)
    }
  })
})
