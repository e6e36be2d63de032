/**
 * IPv4 arithmetic: ranges in CIDR notation, what lies in them, and the next free address.
 */
import { Failure } from '../../base/failure.ts'

export interface Range {
  readonly text: string
  /** The first and the last address, as numbers. */
  readonly first: number
  readonly last: number
}

/** In every subnet the first four addresses and the last one are Azure's own. */
const RESERVED_AT_START = 4
const RESERVED_AT_END = 1

/**
 * Reads `10.0.0.0/24`; a range of IPv6 is undefined: it is kept and nothing is allocated from it.
 * @param of the id of the resource that has it, for the refusal
 * @throws Failure invalid `InvalidAddressPrefixFormat`, `InvalidCIDRNotation`
 */
export function readRange(text: string, of: string): Range | undefined {
  if (text.includes(':')) return undefined
  const [address = '', length = ''] = text.split('/')
  const base = readAddress(address)
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 33
  if (base === undefined || bits > 32) {
    throw new Failure(
      'invalid',
      'InvalidAddressPrefixFormat',
      `Address prefix ${text} of resource ${of} is not formatted correctly. It should follow CIDR ` +
        'notation, for example 10.0.0.0/24.',
    )
  }
  const size = 2 ** (32 - bits)
  const first = base - (base % size)
  if (first !== base) {
    throw new Failure(
      'invalid',
      'InvalidCIDRNotation',
      `The address prefix ${text} in resource ${of} has an invalid CIDR notation. For the given ` +
        `prefix length, the address prefix should be ${addressText(first)}/${bits}.`,
    )
  }
  return { text, first, last: first + size - 1 }
}

export function readAddress(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined
  const numbers = parts.map(Number)
  if (numbers.some((number) => number > 255)) return undefined
  return numbers.reduce((sum, number) => sum * 256 + number, 0)
}

export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last
}

export function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last
}

/** Where an address stands in a subnet's range. */
export function placeIn(range: Range, address: number): 'free' | 'reserved' | 'outside' {
  if (address < range.first || address > range.last) return 'outside'
  const isOwn = address < range.first + RESERVED_AT_START || address > range.last - RESERVED_AT_END
  return isOwn ? 'reserved' : 'free'
}

/** The lowest address of a subnet that nobody has. */
export function firstFree(range: Range, taken: ReadonlySet<string>): string | undefined {
  const end = range.last - RESERVED_AT_END
  for (let address = range.first + RESERVED_AT_START; address <= end; address++) {
    const text = addressText(address)
    if (!taken.has(text)) return text
  }
  return undefined
}
