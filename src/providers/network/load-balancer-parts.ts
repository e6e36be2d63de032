/**
 * The parts of a load balancer: what a body may say of each, and what Azure says where it does not.
 * They are kept inside their load balancer; others refer to them by ids of their own.
 */
import { z } from 'zod'
import { oneOf } from '../one-of.ts'
import { NETWORK_NAME } from './names.ts'
import { reference } from './reference.ts'

const port = z.int().min(0).max(65_535)
const minutes = z.int().min(4).max(100)
const references = z.array(reference)
const partName = z.string().regex(NETWORK_NAME)
const named = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject({
    name: partName,
    properties: z.object(shape).default({} as never),
  })

const frontendIPConfigurations = z.looseObject({
  name: partName,
  zones: z.array(z.string()).optional(),
  properties: z.object({
    subnet: reference.optional(),
    publicIPAddress: reference.optional(),
    publicIPPrefix: reference.optional(),
    gatewayLoadBalancer: reference.optional(),
    privateIPAddress: z.string().optional(),
    privateIPAllocationMethod: z.string().optional(),
    privateIPAddressVersion: z.string().optional(),
  }),
})

const backendAddressPools = named({
  loadBalancerBackendAddresses: z
    .array(z.looseObject({ name: z.string().optional(), properties: z.looseObject({}).optional() }))
    .optional(),
  virtualNetwork: reference.optional(),
  tunnelInterfaces: z.array(z.looseObject({})).optional(),
  drainPeriodInSeconds: z.int().optional(),
  syncMode: z.string().optional(),
  location: z.string().optional(),
})

const probes = named({
  protocol: oneOf(['Tcp', 'Http', 'Https']),
  port: port.min(1),
  requestPath: z.string().optional(),
  intervalInSeconds: z.int().min(5).default(15),
  numberOfProbes: z.int().min(1).default(2),
  probeThreshold: z.int().min(1).default(1),
  noHealthyBackendsBehavior: z.string().default('AllProbedDown'),
})

const loadBalancingRules = named({
  frontendIPConfiguration: reference,
  backendAddressPool: reference.optional(),
  backendAddressPools: references.optional(),
  probe: reference.optional(),
  protocol: oneOf(['Tcp', 'Udp', 'All']),
  loadDistribution: z.string().default('Default'),
  frontendPort: port,
  backendPort: port.optional(),
  idleTimeoutInMinutes: minutes.default(4),
  enableFloatingIP: z.boolean().default(false),
  enableTcpReset: z.boolean().default(false),
  disableOutboundSnat: z.boolean().default(false),
  enableConnectionTracking: z.boolean().optional(),
})

const inboundNatRules = named({
  frontendIPConfiguration: reference,
  backendAddressPool: reference.optional(),
  protocol: oneOf(['Tcp', 'Udp', 'All']).default('Tcp'),
  frontendPort: port.optional(),
  frontendPortRangeStart: port.optional(),
  frontendPortRangeEnd: port.optional(),
  backendPort: port,
  idleTimeoutInMinutes: minutes.default(4),
  enableFloatingIP: z.boolean().default(false),
  enableTcpReset: z.boolean().default(false),
})

const inboundNatPools = named({
  frontendIPConfiguration: reference,
  protocol: oneOf(['Tcp', 'Udp', 'All']),
  frontendPortRangeStart: port,
  frontendPortRangeEnd: port,
  backendPort: port,
  idleTimeoutInMinutes: minutes.default(4),
  enableFloatingIP: z.boolean().default(false),
  enableTcpReset: z.boolean().default(false),
})

const outboundRules = named({
  frontendIPConfigurations: references.min(1),
  backendAddressPool: reference,
  protocol: oneOf(['Tcp', 'Udp', 'All']),
  allocatedOutboundPorts: z.int().min(0).default(0),
  idleTimeoutInMinutes: minutes.default(4),
  enableTcpReset: z.boolean().default(false),
})

/** Every list of parts, in the order in which answers show them. */
export const PARTS = {
  frontendIPConfigurations,
  backendAddressPools,
  loadBalancingRules,
  probes,
  inboundNatRules,
  inboundNatPools,
  outboundRules,
} as const
export type PartName = keyof typeof PARTS
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[]

/** A part as it is kept. */
export interface Part {
  readonly name: string
  readonly zones?: readonly string[] | undefined
  readonly properties: Readonly<Record<string, unknown>>
}
export type Parts = Readonly<Record<PartName, readonly Part[]>>

/** The members by which a part refers to other parts of its load balancer. */
const INNER_REFERENCES: Readonly<Record<string, PartName>> = {
  frontendIPConfiguration: 'frontendIPConfigurations',
  frontendIPConfigurations: 'frontendIPConfigurations',
  backendAddressPool: 'backendAddressPools',
  backendAddressPools: 'backendAddressPools',
  probe: 'probes',
}

/** What a part refers to, under the member that does. */
export function innerReferences(part: Part): { readonly list: PartName; readonly id: string }[] {
  return Object.entries(INNER_REFERENCES).flatMap(([member, list]) => {
    const value = part.properties[member]
    const all = (Array.isArray(value) ? value : value === undefined ? [] : [value]) as {
      id: string
    }[]
    return all.map(({ id }) => ({ list, id }))
  })
}
