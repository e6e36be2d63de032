/**
 * A foreign token in place of a credential: an application or a user-assigned identity says in
 * advance whose tokens about whom it takes. Only issuers that were named so are ever asked for
 * their keys; issuer, subject and audience are compared exactly.
 */
import { epochSeconds, isoSevenDigits } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { credentialOwners } from '../../core/directory/applications.ts'
import {
  type FederatedCredential,
  federatedCredentialsOf,
} from '../../core/directory/federated-credentials.ts'
import type { ServicePrincipal } from '../../core/directory/service-principals.ts'
import { TOKEN_EXCHANGE_CLIENT_ID } from '../../core/tokens/audiences.ts'
import { issuerV2 } from '../../core/tokens/issuers.ts'
import { parseJwt } from '../../core/tokens/jwt.ts'
import { CLOCK_SKEW_SECONDS } from '../../core/tokens/verify.ts'
import { refusal } from './errors.ts'
import { type IssuerKeys, isOurIssuer } from './issuer-keys.ts'

/** Asymmetric ones alone: with others, whoever knows a public key could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']

const EXCHANGE_URI = 'api://AzureADTokenExchange'

interface Claimed {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** Whether an assertion was issued by somebody else, by what it says; nothing is verified yet. */
export function isFederated(text: string): boolean {
  const issuer = parseJwt(text.trim())?.payload.iss
  return typeof issuer === 'string' && /^https:/i.test(issuer) && URL.canParse(issuer)
}

/**
 * Lets a client in by a token of an issuer that it trusts. None of the token's claims goes further.
 * @throws Failure invalid or unauthenticated, with the code that says what is wrong
 */
export async function verifyFederatedAssertion(
  call: Call,
  text: string,
  { principal, keysOf }: { readonly principal: ServicePrincipal; readonly keysOf: IssuerKeys },
): Promise<void> {
  const { payload, header } = parseJwt(text.trim()) ?? {}
  const claimed = payload && readClaimed(call, payload)
  if (!payload || !claimed) throw refusal(50027)
  // 1. Somebody said that such tokens are to be taken.
  const owners = await credentialOwners(call, principal)
  const credentials = await Promise.all(owners.map((one) => federatedCredentialsOf(call, one)))
  refuseUnmatched(credentials.flat(), claimed)
  // 2. It is signed in a way that only its issuer can.
  if (!ALGORITHMS.includes(String(header?.alg))) throw refusal(50027)
  await checkSignature(call, text.trim(), { issuer: claimed.issuer, keysOf })
  // 3. Of our own tokens, only those of managed identities for this very use, by applications.
  if (isOurIssuer(call, claimed.issuer)) refuseOurOwn(call, payload, principal)
  // 4. It is in time: checked after the signature, so that the answer is about a real token.
  refuseOutOfTime(call, payload)
}

function readClaimed(call: Call, payload: Readonly<Record<string, unknown>>): Claimed | undefined {
  const { iss: issuer, sub: subject, aud } = payload
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  const texts = audiences.filter((one) => typeof one === 'string')
  if (typeof issuer !== 'string' || typeof subject !== 'string') return undefined
  if (texts.length !== audiences.length) return undefined
  if (!isOurIssuer(call, issuer)) return { issuer, subject, audiences: texts }
  // Our own tokens name it by its id; those who trust them write its address.
  const named = texts.map((text) => (text === TOKEN_EXCHANGE_CLIENT_ID ? EXCHANGE_URI : text))
  return { issuer, subject, audiences: named }
}

/** @throws Failure unauthenticated `AADSTS700222`, `AADSTS700226`, `AADSTS700227` */
function refuseOurOwn(
  call: Call,
  { xms_mirid: managed, iss, aud }: Readonly<Record<string, unknown>>,
  principal: ServicePrincipal,
): void {
  if (principal.type === 'ManagedIdentity') throw refusal(700222)
  if (managed === undefined) throw refusal(700226)
  const isForThis = aud === TOKEN_EXCHANGE_CLIENT_ID && iss === issuerV2(call.tenantId)
  if (!isForThis) throw refusal(700227)
}

/** The refusal names the first of the three that nothing fits. */
function refuseUnmatched(credentials: readonly FederatedCredential[], claimed: Claimed): void {
  const values = {
    issuer: claimed.issuer,
    subject: claimed.subject,
    audience: claimed.audiences.join(' '),
  }
  if (credentials.length === 0) throw refusal(70021, values)
  const ofIssuer = credentials.filter(({ issuer }) => issuer === claimed.issuer)
  if (ofIssuer.length === 0) throw refusal(700211, values)
  const ofSubject = ofIssuer.filter(({ subject }) => subject === claimed.subject)
  if (ofSubject.length === 0) throw refusal(700213, values)
  const fits = ofSubject.some(({ audiences }) =>
    audiences.some((audience) => claimed.audiences.includes(audience)),
  )
  if (!fits) throw refusal(700212, values)
}

async function checkSignature(
  call: Call,
  text: string,
  { issuer, keysOf }: { readonly issuer: string; readonly keysOf: IssuerKeys },
): Promise<void> {
  const { compactVerify, createLocalJWKSet, errors } = await import('jose')
  const verify = async (anew?: 'anew') => {
    const keys = createLocalJWKSet(await keysOf(call, issuer, anew))
    await compactVerify(text, keys, { algorithms: ALGORITHMS })
  }
  try {
    try {
      await verify()
    } catch (reason) {
      if (!(reason instanceof errors.JWKSNoMatchingKey)) throw reason
      await verify('anew')
    }
  } catch (reason) {
    if (reason instanceof Failure) throw reason
    const isUnknown = reason instanceof errors.JWKSNoMatchingKey
    throw refusal(50013, {
      reason: isUnknown
        ? 'The key was not found.'
        : 'The provided signature value did not match the expected signature value.',
    })
  }
}

/** An end is required: a token without one could be used for ever. */
function refuseOutOfTime(call: Call, { exp, nbf }: Readonly<Record<string, unknown>>): void {
  const now = epochSeconds(call.now)
  const isBegun = nbf === undefined || (typeof nbf === 'number' && nbf <= now + CLOCK_SKEW_SECONDS)
  const isOver = typeof exp !== 'number' || exp <= now - CLOCK_SKEW_SECONDS
  if (!isBegun || isOver) throw refusal(700024, { now: isoSevenDigits(call.now) })
}
