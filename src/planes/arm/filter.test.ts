import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Instant } from '../../base/clock.ts'
import { parseResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { readFilter } from './filter.ts'

const resource: Resource = {
  id: parseResourceId(
    '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Blue/providers/Microsoft.KeyVault/vaults/kv-one',
  ),
  type: 'microsoft.keyvault/vaults',
  location: 'westeurope',
  kind: undefined,
  tags: { env: 'test', team: "o'hara" },
  sku: undefined,
  envelope: {},
  properties: {},
  state: {},
  provisioningState: 'Succeeded',
  version: 1,
  createdAt: 0 as Instant,
  createdBy: undefined,
  changedAt: 0 as Instant,
  changedBy: undefined,
}

describe('$filter', () => {
  const rows: [filter: string, fits: boolean][] = [
    ["resourceType eq 'Microsoft.KeyVault/vaults'", true],
    ["resourceType ne 'Microsoft.KeyVault/vaults'", false],
    ["RESOURCETYPE EQ 'microsoft.keyvault/VAULTS'", true],
    ["location eq 'westeurope' and name eq 'kv-one'", true],
    ["location eq 'eastus' or resourceGroup eq 'blue'", true],
    ["not (location eq 'eastus')", true],
    ["substringof('one', name)", true],
    ["startswith(name, 'kv')", true],
    ["startswith(tagName, 'te')", true],
    ["tagName eq 'env' and tagValue eq 'test'", true],
    ["tagName eq 'env' and tagValue eq 'o''hara'", false],
    ["tagName eq 'team' and tagValue eq 'o''hara'", true],
    ["(name eq 'a' or name eq 'kv-one') and location eq 'westeurope'", true],
    ['', true],
  ]
  for (const [filter, fits] of rows) {
    it(`${filter || '(none)'} is ${fits}`, async () => {
      assert.equal(await readFilter(filter)({} as Call, resource), fits)
    })
  }

  const broken = [
    'name',
    'name eq',
    "name like 'x'",
    "price eq '1'",
    "name eq 'a' name",
    "name eq 'a",
    '(',
  ]
  for (const filter of broken) {
    it(`refuses ${filter}`, () => {
      assert.throws(() => readFilter(filter), { code: 'InvalidFilterInQueryString' })
    })
  }
})
