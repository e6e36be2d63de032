/** The parts of a load balancer under their own ids: read, listed, and two kinds written by themselves. */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import { type Call, callerObjectId } from '../../core/call.ts'
import { findResource, putResource, type Resource } from '../../core/resources/resource.ts'
import type { Transaction } from '../../core/transaction.ts'
import type { Answer, DerivedType } from '../provider.ts'
import { parseLeniently } from '../written-as-text.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { shownPart } from './load-balancer-documents.ts'
import { PARTS, type Part, type PartName, type Parts } from './load-balancer-parts.ts'
import { LOAD_BALANCER, loadBalancers } from './load-balancers.ts'

export const loadBalancerChildren: readonly DerivedType[] = [
  readable('frontendIPConfigurations'),
  writable('backendAddressPools'),
  readable('loadBalancingRules'),
  readable('probes'),
  writable('inboundNatRules'),
  readable('outboundRules'),
]

function readable(list: PartName): DerivedType {
  return {
    kind: 'derived',
    name: `${LOAD_BALANCER}/${list}`,
    apiVersions: NETWORK_API_VERSIONS,
    place: 'group',
    async list(call, scope) {
      const balancer = await balancerAt(call, scope)
      const parts = partsOf(balancer)[list]
      const value = await Promise.all(parts.map((part) => shownPart(call, balancer, list, part)))
      return { status: 200, body: { value } }
    },
    async get(call, id) {
      const { balancer, part } = await partAt(call, id, list)
      if (!part) throw noPart(id)
      return { status: 200, body: await shownPart(call, balancer, list, part) }
    },
  }
}

/** What a body may have around its properties; a client sends back what it was answered. */
const envelope = z.strictObject({
  id: z.unknown().optional(),
  name: z.unknown().optional(),
  type: z.unknown().optional(),
  etag: z.unknown().optional(),
  location: z.unknown().optional(),
  zones: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
})

function writable(list: PartName): DerivedType {
  return {
    ...readable(list),
    async put(tx, id, body) {
      const { balancer, part: before } = await partAt(tx, id, list)
      const sent = envelope.safeParse(body)
      if (!sent.success) throw badPart(sent.error.issues[0]?.message ?? 'invalid')
      const { properties = {}, zones } = sent.data
      const given = { name: id.name, properties, ...(zones && { zones }) }
      const read = parseLeniently(PARTS[list] as z.ZodType, given)
      if (!read.success) throw badPart(read.error.issues[0]?.message ?? 'invalid')
      const others = partsOf(balancer)[list].filter((part) => part !== before)
      const changed = await rewrite(tx, balancer, list, [...others, read.data as Part])
      const { part } = await partAt(tx, id, list)
      return {
        status: before ? 200 : 201,
        body: await shownPart(tx, changed, list, part as Part),
      }
    },
    async remove(tx, id): Promise<Answer> {
      const { balancer, part } = await partAt(tx, id, list)
      if (!part) return { status: 204 }
      const others = partsOf(balancer)[list].filter((one) => one !== part)
      await rewrite(tx, balancer, list, others)
      return { status: 200 }
    },
  }
}

/** The load balancer again with another list: held to the same rules as a body of its own. */
async function rewrite(
  tx: Transaction,
  balancer: Resource,
  list: PartName,
  parts: readonly Part[],
): Promise<Resource> {
  const { id, location, tags, kind, sku, envelope } = balancer
  const properties = loadBalancers.properties.parse({ ...balancer.properties, [list]: parts })
  const asked = { id, location, tags, kind, sku, envelope, properties }
  const settled = await loadBalancers.settle(tx, asked, balancer, {})
  const changed = {
    ...balancer,
    properties: settled.properties,
    version: balancer.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
  await putResource(tx, changed)
  return changed
}

function partsOf(balancer: Resource): Parts {
  return balancer.properties as unknown as Parts
}

async function balancerAt(call: Call, id: ResourceId): Promise<Resource> {
  const found = await findResource(call, id)
  if (found) return found
  throw new Failure(
    'missing',
    'ResourceNotFound',
    `The Resource '${LOAD_BALANCER}/${id.name}' under resource group '${id.resourceGroup}' was not ` +
      'found. For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  )
}

async function partAt(call: Call, id: ResourceId, list: PartName) {
  const balancer = await balancerAt(call, id.parent as ResourceId)
  const name = id.name.toLowerCase()
  return { balancer, part: partsOf(balancer)[list].find((one) => one.name.toLowerCase() === name) }
}

function noPart({ text }: ResourceId): Failure {
  return new Failure('missing', 'NotFound', `Resource ${text} not found.`)
}

function badPart(detail: string): Failure {
  return new Failure('invalid', 'InvalidRequestFormat', `Cannot parse the request: ${detail}.`)
}
