/**
 * Tokens already obtained, by machine, identity and resource, in memory only.
 *
 * A token is asked for again once half its life has passed, so that what is handed out always has
 * at least half of it left: clients plan their own refresh by the time that remains. Several that
 * ask at once share one request. Tokens that were revoked are handed out no more.
 */
import { epochSeconds } from '../../base/clock.ts'
import type { Call } from '../../core/call.ts'
import { findServicePrincipal } from '../../core/directory/service-principals.ts'
import type { IssuedToken, TokenAsked } from './token-client.ts'

/** Tokens kept: past it the oldest go, and are asked for again. */
const MOST_TOKENS = 10_000

declare global {
  interface JSON {
    /** A value that is written as this text. In Node, and not yet in the compiler's library. */
    rawJSON(text: string): object
  }
}

export interface CachedToken {
  readonly token: IssuedToken
  /** The access token as it stands in answers: most of each, and so written only once. */
  readonly accessToken: object
  readonly expiresOn: number
  /** Seconds since 1970 from which a new one is asked for. */
  readonly renewOn: number
}

export interface TokenCache {
  get(call: Call, asked: TokenAsked): Promise<CachedToken>
}

/** @param request obtains a token that is not there */
export function openTokenCache(
  request: (call: Call, asked: TokenAsked) => Promise<IssuedToken>,
): TokenCache {
  const tokens = new Map<string, CachedToken>()
  const underWay = new Map<string, Promise<CachedToken>>()

  async function obtain(key: string, call: Call, asked: TokenAsked) {
    const token = await request(call, asked)
    const expiresOn = Number(token.expires_on)
    const renewOn = (epochSeconds(call.now) + expiresOn) / 2
    const accessToken = JSON.rawJSON(JSON.stringify(token.access_token))
    const kept: CachedToken = { token, accessToken, expiresOn, renewOn }
    const oldest = tokens.keys().next()
    if (tokens.size >= MOST_TOKENS && !oldest.done) tokens.delete(oldest.value)
    tokens.set(key, kept)
    return kept
  }

  return {
    async get(call, asked) {
      const { objectId } = asked.identity
      const { tokensValidFrom = 0 } = (await findServicePrincipal(call, objectId)) ?? {}
      const key = `${asked.host} ${objectId} ${asked.resource} ${tokensValidFrom}`
      const kept = tokens.get(key)
      // A clock moved back makes a token one of the future: it is asked for again.
      const now = epochSeconds(call.now)
      if (kept && now < kept.renewOn && Number(kept.token.not_before) <= now) return kept
      const already = underWay.get(key)
      if (already) return already
      const obtaining = obtain(key, call, asked).finally(() => underWay.delete(key))
      underWay.set(key, obtaining)
      return obtaining
    },
  }
}
