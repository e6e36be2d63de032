/**
 * Whether a bearer token is one of ours, in time and meant for whom it is shown to. RS256 and
 * nothing else: the algorithm is the verifier's choice, never the token's.
 *
 * A token once verified is remembered by its exact string until it expires; audience and time are
 * looked at each time, and a key that is no longer published verifies nothing more.
 */
import { verify } from 'node:crypto'
import { epochSeconds } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Database } from '../../store/database.ts'
import type { Call } from '../call.ts'
import { issuerV1, issuerV2 } from './issuers.ts'
import { type ParsedJwt, parseJwt } from './jwt.ts'
import { findSigningKey } from './signing-keys.ts'

/** Differences of clocks that are forgiven, in seconds: as much as Azure's libraries forgive. */
export const CLOCK_SKEW_SECONDS = 300
/** Verified tokens remembered per database. */
const MOST_REMEMBERED_TOKENS = 20_000

/** The claims that every one of our access tokens has; others may follow. */
export interface AccessTokenClaims {
  readonly aud: string
  readonly iss: string
  readonly iat: number
  readonly nbf: number
  readonly exp: number
  /** Object id of the principal. */
  readonly oid: string
  readonly sub: string
  readonly tid: string
  readonly ver: '1.0' | '2.0'
  readonly [claim: string]: unknown
}

/** Why a token is refused: the codes of the failures, for planes to word. */
export type TokenRefusal =
  | 'TokenMalformed' // not three parts of base64url with JSON in them
  | 'TokenUnsigned' // alg none
  | 'TokenAlgorithm' // any algorithm but RS256, symmetric ones above all
  | 'TokenIssuer' // another tenant's, or another authority's
  | 'TokenKeyUnknown'
  | 'TokenSignature'
  | 'TokenAudience'
  | 'TokenNotYetValid'
  | 'TokenExpired'

interface Verified {
  /** The whole token. */
  readonly text: string
  readonly kid: string
  readonly claims: AccessTokenClaims
}

/** By their ends: the hash of so long a string as a whole token would cost more than all else. */
const remembered = new WeakMap<Database, Map<string, Verified>>()
const END_CHARS = 64

/**
 * Verifies an access token for one of the audiences, with or without a slash at their ends.
 * @throws Failure unauthenticated, its code a `TokenRefusal`
 */
export async function verifyAccessToken(
  call: Call,
  text: string,
  { audiences }: { readonly audiences: readonly string[] },
): Promise<AccessTokenClaims> {
  const known = rememberedBy(call.db.database)
  const before = known.get(text.slice(-END_CHARS))
  if (before?.text === text && (await findSigningKey(call, before.kid))) {
    checkUse(call, before.claims, audiences)
    return before.claims
  }
  const verified = await verifyWhole(call, text)
  checkUse(call, verified.claims, audiences)
  remember(known, verified)
  return verified.claims
}

/** 1. form and algorithm 2. issuer 3. key 4. signature: everything that stays true of a string. */
async function verifyWhole(call: Call, text: string): Promise<Verified> {
  const token = parseJwt(text)
  if (!token) throw refused('TokenMalformed', 'The access token is not a JSON Web Token.')
  checkHeader(token)
  const claims = readClaims(token)
  const issuers = { '1.0': issuerV1(call.tenantId), '2.0': issuerV2(call.tenantId) }
  if (claims.iss !== issuers[claims.ver] || claims.tid !== call.tenantId) {
    throw refused('TokenIssuer', `The access token is from the wrong issuer '${claims.iss}'.`)
  }
  const kid = String(token.header.kid)
  const key = await findSigningKey(call, kid)
  if (!key) throw refused('TokenKeyUnknown', 'The access token names a key that is not published.')
  if (!verify('sha256', Buffer.from(token.signed), key.publicKey, token.signature)) {
    throw refused('TokenSignature', 'The signature of the access token is not valid.')
  }
  return { text, kid, claims }
}

function checkHeader({ header, signature }: ParsedJwt): void {
  const { alg } = header
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') {
    throw refused('TokenUnsigned', 'The access token is not signed.')
  }
  if (alg !== 'RS256') {
    throw refused('TokenAlgorithm', 'The access token is not signed with RS256.')
  }
  // An empty signature is no signature, and extensions we do not know may change what one means.
  if (signature.length === 0) throw refused('TokenUnsigned', 'The access token is not signed.')
  if ('crit' in header) {
    throw refused('TokenMalformed', 'The access token uses extensions that are not supported.')
  }
}

function readClaims({ payload }: ParsedJwt): AccessTokenClaims {
  const texts = ['aud', 'iss', 'oid', 'sub', 'tid'].every(
    (claim) => typeof payload[claim] === 'string',
  )
  const times = ['iat', 'nbf', 'exp'].every((claim) => Number.isSafeInteger(payload[claim]))
  if (!texts || !times || (payload.ver !== '1.0' && payload.ver !== '2.0')) {
    // Another authority's tokens have other claims, but they do say who issued them.
    if (typeof payload.iss === 'string') {
      throw refused('TokenIssuer', `The access token is from the wrong issuer '${payload.iss}'.`)
    }
    throw refused('TokenMalformed', 'The access token lacks claims that every access token has.')
  }
  return payload as AccessTokenClaims
}

/** What may change from one use of a token to the next. */
function checkUse(call: Call, claims: AccessTokenClaims, audiences: readonly string[]): void {
  // Nearly every token says it in the very words; only others are compared letter by letter.
  if (!audiences.includes(claims.aud) && !meansOneOf(audiences, claims.aud)) {
    throw refused('TokenAudience', `The access token is for the wrong audience '${claims.aud}'.`)
  }
  const now = epochSeconds(call.now)
  if (claims.nbf > now + CLOCK_SKEW_SECONDS) {
    throw refused('TokenNotYetValid', 'The access token is not yet valid.')
  }
  if (claims.exp <= now - CLOCK_SKEW_SECONDS) {
    throw refused('TokenExpired', 'The access token expired.')
  }
}

function meansOneOf(audiences: readonly string[], audience: string): boolean {
  const meant = withoutSlash(audience)
  return audiences.some((accepted) => withoutSlash(accepted) === meant)
}

/** `https://vault.azure.net/` and `https://vault.azure.net` are one audience; hosts have no case. */
function withoutSlash(audience: string): string {
  return (audience.endsWith('/') ? audience.slice(0, -1) : audience).toLowerCase()
}

function refused(code: TokenRefusal, message: string): Failure {
  return new Failure('unauthenticated', code, message)
}

function rememberedBy(database: Database): Map<string, Verified> {
  let known = remembered.get(database)
  if (!known) {
    known = new Map()
    remembered.set(database, known)
  }
  return known
}

function remember(known: Map<string, Verified>, verified: Verified): void {
  if (known.size >= MOST_REMEMBERED_TOKENS) {
    const oldest = known.keys().next()
    if (!oldest.done) known.delete(oldest.value)
  }
  known.set(verified.text.slice(-END_CHARS), verified)
}
