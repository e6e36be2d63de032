/**
 * Client assertions: a client proves who it is by signing a short token with the key of a
 * certificate that the directory knows. Clients write them in many ways; the meaning is one.
 *
 * An assertion may be used again until it expires: Microsoft's own libraries keep and repeat them.
 */
import { constants, type KeyObject, verify } from 'node:crypto'
import { certificateKey, thumbprint } from '../../base/certificate.ts'
import { epochSeconds, type Instant } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { ClientId } from '../../base/ids.ts'
import type { Call } from '../call.ts'
import { type ParsedJwt, parseJwt } from './jwt.ts'
import { CLOCK_SKEW_SECONDS } from './verify.ts'

/** The longest time from now to an assertion's end, in seconds. */
const LONGEST_LIFE_SECONDS = 86_400

/** A certificate the client may sign with. */
export interface ClientCertificate {
  /** DER. */
  readonly certificate: Buffer
  readonly startsAt: Instant
  readonly endsAt: Instant
}

/** Why an assertion is refused: the codes of the failures, for planes to word. */
export type AssertionRefusal =
  | 'AssertionMalformed'
  | 'AssertionAlgorithm' // any but RS256 and PS256
  | 'AssertionClient' // iss or sub is not the client
  | 'AssertionAudience'
  | 'AssertionTime' // not begun, over, or without an end in reach
  | 'AssertionNamesNoCertificate'
  | 'AssertionCertificateUnknown' // the target is the thumbprint it names
  | 'AssertionCertificateExpired'
  | 'AssertionSignature'

type Verifier = (signed: Buffer, key: KeyObject, signature: Buffer) => boolean

/** One row per algorithm; anything else is refused. */
const ALGORITHMS: Readonly<Record<string, Verifier>> = {
  RS256: (signed, key, signature) => verify('sha256', signed, key, signature),
  PS256: (signed, key, signature) =>
    verify(
      'sha256',
      signed,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
      signature,
    ),
}

/** The client id an assertion claims, before anything is verified; undefined when it claims none. */
export function claimedClient(text: string): string | undefined {
  const subject = parseAssertion(text)?.payload.sub
  return typeof subject === 'string' ? subject : undefined
}

/**
 * Verifies an assertion and gives its claims.
 * @param acceptsAudience whether a URL is one of the token service's names for itself
 * @throws Failure unauthenticated, its code an `AssertionRefusal`
 */
export function verifyClientAssertion(
  call: Call,
  text: string,
  asked: {
    readonly clientId: ClientId
    readonly certificates: readonly ClientCertificate[]
    readonly acceptsAudience: (audience: string) => boolean
  },
): Readonly<Record<string, unknown>> {
  const assertion = parseAssertion(text)
  if (!assertion) throw refused('AssertionMalformed', 'The assertion is not a JSON Web Token.')
  const { header, payload } = assertion
  const verifies = typeof header.alg === 'string' ? ALGORITHMS[header.alg] : undefined
  if (!verifies || 'crit' in header) {
    throw refused('AssertionAlgorithm', 'The assertion must be signed with RS256 or PS256.')
  }
  checkClaims(call, payload, asked)
  const certificate = findCertificate(header, asked.certificates)
  if (!isCurrent(call, certificate)) {
    throw refused(
      'AssertionCertificateExpired',
      'The certificate that signed the assertion is not valid at this time.',
      sha1Hex(certificate.certificate),
    )
  }
  const key = certificateKey(certificate.certificate)
  if (!verifies(Buffer.from(assertion.signed), key, assertion.signature)) {
    throw refused(
      'AssertionSignature',
      'The signature of the assertion is not valid.',
      sha1Hex(certificate.certificate),
    )
  }
  return payload
}

/** Clients that read it from a file leave a line end behind it; Python's asynchronous one pads. */
function parseAssertion(text: string): ParsedJwt | undefined {
  return parseJwt(text.trim(), { padded: true })
}

