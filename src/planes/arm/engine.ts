/**
 * From a path to the verb of a type: the steps before anything is asked of the database.
 */
import type { ResourceId } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { Arrival, RawInput, Reply } from '../../http/route.ts'
import type { Lent, StoredType } from '../../providers/provider.ts'
import type { Asking } from './asking.ts'
import { type Registry, readApiVersion, refuseOldVersion } from './registry.ts'
import { readTarget, type Target } from './target.ts'
import { act } from './verbs/act.ts'
import { actDerived, derived, listDerived, notAllowed } from './verbs/derived.ts'
import { list, probe, read, readAspect } from './verbs/read.ts'
import { remove } from './verbs/remove.ts'
import { templateSecretOf } from './verbs/template-secret.ts'
import { write } from './verbs/write.ts'

export async function answerResource(
  registry: Registry,
  call: Call,
  input: RawInput,
  arrival: Arrival,
): Promise<Reply> {
  // 1. What the path names, and in which vocabulary.
  const target = readTarget(arrival.path)
  const apiVersion = readApiVersion(input.query)
  const { query, headers, body } = input
  const { path } = arrival
  const lent = lentOf(registry)
  const asking: Asking = { registry, apiVersion, path, query, headers, body, lent }
  // 2. The verb of the type it names.
  return target.kind === 'resource'
    ? answerInstance(call, asking, target.id, arrival)
    : answerTail(call, asking, target, arrival)
}

/**
 * Resource Manager asked from inside the house: the same engine, without the wire. Who asks is the
 * call's caller, and is permitted or refused as anybody.
 */
export function lentOf(registry: Registry): Lent {
  const known = lents.get(registry)
  if (known) return known
  const lent = openLent(registry)
  lents.set(registry, lent)
  return lent
}

/** One for each registry: every request has it at hand. */
const lents = new WeakMap<Registry, Lent>()

function openLent(registry: Registry): Lent {
  return {
    // Nothing is put into an answer's dialect: what is refused is thrown as the engine throws it.
    manage: (call, { method, path, query, body }) =>
      answerResource(
        registry,
        call,
        { account: undefined, params: {}, query, headers: {}, body },
        {
          method,
          path: path.split('/').map(encodeURIComponent).join('/'),
          params: {},
          query,
          headers: {},
          host: undefined,
          machine: undefined,
        },
      ),
    secretOf: (call, keeper, asked) => templateSecretOf(registry, call, keeper, asked),
    requireType(name, given) {
      const apiVersion = readApiVersion({ 'api-version': given })
      refuseOldVersion(registry.type(name, apiVersion), apiVersion)
    },
  }
}

async function answerInstance(
  call: Call,
  asking: Asking,
  id: ResourceId,
  { method }: Arrival,
): Promise<Reply> {
  const type = asking.registry.type(id.type, asking.apiVersion)
  refuseOldVersion(type, asking.apiVersion)
  if (type.kind === 'derived') return derived(call, asking, type, id, method)
  switch (method) {
    case 'GET':
      return read(call, asking, type, id)
    case 'HEAD':
      return probe(call, type, id)
    case 'PUT':
    case 'PATCH':
      return write(call, asking, type, id, method)
    case 'DELETE':
      return remove(call, asking, type, id)
    case 'POST':
      throw notAllowed(method, type)
  }
}

/** A name at the end of a path: an action or an aspect of what is before it, or a collection. */
async function answerTail(
  call: Call,
  asking: Asking,
  { at, tail, type: name }: Target & { kind: 'tail' },
  { method }: Arrival,
): Promise<Reply> {
  const { registry } = asking
  const owner = registry.find(at.type)
  if (owner?.kind === 'stored' && at.name !== '') {
    refuseOldVersion(owner, asking.apiVersion)
    const action = method === 'POST' ? named(owner.actions, tail) : undefined
    if (action) return act(call, asking, owner, at, action)
    const aspect = method === 'GET' ? named(owner.reads, tail) : undefined
    if (aspect) return readAspect(call, asking, owner, at, aspect)
    const written = method === 'PUT' ? named(owner.writes, tail) : undefined
    if (written) return act(call, asking, owner, at, written, 'write')
  }
  if (owner?.kind === 'derived' && method === 'POST') {
    const action = named(owner.actions, tail)
    if (action) {
      refuseOldVersion(owner, asking.apiVersion)
      return actDerived(call, asking, owner, at, action)
    }
  }
  const type = registry.type(name, asking.apiVersion)
  refuseOldVersion(type, asking.apiVersion)
  if (method === 'POST' && type.kind === 'derived') return actDerived(call, asking, type, at, '')
  if (method !== 'GET') throw notAllowed(method, type)
  return type.kind === 'derived'
    ? listDerived(call, asking, type, at)
    : list(call, asking, type as StoredType, at)
}

/** The member of a table whose name is this one but for case. */
function named(table: object | undefined, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return Object.keys(table ?? {}).find((key) => key !== '' && key.toLowerCase() === wanted)
}
