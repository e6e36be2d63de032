/** Address ranges, of either version of the protocol: numbers of 32 and of 128 bits. */
import { isIP } from 'node:net'
import { ExpressionError } from '../invalid.ts'
import type { Json } from '../value.ts'
import { type Family, integer, row, text } from './function.ts'

interface Range {
  readonly first: bigint
  readonly prefix: number
  readonly bits: 32 | 128
}

export const cidrFunctions: Family = {
  parseCidr: row(1, ([value]) => {
    const range = rangeOf(text(value))
    const { first, prefix, bits } = range
    const last = first + sizeOf(bits, prefix) - 1n
    const isLone = prefix >= bits - 1
    return {
      network: written(first, bits),
      netmask: written(maskOf(range), bits),
      ...(bits === 32 && { broadcast: written(last, bits) }),
      firstUsable: written(isLone || bits === 128 ? first : first + 1n, bits),
      lastUsable: written(isLone || bits === 128 ? last : last - 1n, bits),
      cidr: prefix,
    } as Json
  }),
  cidrSubnet: row(3, ([value, length, index]) => {
    const { first, prefix, bits } = rangeOf(text(value))
    const [wanted, at] = [integer(length), BigInt(integer(index))]
    if (wanted < prefix || wanted > bits || at < 0n || at >= 1n << BigInt(wanted - prefix)) {
      throw new ExpressionError(
        `the range '${text(value)}' has no subnet ${at} of length ${wanted}`,
      )
    }
    return `${written(first + at * sizeOf(bits, wanted), bits)}/${wanted}`
  }),
  cidrHost: row(2, ([value, index]) => {
    const { first, prefix, bits } = rangeOf(text(value))
    const at = BigInt(integer(index)) + (bits === 32 && prefix < 31 ? 1n : 0n)
    if (at < 0n || at >= sizeOf(bits, prefix)) {
      throw new ExpressionError(`the range '${text(value)}' has no host ${integer(index)}`)
    }
    return written(first + at, bits)
  }),
}

function rangeOf(given: string): Range {
  const [address = '', length = ''] = given.split('/')
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const prefix = Number(length)
  if (version === 0 || !/^\d+$/.test(length) || prefix > bits) {
    throw new ExpressionError(`the value '${given}' is not an address range`)
  }
  const number = version === 4 ? fromFour(address) : fromSix(address)
  const size = sizeOf(bits, prefix)
  return { first: (number / size) * size, prefix, bits }
}

function sizeOf(bits: number, prefix: number): bigint {
  return 1n << BigInt(bits - prefix)
}

function maskOf({ prefix, bits }: Range): bigint {
  return (1n << BigInt(bits)) - sizeOf(bits, prefix)
}

function fromFour(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function fromSix(address: string): bigint {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right]
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n)
}

function written(number: bigint, bits: 32 | 128): string {
  if (bits === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
  }
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((number >> BigInt(112 - at * 16)) & 0xffffn).toString(16),
  )
  const { start, length } = longestZeros(groups)
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (const start of groups.keys()) {
    const end = groups.findIndex((group, at) => at >= start && group !== '0')
    const length = (end < 0 ? groups.length : end) - start
    if (length > best.length) best = { start, length }
  }
  return best
}
