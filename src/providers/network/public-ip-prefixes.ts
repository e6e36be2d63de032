import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { resourcesOfType } from '../../core/resources/lists.ts'
import { storedType } from '../provider.ts'
import { addressText, readRange } from './addresses.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'

const NAME = 'Microsoft.Network/publicIPPrefixes'

/** Addresses set aside for measurements, beside those that single addresses are taken from. */
const POOL = '198.18.0.0/16'

const properties = z.looseObject({
  prefixLength: z.int().min(21).max(127).optional(),
  publicIPAddressVersion: z.string().optional(),
})

/** A run of public addresses. */
export const publicIPPrefixes = storedType<z.infer<typeof properties>>({
  kind: 'stored',
  name: NAME,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'required',
  identity: 'none',
  envelope: ['zones', 'extendedLocation'],
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  async settle(tx, { properties: asked, sku }, before) {
    const isSix = asked.publicIPAddressVersion?.toLowerCase() === 'ipv6'
    const length = Number(
      asked.prefixLength ?? before?.properties.prefixLength ?? (isSix ? 124 : 28),
    )
    if (before && before.properties.prefixLength !== length) throw fixed()
    return {
      sku: { name: 'Standard', tier: 'Regional', ...before?.sku, ...sku },
      properties: {
        resourceGuid: before?.properties.resourceGuid ?? randomUUID(),
        prefixLength: length,
        publicIPAddressVersion: isSix ? 'IPv6' : 'IPv4',
        ipTags: [],
        ipPrefix:
          before?.properties.ipPrefix ?? (isSix ? `2001:db8::/${length}` : await free(tx, length)),
      },
    }
  },
  inUse(prefix, [by]) {
    return new Failure(
      'invalid',
      'PublicIpPrefixCannotBeDeleted',
      `Public IP prefix ${prefix.id.text} can not be deleted since it is still in use by ${by}.`,
    )
  },
  async shown(call, prefix) {
    const users = await usersOf(call, prefix.id)
    const addresses = users.filter(({ from }) => /\/publicIPAddresses\/[^/]+$/i.test(from))
    return {
      ...prefix.properties,
      ...(addresses.length > 0 && {
        publicIPAddresses: addresses.map(({ from }) => ({ id: from })),
      }),
    }
  },
})

/** The lowest run of that length that overlaps with none that is given. */
async function free(call: Call, length: number): Promise<string> {
  const given = (await resourcesOfType(call, NAME)).flatMap(
    ({ properties: of, id }) => readRange(String(of.ipPrefix), id.text) ?? [],
  )
  const pool = readRange(POOL, NAME)
  const size = 2 ** (32 - length)
  for (let first = pool?.first ?? 0; first + size - 1 <= (pool?.last ?? 0); first += size) {
    const isFree = given.every((one) => one.last < first || first + size - 1 < one.first)
    if (isFree) return `${addressText(first)}/${length}`
  }
  throw new Failure('conflict', 'PublicIpPrefixNoCapacity', 'No public addresses are left.')
}

function fixed(): Failure {
  return new Failure(
    'invalid',
    'PublicIpPrefixLengthCannotBeChanged',
    'The length of a public IP prefix cannot be changed after it is created.',
  )
}
