import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { listResources } from '../../core/resources/lists.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { oneOf } from '../one-of.ts'
import { storedType } from '../provider.ts'
import { NETWORK_API_VERSIONS } from './api-versions.ts'
import { NETWORK_NAME } from './names.ts'
import { joinsAll, reference } from './reference.ts'

export const RULE_TYPE = 'Microsoft.Network/networkSecurityGroups/securityRules'

const LOWEST_PRIORITY = 100
const HIGHEST_PRIORITY = 4096

const words = z.array(z.string()).optional()
const groups = z.array(reference).optional()
const properties = z.looseObject({
  description: z.string().optional(),
  protocol: oneOf(['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*']),
  access: oneOf(['Allow', 'Deny']),
  direction: oneOf(['Inbound', 'Outbound']),
  priority: z.int(),
  sourcePortRange: z.string().optional(),
  destinationPortRange: z.string().optional(),
  sourceAddressPrefix: z.string().optional(),
  destinationAddressPrefix: z.string().optional(),
  sourcePortRanges: words,
  destinationPortRanges: words,
  sourceAddressPrefixes: words,
  destinationAddressPrefixes: words,
  sourceApplicationSecurityGroups: groups,
  destinationApplicationSecurityGroups: groups,
})
type Properties = z.infer<typeof properties>

/** A rule of a network security group. No two of one direction have one priority. */
export const securityRules = storedType<Properties>({
  kind: 'stored',
  name: RULE_TYPE,
  apiVersions: NETWORK_API_VERSIONS,
  place: 'group',
  location: 'none',
  identity: 'none',
  names: { pattern: NETWORK_NAME },
  properties,
  shows: { etag: true },
  uses({ id, properties: asked }) {
    const action = 'Microsoft.Network/applicationSecurityGroups/joinNetworkSecurityRule/action'
    return [
      ...joinsAll(id.text, asked.sourceApplicationSecurityGroups, { action }),
      ...joinsAll(id.text, asked.destinationApplicationSecurityGroups, { action }),
    ]
  },
  async settle(tx, { id, properties: asked }) {
    await refuseTakenPriority(tx, id, asked)
    return { properties: { ...EMPTY_RANGES, ...known(asked) } }
  },
})

/** A rule as its group shows it. */
export function ruleDocument({ id, version, properties, provisioningState }: Resource): object {
  return {
    id: id.text,
    name: id.name,
    type: RULE_TYPE,
    etag: `"${version}"`,
    properties: { provisioningState, ...properties },
  }
}

const EMPTY_RANGES = {
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
}

/** What a rule is made of; what clients echo beside it is left out. */
function known(asked: Properties): Record<string, unknown> {
  const names = Object.keys(properties.shape)
  return Object.fromEntries(Object.entries(asked).filter(([name]) => names.includes(name)))
}

/** @throws Failure invalid `SecurityRuleInvalidPriority`, `SecurityRuleConflict` */
async function refuseTakenPriority(call: Call, id: ResourceId, asked: Properties): Promise<void> {
  const { priority, direction } = asked
  if (priority < LOWEST_PRIORITY || priority > HIGHEST_PRIORITY) {
    throw new Failure(
      'invalid',
      'SecurityRuleInvalidPriority',
      `Security rule has invalid Priority. Value provided: ${priority} Allowed range ` +
        `${LOWEST_PRIORITY}-${HIGHEST_PRIORITY}.`,
    )
  }
  if (!id.parent) return
  const siblings = await listResources(call, {
    parentKey: id.parent.key,
    types: [RULE_TYPE.toLowerCase()],
  })
  const other = siblings.items.find(
    (rule) =>
      rule.id.key !== id.key &&
      rule.properties.priority === priority &&
      rule.properties.direction === direction,
  )
  if (!other) return
  throw new Failure(
    'invalid',
    'SecurityRuleConflict',
    `Security rule ${id.name} conflicts with rule ${other.id.name}. Rules cannot have the same ` +
      'Priority and Direction.',
  )
}
