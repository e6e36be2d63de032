/** The parts of a load balancer as answers show them: with ids, and with what refers to them. */
import { childResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { innerReferences, type Part, type PartName, type Parts } from './load-balancer-parts.ts'

/** Lists in which a part says which others refer to it. */
const REFERRING: Readonly<Partial<Record<PartName, readonly PartName[]>>> = {
  frontendIPConfigurations: [
    'loadBalancingRules',
    'inboundNatRules',
    'inboundNatPools',
    'outboundRules',
  ],
  backendAddressPools: ['loadBalancingRules', 'outboundRules', 'inboundNatRules'],
  probes: ['loadBalancingRules'],
}

export async function shownPart(
  call: Call,
  balancer: Resource,
  list: PartName,
  part: Part,
): Promise<Record<string, unknown>> {
  const id = childResourceId(balancer.id, list, part.name)
  const users = (await usersOf(call, id)).map(({ from }) => ({ id: from }))
  const cards = users.filter((user) => /\/ipConfigurations\//i.test(user.id))
  return {
    id: id.text,
    name: part.name,
    type: id.type,
    etag: `"${balancer.version}"`,
    ...(part.zones !== undefined && { zones: part.zones }),
    properties: {
      provisioningState: 'Succeeded',
      ...part.properties,
      ...referring(balancer, list, id.key),
      ...(list === 'backendAddressPools' && {
        loadBalancerBackendAddresses: part.properties.loadBalancerBackendAddresses ?? [],
        ...(cards.length > 0 && { backendIPConfigurations: cards }),
      }),
      ...(list === 'inboundNatRules' && cards[0] && { backendIPConfiguration: cards[0] }),
    },
  }
}

function referring({ id, properties }: Resource, list: PartName, key: string): object {
  const parts = properties as unknown as Parts
  const lists = (REFERRING[list] ?? []).flatMap((name) => {
    const ids = parts[name]
      .filter((part) => innerReferences(part).some((to) => to.id.toLowerCase() === key))
      .map((part) => ({ id: childResourceId(id, name, part.name).text }))
    return ids.length > 0 ? [[name, ids]] : []
  })
  return Object.fromEntries(lists)
}
