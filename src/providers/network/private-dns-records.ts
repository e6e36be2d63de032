/** The record sets of private DNS zones: one type for each type of record. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { type DerivedType, type StoredType, storedType } from '../provider.ts'
import { PRIVATE_DNS_API_VERSIONS } from './api-versions.ts'
import { ZONE } from './private-dns-zones.ts'

const counted = z.coerce.number().int().min(0)
const text = z.string()

/** The member that holds the records of a type, and what it is like. */
const RECORDS = {
  A: { aRecords: z.array(z.object({ ipv4Address: z.ipv4() })) },
  AAAA: { aaaaRecords: z.array(z.object({ ipv6Address: z.ipv6() })) },
  CNAME: { cnameRecord: z.object({ cname: text }) },
  MX: { mxRecords: z.array(z.object({ preference: counted, exchange: text })) },
  PTR: { ptrRecords: z.array(z.object({ ptrdname: text })) },
  SOA: {
    soaRecord: z.looseObject({
      host: text.optional(),
      email: text,
      serialNumber: counted.optional(),
      refreshTime: counted.optional(),
      retryTime: counted.optional(),
      expireTime: counted.optional(),
      minimumTtl: counted.optional(),
    }),
  },
  SRV: {
    srvRecords: z.array(
      z.object({ priority: counted, weight: counted, port: counted, target: text }),
    ),
  },
  TXT: { txtRecords: z.array(z.object({ value: z.array(text) })) },
}

export const privateDnsRecords: readonly StoredType[] = Object.entries(RECORDS).map(
  ([type, shape]) => recordType(type, shape),
)

function recordType(type: string, shape: Readonly<Record<string, z.ZodType>>): StoredType {
  const members = Object.fromEntries(
    Object.entries(shape).map(([name, one]) => [name, type === 'SOA' ? one : one.optional()]),
  )
  return storedType<Readonly<Record<string, unknown>>>({
    kind: 'stored',
    name: `${ZONE}/${type}`,
    apiVersions: PRIVATE_DNS_API_VERSIONS,
    place: 'group',
    location: 'none',
    identity: 'none',
    names: { pattern: /^(@|[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,252})$/ },
    properties: z.object({
      ttl: counted.optional(),
      metadata: z.record(text, text).optional(),
      ...members,
    }),
    shows: { etag: true, provisioningState: false },
    async settle(_tx, { id, properties: asked }, before) {
      const { parent, name } = id
      const label = name === '@' ? '' : `${name}.`
      const [list] = Object.keys(shape)
      const empty = list?.endsWith('Records') ? { [list]: [] } : {}
      const had = type === 'SOA' ? { soaRecord: mergedAuthority(before, asked.soaRecord) } : {}
      return {
        properties: {
          ttl: 3600,
          metadata: {},
          ...empty,
          ...asked,
          ...had,
          fqdn: `${label}${parent?.name}.`,
          isAutoRegistered: false,
        },
      }
    },
    async refuseRemoval() {
      if (type !== 'SOA') return
      throw new Failure('invalid', 'BadRequest', 'The SOA record set of a zone cannot be deleted.')
    },
  })
}

function mergedAuthority(before: Resource | undefined, asked: unknown): object {
  return { ...(before?.properties.soaRecord as object), ...(asked as object) }
}

/** GET …/privateDnsZones/{zone}/ALL: record sets of every type. */
export const allPrivateDnsRecords: DerivedType = {
  kind: 'derived',
  name: `${ZONE}/ALL`,
  apiVersions: PRIVATE_DNS_API_VERSIONS,
  place: 'group',
  async list(call, zone) {
    const types = new Map(privateDnsRecords.map(({ name }) => [name.toLowerCase(), name]))
    const { items } = await listResources(call, { parentKey: zone.key, types: [...types.keys()] })
    const value = items.map(({ id, type, version, properties }) => ({
      id: id.text,
      name: id.name,
      type: types.get(type),
      etag: `"${version}"`,
      properties,
    }))
    return { status: 200, body: { value } }
  },
}