function checkClaims(
  call: Call,
  claims: Readonly<Record<string, unknown>>,
  asked: { readonly clientId: ClientId; readonly acceptsAudience: (audience: string) => boolean },
): void {
  for (const claim of [claims.iss, claims.sub]) {
    if (typeof claim !== 'string' || claim.toLowerCase() !== asked.clientId) {
      throw refused('AssertionClient', 'The assertion was issued by or for another client.')
    }
  }
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  if (!audiences.some((one) => typeof one === 'string' && asked.acceptsAudience(one))) {
    throw refused('AssertionAudience', 'The assertion is meant for another audience.')
  }
  const now = epochSeconds(call.now)
  const expires = readTime(claims.exp)
  const begins = claims.nbf === undefined ? now : readTime(claims.nbf)
  const inTime =
    expires !== undefined &&
    begins !== undefined &&
    begins <= now + CLOCK_SKEW_SECONDS &&
    expires > now - CLOCK_SKEW_SECONDS &&
    expires <= now + LONGEST_LIFE_SECONDS + CLOCK_SKEW_SECONDS
  if (!inTime) throw refused('AssertionTime', 'The assertion is not within its valid time range.')
}

/** Seconds since 1970; clients write integers, fractions, and either as text. */
function readTime(value: unknown): number | undefined {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d+(\.\d+)?$/.test(value))) {
    return undefined
  }
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

/** Finds the certificate by whichever way the header names it. */
function findCertificate(
  header: Readonly<Record<string, unknown>>,
  certificates: readonly ClientCertificate[],
): ClientCertificate {
  const named = namedThumbprint(header)
  if (!named) {
    throw refused(
      'AssertionNamesNoCertificate',
      'The header of the assertion names no certificate.',
    )
  }
  const found = certificates.find(({ certificate }) =>
    thumbprint(certificate, named.algorithm).equals(named.digest),
  )
  if (found) return found
  throw refused(
    'AssertionCertificateUnknown',
    'The certificate that signed the assertion is not registered for the client.',
    named.digest.toString('hex').toUpperCase(),
  )
}

interface NamedThumbprint {
  readonly algorithm: 'sha1' | 'sha256'
  readonly digest: Buffer
}

/** `x5t#S256`, `x5t`, the first of `x5c`, or a `kid` that is a thumbprint: in this order. */
function namedThumbprint(header: Readonly<Record<string, unknown>>): NamedThumbprint | undefined {
  return (
    asDigest(header['x5t#S256'], 'sha256') ??
    asDigest(header.x5t, 'sha1') ??
    digestOfChain(header.x5c) ??
    asDigest(header.kid, 'sha1')
  )
}

const DIGEST_BYTES = { sha1: 20, sha256: 32 }

/** base64 or base64url, padded or not (Node reads them all), or hexadecimal. */
function asDigest(value: unknown, algorithm: 'sha1' | 'sha256'): NamedThumbprint | undefined {
  if (typeof value !== 'string') return undefined
  const bytes = DIGEST_BYTES[algorithm]
  const hexadecimal = value.length === bytes * 2 && /^[0-9a-f]+$/i.test(value)
  const digest = Buffer.from(value, hexadecimal ? 'hex' : 'base64url')
  return digest.length === bytes ? { algorithm, digest } : undefined
}

/** An array of certificates, or one alone as .NET writes it. */
function digestOfChain(chain: unknown): NamedThumbprint | undefined {
  const leaf: unknown = Array.isArray(chain) ? chain[0] : chain
  if (typeof leaf !== 'string' || leaf === '') return undefined
  return { algorithm: 'sha256', digest: thumbprint(Buffer.from(leaf, 'base64'), 'sha256') }
}

function isCurrent(call: Call, certificate: ClientCertificate): boolean {
  return certificate.startsAt <= call.now && call.now < certificate.endsAt
}

function sha1Hex(certificate: Buffer): string {
  return thumbprint(certificate, 'sha1').toString('hex').toUpperCase()
}

function refused(code: AssertionRefusal, message: string, named?: string): Failure {
  return new Failure('unauthenticated', code, message, named === undefined ? {} : { target: named })
}
