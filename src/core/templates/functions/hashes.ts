/**
 * `guid` and `uniqueString`: the same names give the same ids in every Azure, and so here.
 */
import { createHash } from 'node:crypto'

/** The name space of template guids, as bytes. */
const NAMESPACE = Buffer.from('11fb06fb712d4ddd98c7e71bbd588830', 'hex')

/** A name-based UUID (version 5) of the arguments joined by hyphens. */
export function guidOf(parts: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(parts.join('-')).digest().subarray(0, 16)
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
const UNIQUE_STRING_CHARS = 13

/** Thirteen letters and digits of the arguments joined by hyphens. */
export function uniqueStringOf(parts: readonly string[]): string {
  let hash = hash64(parts.join('-'))
  let out = ''
  for (let at = 0; at < UNIQUE_STRING_CHARS; at++) {
    out += LETTERS[Number(hash >> 59n)]
    hash = (hash << 5n) & 0xffff_ffff_ffff_ffffn
  }
  return out
}

const C1 = 0x239b961b
const C2 = 0xab0e9789

/** A 64-bit Murmur hash in two lanes of 32 bits, seed 0, over UTF-8. */
export function hash64(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8')
  let [h1, h2] = [0, 0]
  let at = 0
  for (; at + 8 <= bytes.length; at += 8) {
    h1 ^= mixed(bytes.readUInt32LE(at), C1, 15, C2)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= mixed(bytes.readUInt32LE(at + 4), C2, 17, C1)
    h2 = (Math.imul((rotate(h2, 13) + h1) | 0, 5) + 0x0bcaa747) | 0
  }
  const tail = bytes.subarray(at)
  if (tail.length > 0) h1 ^= mixed(littleEndian(tail.subarray(0, 4)), C1, 15, C2)
  if (tail.length > 4) h2 ^= mixed(littleEndian(tail.subarray(4)), C2, 17, C1)
  h1 ^= bytes.length
  h2 ^= bytes.length
  h1 = (h1 + h2) | 0
  h2 = (h2 + h1) | 0
  h1 = final(h1)
  h2 = final(h2)
  h1 = (h1 + h2) | 0
  h2 = (h2 + h1) | 0
  return (BigInt(h2 >>> 0) << 32n) | BigInt(h1 >>> 0)
}

function mixed(word: number, first: number, bits: number, second: number): number {
  return Math.imul(rotate(Math.imul(word, first), bits), second)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => ((sum << 8) | byte) >>> 0, 0)
}

function final(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return mix ^ (mix >>> 16)
}
