import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Filtered, readFilter } from './filter.ts'

const FILTERED: Filtered = {
  title: 'ServicePrincipal',
  typeName: 'servicePrincipal',
  properties: {
    displayName: null,
    appId: null,
    accountEnabled: null,
    createdDateTime: null,
    names: [],
    keys: [],
    web: null,
    homepage: null,
  },
}

const DOCUMENTS = [
  {
    displayName: 'VM1',
    appId: '1437b558-0000-4000-8000-000000000001',
    accountEnabled: true,
    createdDateTime: '2026-01-15T09:30:00Z',
    names: ['one', 'https://a.example/O'],
    keys: [{ keyId: 'k1' }],
    web: { homePageUrl: 'https://vm1.example' },
    homepage: null,
  },
  {
    displayName: "O'Brien",
    appId: '1437b558-0000-4000-8000-000000000002',
    accountEnabled: false,
    createdDateTime: '2026-02-15T09:30:00Z',
    names: [],
    keys: [],
    web: null,
    homepage: 'https://b.example',
  },
]

function found(text: string): string[] {
  const { matches } = readFilter(text, FILTERED)
  return DOCUMENTS.filter(matches).map(({ displayName }) => displayName)
}

describe('a filter', () => {
  const [VM1, BRIEN] = ['VM1', "O'Brien"]

  it('compares texts without case, quotes doubled', () => {
    assert.deepEqual(found("displayName eq 'vm1'"), [VM1])
    assert.deepEqual(found("displayname EQ 'VM1'"), [VM1])
    assert.deepEqual(found("displayName eq 'o''brien'"), [BRIEN])
    assert.deepEqual(found("displayName ne 'VM1'"), [BRIEN])
    assert.deepEqual(found("displayName in ('VM1', 'nobody')"), [VM1])
    assert.deepEqual(found("startswith(displayName,'VM')"), [VM1])
    assert.deepEqual(found("startsWith(displayName, 'vm') eq false"), [BRIEN])
    assert.deepEqual(found("endsWith(displayName,'EN')"), [BRIEN])
  })

  it('compares flags, GUIDs without quotes, times and what is not set', () => {
    assert.deepEqual(found('accountEnabled eq true'), [VM1])
    assert.deepEqual(found('appId eq 1437b558-0000-4000-8000-000000000002'), [BRIEN])
    assert.deepEqual(found('createdDateTime ge 2026-02-01T00:00:00Z'), [BRIEN])
    assert.deepEqual(found('createdDateTime lt 2026-02-01T00:00:00Z'), [VM1])
    assert.deepEqual(found('homepage eq null'), [VM1])
    assert.deepEqual(found("homepage gt 'a'"), [BRIEN])
    assert.deepEqual(found("web/homePageUrl eq 'https://vm1.example'"), [VM1])
  })

  it('looks into lists, by any variable', () => {
    assert.deepEqual(found("names/any(c:c eq 'ONE')"), [VM1])
    assert.deepEqual(found("names/any(x: startswith(x, 'https://a.example/'))"), [VM1])
    assert.deepEqual(found("keys/any(k:k/keyId eq 'k1')"), [VM1])
    assert.deepEqual(found('names/any()'), [VM1])
    assert.deepEqual(found("names/any(n:n eq 'two')"), [])
  })

  it('joins: and before or, not before both, parentheses first', () => {
    assert.deepEqual(
      found("displayName eq 'VM1' or displayName eq 'x' and accountEnabled eq false"),
      [VM1],
    )
    assert.deepEqual(
      found("(displayName eq 'VM1' or accountEnabled eq false) and homepage eq null"),
      [VM1],
    )
    assert.deepEqual(found("not(startswith(displayName,'VM'))"), [BRIEN])
    assert.deepEqual(found('not names/any() and accountEnabled eq false'), [BRIEN])
  })

  it('says which property only an advanced query may ask so', () => {
    const advanced = (text: string) => readFilter(text, FILTERED).advanced
    assert.equal(advanced("displayName eq 'a'"), undefined)
    assert.equal(advanced("displayName ne 'a'"), 'displayName')
    assert.equal(advanced("endswith(displayName,'a')"), 'displayName')
    assert.equal(advanced("not(appId eq 'a')"), 'appId')
    assert.equal(advanced("names/any(c:c eq 'a')"), undefined)
  })

  it('is refused when it cannot be read, names what is not there, or is too deep', () => {
    const syntax = [
      "displayName eq 'VM1",
      'displayName eq',
      "displayName 'VM1'",
      "eq 'VM1'",
      "displayName eq 'a' displayName",
      "names/any(c c eq 'a')",
      "(displayName eq 'a'",
      "displayName like 'a'",
      "displayName in 'a'",
      'startswith(displayName)',
      "displayName/../x eq 'a'",
      ';',
      `${'('.repeat(5000)}displayName eq 'a'`,
      `${'not '.repeat(5000)}accountEnabled eq true`,
      `displayName eq '${'x'.repeat(20_000)}'`,
    ]
    for (const text of syntax) {
      assert.throws(
        () => readFilter(text, FILTERED),
        { fault: 'invalid', code: 'BadRequest' },
        text,
      )
    }
    assert.throws(() => readFilter("secret eq 'a'", FILTERED), {
      code: 'BadRequest',
      message:
        "Could not find a property named 'secret' on type 'microsoft.graph.servicePrincipal'.",
    })
    for (const name of ['constructor', '__proto__', 'toString']) {
      assert.throws(() => readFilter(`${name} eq 'a'`, FILTERED), { code: 'BadRequest' })
      assert.deepEqual(found(`web/${name} ne null`), [])
    }
    assert.throws(() => readFilter("contains(displayName,'a')", FILTERED), {
      code: 'Request_UnsupportedQuery',
      message:
        "Unsupported or invalid query filter clause specified for property 'displayName' of resource 'ServicePrincipal'.",
    })
  })
})
