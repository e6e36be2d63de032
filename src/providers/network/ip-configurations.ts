/**
 * The IP configurations of a network interface: each takes an address of its subnet, the one it
 * names or the first that is free, and keeps it as long as it stays in that subnet.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import { usersOf } from '../../core/resources/links.ts'
import { findResource, findResourceByKey, type Resource } from '../../core/resources/resource.ts'
import { firstFree, placeIn, type Range, readAddress } from './addresses.ts'
import { type Reference, reference, shownReference } from './reference.ts'
import { rangesOf } from './subnets.ts'

export const ipConfiguration = z.looseObject({
  name: z.string().min(1).max(80),
  properties: z.looseObject({
    subnet: reference,
    publicIPAddress: reference
      .extend({ properties: z.looseObject({ deleteOption: z.string().optional() }).optional() })
      .optional(),
    applicationSecurityGroups: z.array(reference).optional(),
    loadBalancerBackendAddressPools: z.array(reference).optional(),
    loadBalancerInboundNatRules: z.array(reference).optional(),
    privateIPAddress: z.string().optional(),
    privateIPAllocationMethod: z.string().optional(),
    privateIPAddressVersion: z.string().optional(),
    primary: z.boolean().optional(),
  }),
})
type Asked = z.infer<typeof ipConfiguration>

/** As it is kept. */
export interface IpConfiguration {
  readonly name: string
  readonly properties: {
    readonly privateIPAddress: string | undefined
    readonly privateIPAllocationMethod: 'Dynamic' | 'Static'
    readonly subnet: Reference
    readonly publicIPAddress?: Reference & {
      readonly properties?: { readonly deleteOption?: string }
    }
    readonly primary: boolean
    readonly privateIPAddressVersion: string
  } & Joined
}

/** The lists by which a configuration says what it has joined. */
export const JOINED = [
  'applicationSecurityGroups',
  'loadBalancerBackendAddressPools',
  'loadBalancerInboundNatRules',
] as const
export type Joined = {
  readonly [Name in (typeof JOINED)[number]]?: readonly Reference[] | undefined
}

/** A front of a load balancer, which has an address as network interfaces have. */
export interface Frontend {
  readonly name: string
  readonly zones?: readonly string[]
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly subnet?: Reference
    readonly publicIPAddress?: Reference
    readonly publicIPPrefix?: Reference
    readonly privateIPAddress?: string
    readonly privateIPAllocationMethod?: string
  }
}

/** @throws Failure when an address cannot be had */
export async function settleConfigurations(
  call: Call,
  nic: ResourceId,
  asked: readonly Asked[],
  before: readonly IpConfiguration[],
): Promise<IpConfiguration[]> {
  const settled: IpConfiguration[] = []
  for (const [at, { name, properties: of }] of asked.entries()) {
    const from = `${nic.text}/ipConfigurations/${name}`
    if (of.publicIPAddress) await refuseTakenPublic(call, nic, from, of.publicIPAddress)
    const isStatic = of.privateIPAllocationMethod?.toLowerCase() === 'static'
    const was = before.find((one) => one.name.toLowerCase() === name.toLowerCase())
    const own = settled.map((one) => one.properties.privateIPAddress)
    const address = isStatic
      ? of.privateIPAddress
      : was && sameId(was.properties.subnet, of.subnet)
        ? was.properties.privateIPAddress
        : undefined
    settled.push({
      name,
      properties: {
        privateIPAddress: await takeAddress(call, { nic, from, subnet: of.subnet, own }, address),
        privateIPAllocationMethod: isStatic ? 'Static' : 'Dynamic',
        subnet: shownReference(of.subnet),
        ...(of.publicIPAddress && { publicIPAddress: keptPublic(of.publicIPAddress) }),
        ...joined(of),
        primary: asked.length === 1 || (of.primary ?? at === 0),
        privateIPAddressVersion: of.privateIPAddressVersion ?? 'IPv4',
      },
    })
  }
  return settled
}

/** The fronts of a load balancer; inner ones take an address, outer ones have that of others. */
export async function settleFrontends(
  call: Call,
  balancer: ResourceId,
  asked: readonly Frontend[],
  before: readonly Frontend[],
): Promise<Frontend[]> {
  const settled: Frontend[] = []
  for (const { name, zones, properties: of } of asked) {
    const from = `${balancer.text}/frontendIPConfigurations/${name}`
    const { subnet, publicIPAddress, privateIPAddress: given } = of
    if (publicIPAddress) await refuseTakenPublic(call, balancer, from, publicIPAddress)
    const isStatic = of.privateIPAllocationMethod?.toLowerCase() === 'static'
    const was = before.find((one) => one.name.toLowerCase() === name.toLowerCase())?.properties
    const stays = was?.subnet && subnet && sameId(was.subnet, subnet)
    const own = settled.map((one) => one.properties.privateIPAddress)
    const address = isStatic ? given : stays ? was.privateIPAddress : undefined
    const taken = subnet && (await takeAddress(call, { nic: balancer, from, subnet, own }, address))
    settled.push({
      name,
      ...(zones && { zones }),
      properties: {
        ...of,
        ...(taken !== undefined && { privateIPAddress: taken, privateIPAddressVersion: 'IPv4' }),
        privateIPAllocationMethod: isStatic ? 'Static' : 'Dynamic',
      },
    })
  }
  return settled
}

