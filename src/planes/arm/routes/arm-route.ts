/**
 * A fixed path of Resource Manager: any principal may come in, the api-version is read first, and
 * the answer permits what it shows.
 */
import { z } from 'zod'
import type { Call } from '../../../core/call.ts'
import { type Arrival, type Method, type Reply, type Route, route } from '../../../http/route.ts'
import type { Query } from '../../../providers/provider.ts'
import { readOwnApiVersion } from '../registry.ts'

export interface ArmInput {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
}

const input = z.object({
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
})

export function armRoute(
  method: Method,
  path: string,
  answer: (call: Call, input: ArmInput, arrival: Arrival) => Promise<Reply>,
): Route {
  return route({
    method,
    path,
    guard: { kind: 'principal' },
    input,
    async answer(call, asked, arrival) {
      readOwnApiVersion(asked.query)
      return answer(call, asked, arrival)
    },
  })
}
