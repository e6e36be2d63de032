/** Which addresses of a network are free, and how many. */
import type { Call } from '../../core/call.ts'
import type { Resource } from '../../core/resources/resource.ts'
import { firstFree, placeIn, readAddress } from './addresses.ts'
import { takenAddresses } from './ip-configurations.ts'
import { rangesOf } from './subnets.ts'

/** As many others as Azure names when the one asked for is not free. */
const SHOWN_OTHERS = 5
/** Addresses that nobody but Azure has in a subnet. */
const RESERVED = 5

export async function availability(
  call: Call,
  subnets: readonly Resource[],
  asked: string,
): Promise<object> {
  const address = readAddress(asked)
  for (const subnet of subnets) {
    const range = rangesOf(subnet.properties, subnet.id)[0]
    if (!range || address === undefined || placeIn(range, address) === 'outside') continue
    const taken = new Set((await takenAddresses(call, subnet)).keys())
    const isFree = placeIn(range, address) === 'free' && !taken.has(asked)
    if (isFree) return { available: true, isPlatformReserved: false }
    const others: string[] = []
    while (others.length < SHOWN_OTHERS) {
      const next = firstFree(range, new Set([...taken, ...others]))
      if (next === undefined) break
      others.push(next)
    }
    return {
      available: false,
      availableIPAddresses: others,
      isPlatformReserved: placeIn(range, address) === 'reserved',
    }
  }
  return { available: false, isPlatformReserved: false }
}

/** How much of each subnet is used. */
export async function subnetUsages(call: Call, subnets: readonly Resource[]): Promise<object[]> {
  return Promise.all(
    subnets.map(async (subnet) => {
      const range = rangesOf(subnet.properties, subnet.id)[0]
      return {
        currentValue: (await takenAddresses(call, subnet)).size,
        id: subnet.id.text,
        limit: range ? range.last - range.first + 1 - RESERVED : 0,
        name: { localizedValue: 'Subnet size and usage', value: 'SubnetSpace' },
        unit: 'Count',
      }
    }),
  )
}