/** What is kept of a public address: which one, and whether it goes with the configuration. */
function keptPublic({ id, properties }: NonNullable<Asked['properties']['publicIPAddress']>) {
  const { deleteOption } = properties ?? {}
  return { id, ...(deleteOption !== undefined && { properties: { deleteOption } }) }
}

function joined(of: Joined): Joined {
  const lists = JOINED.flatMap((name) => {
    const ids = of[name]?.map(shownReference) ?? []
    return ids.length > 0 ? [[name, ids] as const] : []
  })
  return Object.fromEntries(lists)
}

interface Wanted {
  readonly nic: ResourceId
  readonly from: string
  readonly subnet: Reference
  /** Addresses that this interface takes besides. */
  readonly own: readonly (string | undefined)[]
}

async function takeAddress(
  call: Call,
  { nic, from, subnet, own }: Wanted,
  address: string | undefined,
): Promise<string | undefined> {
  const resource = await findResource(call, parseResourceId(subnet.id))
  const range = resource && rangesOf(resource.properties, resource.id)[0]
  if (!resource || !range) return address
  const taken = await takenAddresses(call, resource, nic)
  for (const mine of own) if (mine !== undefined) taken.set(mine, nic.text)
  if (address === undefined) {
    const free = firstFree(range, new Set(taken.keys()))
    if (free !== undefined) return free
    throw refusal(
      'SubnetIsFull',
      `Subnet ${resource.id.name} with address prefix ${range.text} does not have enough capacity ` +
        'for 1 IP addresses.',
    )
  }
  refuseOutside(range, address)
  const holder = taken.get(address)
  if (holder === undefined) return address
  throw refusal(
    'PrivateIPAddressIsAllocated',
    `IP configuration ${from} is using the private IP address ${address} which is already ` +
      `allocated to resource ${holder}.`,
  )
}

function refuseOutside(range: Range, address: string): void {
  const number = readAddress(address)
  const place = number === undefined ? 'outside' : placeIn(range, number)
  if (place === 'outside') {
    throw refusal(
      'PrivateIPAddressNotInSubnet',
      `Private static IP address ${address} does not belong to the range of subnet prefix ` +
        `${range.text}.`,
    )
  }
  if (place === 'reserved') {
    throw refusal(
      'PrivateIPAddressInReservedRange',
      `Private static IP address ${address} falls within reserved IP range of subnet prefix ` +
        `${range.text}.`,
    )
  }
}

/** Addresses of a subnet that others have, and which configuration has each. */
export async function takenAddresses(
  call: Call,
  subnet: Resource,
  except?: ResourceId,
): Promise<Map<string, string>> {
  const taken = new Map<string, string>()
  const owners = new Set((await usersOf(call, subnet.id)).map(({ ownerKey }) => ownerKey))
  if (except) owners.delete(except.key)
  for (const key of owners) {
    const owner = await findResourceByKey(call, key)
    for (const list of ['ipConfigurations', 'frontendIPConfigurations']) {
      for (const { name, properties: of } of (owner?.properties[list] ?? []) as Frontend[]) {
        if (of.privateIPAddress === undefined || !of.subnet || !owner) continue
        if (parseResourceId(of.subnet.id).key !== subnet.id.key) continue
        taken.set(of.privateIPAddress, `${owner.id.text}/${list}/${name}`)
      }
    }
  }
  return taken
}

/** A public address belongs to one configuration at a time. */
async function refuseTakenPublic(
  call: Call,
  nic: ResourceId,
  from: string,
  { id }: Reference,
): Promise<void> {
  const users = await usersOf(call, parseResourceId(id))
  const other = users.find(({ ownerKey }) => ownerKey !== nic.key)
  if (!other) return
  throw refusal(
    'PublicIPAddressInUse',
    `Resource ${from} is referencing public IP address ${id} that is already allocated to ` +
      `resource ${other.from}.`,
  )
}

function sameId(one: Reference, other: Reference): boolean {
  return one.id.toLowerCase() === other.id.toLowerCase()
}

function refusal(code: string, message: string): Failure {
  return new Failure('invalid', code, message)
}
