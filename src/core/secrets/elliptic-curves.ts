/**
 * The curves of Key Vault, and the arithmetic of their points.
 *
 * The arithmetic is for public values only: it is not constant in time. Whatever involves a private
 * scalar goes through OpenSSL (`ecdsa.ts`).
 */
import { createECDH } from 'node:crypto'

export interface Curve {
  /** Key Vault's name of it. */
  readonly name: string
  /** OpenSSL's name, and that of JSON web keys elsewhere. */
  readonly openssl: string
  readonly jwk: string
  readonly coordinateBytes: number
  /** The prime of the field, the coefficient a, the order of the group. SEC 2. */
  readonly p: bigint
  readonly a: bigint
  readonly n: bigint
}

const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const P384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n
const P521 = 2n ** 521n - 1n

const P521_ORDER_TAIL = 0xa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n

const ROWS: readonly Curve[] = [
  {
    name: 'P-256',
    openssl: 'prime256v1',
    jwk: 'P-256',
    coordinateBytes: 32,
    p: P256,
    a: P256 - 3n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    name: 'P-384',
    openssl: 'secp384r1',
    jwk: 'P-384',
    coordinateBytes: 48,
    p: P384,
    a: P384 - 3n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  {
    name: 'P-521',
    openssl: 'secp521r1',
    jwk: 'P-521',
    coordinateBytes: 66,
    p: P521,
    a: P521 - 3n,
    n: 2n ** 521n - 2n ** 260n + P521_ORDER_TAIL,
  },
  {
    name: 'P-256K',
    openssl: 'secp256k1',
    jwk: 'secp256k1',
    coordinateBytes: 32,
    p: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
]

export const CURVES: ReadonlyMap<string, Curve> = new Map(ROWS.map((row) => [row.name, row]))

/** A point in Jacobian coordinates; z is 0 for the point at infinity. */
export interface Point {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

const INFINITY: Point = { x: 0n, y: 1n, z: 0n }

/** `scalar` times the generator, by OpenSSL: constant in time. The scalar is 1 to n - 1. */
export function timesGenerator(curve: Curve, scalar: bigint): Point {
  const ecdh = createECDH(curve.openssl)
  ecdh.setPrivateKey(toBytes(scalar, curve.coordinateBytes))
  const uncompressed = ecdh.getPublicKey()
  return {
    x: fromBytes(uncompressed.subarray(1, 1 + curve.coordinateBytes)),
    y: fromBytes(uncompressed.subarray(1 + curve.coordinateBytes)),
    z: 1n,
  }
}

/** u·P + v·Q, walking both scalars at once. For public values only. */
export function twoProducts(curve: Curve, u: bigint, p: Point, v: bigint, q: Point): Point {
  const both = add(curve, p, q)
  let sum = INFINITY
  for (let bit = curve.coordinateBytes * 8 - 1; bit >= 0; bit--) {
    sum = double(curve, sum)
    const at = BigInt(bit)
    const inU = (u >> at) & 1n
    const inV = (v >> at) & 1n
    if (inU === 1n && inV === 1n) sum = add(curve, sum, both)
    else if (inU === 1n) sum = add(curve, sum, p)
    else if (inV === 1n) sum = add(curve, sum, q)
  }
  return sum
}

/** The plain x coordinate; undefined at infinity. */
export function affineX({ p }: Curve, point: Point): bigint | undefined {
  if (point.z === 0n) return undefined
  const inverse = inverted(point.z, p)
  return modulo(point.x * inverse * inverse, p)
}

function double({ p, a }: Curve, { x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return INFINITY
  const yy = (y * y) % p
  const s = (4n * x * yy) % p
  const zz = (z * z) % p
  const m = (3n * x * x + a * zz * zz) % p
  const x2 = modulo(m * m - 2n * s, p)
  return { x: x2, y: modulo(m * (s - x2) - 8n * yy * yy, p), z: (2n * y * z) % p }
}

function add(curve: Curve, one: Point, other: Point): Point {
  if (one.z === 0n) return other
  if (other.z === 0n) return one
  const { p } = curve
  const zz1 = (one.z * one.z) % p
  const zz2 = (other.z * other.z) % p
  const u1 = (one.x * zz2) % p
  const s1 = (one.y * zz2 * other.z) % p
  const h = modulo(other.x * zz1 - u1, p)
  const r = modulo(other.y * zz1 * one.z - s1, p)
  if (h === 0n) return r === 0n ? double(curve, one) : INFINITY
  const hh = (h * h) % p
  const hhh = (hh * h) % p
  const v = (u1 * hh) % p
  const x = modulo(r * r - hhh - 2n * v, p)
  return { x, y: modulo(r * (v - x) - s1 * hhh, p), z: (h * one.z * other.z) % p }
}

/** The inverse modulo a prime, by Euclid; the value is not 0 modulo it. */
export function inverted(value: bigint, prime: bigint): bigint {
  let [r0, r1] = [prime, modulo(value, prime)]
  let [t0, t1] = [0n, 1n]
  while (r1 !== 0n) {
    const quotient = r0 / r1
    ;[r0, r1] = [r1, r0 - quotient * r1]
    ;[t0, t1] = [t1, t0 - quotient * t1]
  }
  return modulo(t0, prime)
}

export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

export function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
}

export function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
}
