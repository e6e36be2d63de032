/**
 * Azure's limits on requests for tokens: 20 a second for each machine, and 5 at the same time. Real
 * programs meet them in Azure, and with this switched on they can be met here.
 */
import { epochSeconds } from '../../base/clock.ts'
import { Failure } from '../../base/failure.ts'
import type { TokenCache } from './token-cache.ts'

const MOST_A_SECOND = 20
const MOST_AT_ONCE = 5
export const TOO_MANY_REQUESTS = 'too_many_requests'

interface Load {
  second: number
  inSecond: number
  atOnce: number
}

/** The same tokens, but no more of them than Azure would give. */
export function throttled(tokens: TokenCache): TokenCache {
  const loads = new Map<string, Load>()
  return {
    async get(call, asked) {
      const load = loadOf(loads, asked.host)
      const second = epochSeconds(call.now)
      if (load.second !== second) Object.assign(load, { second, inSecond: 0 })
      if (load.inSecond >= MOST_A_SECOND || load.atOnce >= MOST_AT_ONCE) {
        throw new Failure('busy', TOO_MANY_REQUESTS, 'Too many requests')
      }
      load.inSecond++
      load.atOnce++
      try {
        return await tokens.get(call, asked)
      } finally {
        load.atOnce--
      }
    },
  }
}

function loadOf(loads: Map<string, Load>, machine: string): Load {
  let load = loads.get(machine)
  if (!load) {
    load = { second: 0, inSecond: 0, atOnce: 0 }
    loads.set(machine, load)
  }
  return load
}
