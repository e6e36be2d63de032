/**
 * Access tokens as the token service issues them, in both versions; the claims are those Microsoft
 * documents in its access token reference, with the lifetimes its tokens really have.
 */
import { randomBytes } from 'node:crypto'
import { epochSeconds } from '../../base/clock.ts'
import type { ClientId, ObjectId } from '../../base/ids.ts'
import type { Secret } from '../../base/secret.ts'
import type { Call } from '../call.ts'
import { issuerV1, issuerV2 } from './issuers.ts'
import { signToken } from './sign-token.ts'
import { type UserSubject, userClaims } from './user-claims.ts'

/** Whom the token is about: a principal in its own name, or a user in whose name a client acts. */
export type TokenSubject = PrincipalSubject | UserSubject

export interface PrincipalSubject {
  readonly objectId: ObjectId
  readonly clientId: ClientId
  readonly kind: 'ManagedIdentity' | 'Application'
  /** How the client proved itself. */
  readonly proof: 'secret' | 'certificate'
  /** Seconds since 1970: tokens issued before are revoked, and this is to be none of them. */
  readonly tokensValidFrom?: number | undefined
  /** App roles of the audience that the principal holds; none leaves the claim out. */
  readonly roles?: readonly string[] | undefined
  /** Of a managed identity: the resource behind it. */
  readonly managedResourceId?: string | undefined
  /** The resource the token was handed to, where that is another than the one behind the identity. */
  readonly hostResourceId?: string | undefined
}

/** What the token is for. */
export interface TokenAudience {
  /** Goes into `aud` as it was asked for; in version 2.0 the client id of the resource. */
  readonly audience: string
  readonly version: '1.0' | '2.0'
}

export interface IssuedToken {
  readonly text: Secret<string>
  /** Seconds since 1970. */
  readonly notBefore: number
  /** Seconds since 1970. */
  readonly expiresOn: number
  /** Seconds from now. */
  readonly expiresIn: number
}

/** How long tokens live from now, in seconds. */
const LIFE_SECONDS: Readonly<Record<TokenSubject['kind'], number>> = {
  ManagedIdentity: 86_400,
  Application: 3_599,
  User: 4_499,
}
/** Tokens begin in the past, for the sake of clocks that are behind. */
const BACKDATED_SECONDS = 300
/** `appidacr`, `azpacr`: how the client authenticated. */
const AUTHENTICATION_CLASS: Readonly<Record<TokenSubject['proof'], string>> = {
  none: '0',
  secret: '1',
  certificate: '2',
}

/** Issues a signed access token. */
export async function issueAccessToken(
  call: Call,
  { subject, audience }: { readonly subject: TokenSubject; readonly audience: TokenAudience },
): Promise<IssuedToken> {
  const now = epochSeconds(call.now)
  const validFrom = subject.kind === 'User' ? undefined : subject.tokensValidFrom
  const begins = Math.max(now, validFrom ?? 0) - BACKDATED_SECONDS
  const times = {
    iat: begins,
    nbf: begins,
    exp: now + LIFE_SECONDS[subject.kind],
  }
  const claims = (audience.version === '1.0' ? claimsV1 : claimsV2)(call, subject, audience, times)
  return {
    text: await signToken(call, claims, audience.version),
    notBefore: times.nbf,
    expiresOn: times.exp,
    expiresIn: times.exp - now,
  }
}

/** When a token was issued, in seconds since 1970: later than it says. */
export function issuedOn({ iat }: { readonly iat: number }): number {
  return iat + BACKDATED_SECONDS
}

interface Times {
  readonly iat: number
  readonly nbf: number
  readonly exp: number
}

function claimsV1(call: Call, subject: TokenSubject, { audience }: TokenAudience, times: Times) {
  const opaque = opaqueClaims()
  return {
    aud: audience,
    iss: issuerV1(call.tenantId),
    ...times,
    aio: opaque.aio,
    appid: subject.clientId,
    appidacr: AUTHENTICATION_CLASS[subject.proof],
    idp: issuerV1(call.tenantId),
    oid: subject.objectId,
    rh: opaque.rh,
    tid: call.tenantId,
    uti: opaque.uti,
    ver: '1.0',
    ...(subject.kind === 'User' ? userClaims(subject, '1.0') : principalClaims(subject)),
  }
}

function claimsV2(call: Call, subject: TokenSubject, { audience }: TokenAudience, times: Times) {
  const opaque = opaqueClaims()
  return {
    aud: audience,
    iss: issuerV2(call.tenantId),
    ...times,
    aio: opaque.aio,
    azp: subject.clientId,
    azpacr: AUTHENTICATION_CLASS[subject.proof],
    oid: subject.objectId,
    rh: opaque.rh,
    tid: call.tenantId,
    uti: opaque.uti,
    ver: '2.0',
    ...(subject.kind === 'User' ? userClaims(subject, '2.0') : principalClaims(subject)),
  }
}

function principalClaims(subject: PrincipalSubject) {
  const { objectId, managedResourceId, hostResourceId, roles = [] } = subject
  return {
    idtyp: 'app',
    ...(roles.length > 0 && { roles }),
    sub: objectId,
    ...(hostResourceId !== undefined && { xms_az_rid: hostResourceId }),
    ...(managedResourceId !== undefined && { xms_mirid: managedResourceId }),
  }
}

/** Claims that only the issuer understands; `uti` names the token, for logs on both sides. */
function opaqueClaims() {
  const random = randomBytes(64)
  return {
    uti: random.toString('base64url', 0, 16),
    rh: `1.${random.toString('base64url', 16, 40)}.`,
    aio: random.toString('base64', 40, 64),
  }
}
