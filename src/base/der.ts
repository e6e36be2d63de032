/**
 * DER, as much of it as a certificate needs, and only the writing of it: Node reads certificates.
 *
 * By hand because the X.509 packages need a polyfill of `Reflect` and cost 58 ms and 20 MB at their
 * first import; `certificate.test.ts` holds what is written here to Node's reader and to OpenSSL.
 */
import { type Instant, isoSpaced } from './clock.ts'

const BOOLEAN = 0x01
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const SEQUENCE = 0x30
const SET = 0x31

/** The first year that needs four digits. */
const GENERALIZED_SINCE_YEAR = 2050

export function sequence(...members: readonly Uint8Array[]): Buffer {
  return element(SEQUENCE, Buffer.concat(members))
}

export function setOf(...members: readonly Uint8Array[]): Buffer {
  return element(SET, Buffer.concat(members))
}

/** `[n]`, around other elements when constructed, in place of a string's own tag when not. */
export function tagged(n: number, content: Uint8Array, form: 'constructed' | 'plain'): Buffer {
  return element((form === 'constructed' ? 0xa0 : 0x80) | n, content)
}

/** An unsigned number, most significant byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const significant = first < 0 ? Buffer.of(0) : bytes.subarray(first)
  const negative = (significant[0] ?? 0) >= 0x80
  return element(INTEGER, negative ? Buffer.concat([Buffer.of(0), significant]) : significant)
}

export function boolean(value: boolean): Buffer {
  return element(BOOLEAN, Buffer.of(value ? 0xff : 0))
}

/** @param unusedBits how many bits at the end of the last byte mean nothing */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(BIT_STRING, Buffer.concat([Buffer.of(unusedBits), bytes]))
}

export function octetString(bytes: Uint8Array): Buffer {
  return element(OCTET_STRING, bytes)
}

export function utf8String(text: string): Buffer {
  return element(UTF8_STRING, Buffer.from(text, 'utf8'))
}

/** `1.2.840.113549.1.1.11` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

export function time(instant: Instant): Buffer {
  // `2026-01-15 09:30:00Z` becomes `20260115093000Z`.
  const digits = isoSpaced(instant).replace(/[-: ]/g, '')
  return Number(digits.slice(0, 4)) < GENERALIZED_SINCE_YEAR
    ? element(UTC_TIME, Buffer.from(digits.slice(2)))
    : element(GENERALIZED_TIME, Buffer.from(digits))
}

function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes: number[] = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function base128(value: number): number[] {
  const bytes = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift(0x80 | (left % 128))
  }
  return bytes
}
