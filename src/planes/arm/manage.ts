/**
 * Resource Manager asked from inside the house: the same engine, without the wire. Who asks is the
 * call's caller, and is permitted or refused as anybody.
 */
import type { Call } from '../../core/call.ts'
import type { Method, Reply } from '../../http/route.ts'
import type { Provider } from '../../providers/provider.ts'
import { answerResource } from './engine.ts'
import { openRegistry } from './registry.ts'

export interface Managed {
  readonly method: Method
  /** A resource id, and what follows it; not encoded. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** @throws Failure as the engine does: nothing is put into an answer's dialect */
export function openManage(
  providers: readonly Provider[],
): (call: Call, asked: Managed) => Promise<Reply> {
  const registry = openRegistry(providers)
  return (call, { method, path, query, body }) => {
    const input = { account: undefined, params: {}, query, headers: {}, body }
    return answerResource(registry, call, input, {
      method,
      path: path.split('/').map(encodeURIComponent).join('/'),
      params: {},
      query,
      headers: {},
      host: undefined,
      machine: undefined,
    })
  }
}
