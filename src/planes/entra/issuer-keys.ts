/**
 * The keys of foreign issuers, found as OpenID Connect says: the issuer's discovery document names
 * its key set. They are kept for minutes, and fetched again when a token names a key that is new.
 */
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { type Instant, MINUTE_MS } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { Call } from '../../core/call.ts'
import { issuerV1, issuerV2 } from '../../core/tokens/issuers.ts'
import { jwks } from '../../core/tokens/jwks.ts'
import { refusal } from './errors.ts'

/** Fetches a JSON document over TLS; lent by app, which knows the network. It may fail any way. */
export type FetchDocument = (url: URL) => Promise<unknown>

/** The issuer's keys; `anew` when those of before did not have the one that is wanted. */
export type IssuerKeys = (call: Call, issuer: string, anew?: 'anew') => Promise<JSONWebKeySet>

const KEPT_MS = 10 * MINUTE_MS
/** So that tokens with keys that nobody has do not make us ask all the time. */
const ASKED_AGAIN_AFTER_MS = MINUTE_MS
const MOST_ISSUERS = 1000

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

interface Kept {
  readonly fetchedAt: Instant
  readonly keys: Promise<JSONWebKeySet>
}

/** Several that ask for one issuer at once share one request. */
export function openIssuerKeys(fetchDocument: FetchDocument): IssuerKeys {
  const kept = new Map<string, Kept>()
  return async (call, issuer, anew) => {
    // Ours are at hand; what answers by our issuer's name on the Internet is another service.
    if (isOurIssuer(call, issuer)) {
      return { keys: [...(await jwks(call))] } as JSONWebKeySet
    }
    const before = kept.get(issuer)
    const age = before ? call.now - before.fetchedAt : Number.POSITIVE_INFINITY
    const lifetime = anew ? ASKED_AGAIN_AFTER_MS : KEPT_MS
    // A clock moved back makes them keys of the future: they are asked for again.
    if (before && age >= 0 && age < lifetime) return before.keys
    const keys = fetchKeys(issuer, fetchDocument)
    const oldest = kept.keys().next()
    if (kept.size >= MOST_ISSUERS && !oldest.done) kept.delete(oldest.value)
    kept.set(issuer, { fetchedAt: call.now, keys })
    try {
      return await keys
    } catch (cause) {
      if (kept.get(issuer)?.keys === keys) kept.delete(issuer)
      call.log.warn('issuer gives no keys', { call: call.id, issuer, error: cause })
      throw cause instanceof Failure ? cause : refusal(50166)
    }
  }
}

export function isOurIssuer({ tenantId }: Call, issuer: string): boolean {
  return issuer === issuerV1(tenantId) || issuer === issuerV2(tenantId)
}

/** @throws Failure invalid `AADSTS50166`, or whatever the network throws */
async function fetchKeys(issuer: string, fetchDocument: FetchDocument): Promise<JSONWebKeySet> {
  const address = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const described = discovery.safeParse(await fetchDocument(address))
  // A document about another issuer would let one host speak for another.
  if (!described.success || described.data.issuer !== issuer) throw refusal(50166)
  const keys = keySet.safeParse(await fetchDocument(new URL(described.data.jwks_uri)))
  if (!keys.success) throw refusal(50166)
  return keys.data as JSONWebKeySet
}
