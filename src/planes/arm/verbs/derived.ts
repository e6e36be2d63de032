/**
 * Verbs of derived types: the engine permits and checks locks, the type answers.
 */
import { Failure } from '../../../base/failure.ts'
import { isManagementGroup, type ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import type { Call } from '../../../core/call.ts'
import type { Attributes } from '../../../core/rbac/conditions/evaluate.ts'
import { isLocation, LOCATIONS, locationName } from '../../../core/resources/locations.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import { rehearsal, transaction } from '../../../core/transaction.ts'
import type { Method, Reply } from '../../../http/route.ts'
import type { Answer, DerivedType } from '../../../providers/provider.ts'
import { type Asking, actionOf, actionPrefix } from '../asking.ts'
import { requireScope } from '../existence.ts'
import { ALREADY_DONE, operationHeaders } from '../operation-reply.ts'
import { permit, permitAll, permitLinked, recordingRefusals } from '../permit.ts'

type Write = NonNullable<DerivedType['put']>

export async function derived(
  call: Call,
  asking: Asking,
  type: DerivedType,
  id: ResourceId,
  method: Method,
): Promise<Reply> {
  switch (method) {
    case 'GET':
    case 'HEAD': {
      if (!type.get) break
      if (!isFree(type, 'get', id.parent)) await permitVerb(call, asking, type, id, 'read')
      await requireScopeOf(call, asking, type, id)
      const answer = await type.get(call, id, asking.query)
      // HEAD says whether it is there, nothing else.
      return method === 'HEAD' ? { status: 204 } : answer
    }
    case 'PUT':
      if (type.put) return change(call, asking, type, id, 'write', type.put, type.prepare)
      break
    case 'PATCH':
      if (type.patch) return change(call, asking, type, id, 'write', type.patch)
      break
    case 'DELETE': {
      const { remove } = type
      if (!remove) break
      return change(call, asking, type, id, 'delete', (tx, at, _body, query) =>
        remove(tx, at, query),
      )
    }
  }
  throw notAllowed(method, type)
}

async function change(
  call: Call,
  asking: Asking,
  type: DerivedType,
  id: ResourceId,
  verb: 'write' | 'delete',
  write: Write,
  prepare?: DerivedType['prepare'],
): Promise<Answer> {
  const action = `${actionPrefix(type)}/${verb}`
  const attributes = type.attributes
    ? await type.attributes(call, id, verb, asking.body)
    : undefined
  await permitVerb(call, asking, type, id, verb, attributes)
  if (type.linked) {
    await permitLinked(call, { action, scope: id }, await type.linked(call, id, asking.body))
  }
  if (prepare) await requireScopeOf(call, asking, type, id)
  const body = prepare ? await prepare(call, id, asking.body) : asking.body
  const inOne = () =>
    transaction(call, async (tx) => {
      // What it needs hangs on what is there: it may have changed since it was first looked at.
      if (type.needs) await permitVerb(tx, asking, type, id, verb)
      await requireScopeOf(tx, asking, type, id)
      await refuseLocked(tx, id, verb)
      const answer = await write(tx, id, body, asking.query, asking.lent)
      await record(tx, { action, scope: id.text, outcome: 'done' })
      return isDone(answer)
        ? { ...answer, headers: { ...ALREADY_DONE, ...answer.headers } }
        : answer
    })
  return recordingRefusals(call, { action, scope: id }, inOne)
}

function isDone({ status, headers = {} }: Answer): boolean {
  return status !== 202 && headers['azure-asyncoperation'] === undefined
}

export async function listDerived(
  call: Call,
  asking: Asking,
  type: DerivedType,
  at: ResourceId,
): Promise<Reply> {
  if (!type.list) throw notAllowed('GET', type)
  if (!isFree(type, 'list', at)) await permitVerb(call, asking, type, at, 'read')
  await requireScopeAt(call, asking, type, at)
  return type.list(call, at, asking.query)
}

export async function actDerived(
  call: Call,
  asking: Asking,
  type: DerivedType,
  at: ResourceId,
  name: string,
): Promise<Reply> {
  const run = type.actions?.[name]
  if (!run) throw notAllowed('POST', type)
  if (!isFree(type, 'act', at)) await permit(call, actionOf(type, name), at)
  const inOne = type.rehearsed?.has(name) ? rehearsal : transaction
  const done = { action: actionOf(type, name), scope: at }
  const { operation, ...answer } = await orFound(type, name, () =>
    recordingRefusals(call, done, () => inOne(call, (tx) => run(tx, at, asking.body, asking.lent))),
  )
  if (operation === undefined) {
    return { ...answer, headers: { ...ALREADY_DONE, ...answer.headers } }
  }
  return { ...answer, headers: operationHeaders(call, asking, at, operation, 'with location') }
}

/** What fails is refused, unless it is just what the action was to find out. */
async function orFound(
  type: DerivedType,
  name: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (reason) {
    const answer = reason instanceof Failure ? type.found?.(name, reason) : undefined
    if (!answer) throw reason
    return answer
  }
}

function isFree(type: DerivedType, verb: 'get' | 'list' | 'act', scope: ResourceId | undefined) {
  return scope !== undefined && (type.freely?.(verb, scope) ?? false)
}

async function permitVerb(
  call: Call,
  { body, query }: Asking,
  type: DerivedType,
  id: ResourceId,
  verb: 'read' | 'write' | 'delete',
  attributes?: Attributes,
): Promise<void> {
  if (type.needs) await permitAll(call, await type.needs(call, id, verb, body, query))
  else await permit(call, `${actionPrefix(type)}/${verb}`, id, attributes)
}

/**
 * Extensions hang on any scope that exists; `/` always does. Between a
 * subscription and what hangs on it there may be a location, which is no resource.
 */
async function requireScopeOf(
  call: Call,
  asking: Asking,
  type: DerivedType,
  id: ResourceId,
): Promise<void> {
  if (id.parent) await requireScopeAt(call, asking, type, id.parent)
}

async function requireScopeAt(
  call: Call,
  asking: Asking,
  type: DerivedType,
  at: ResourceId,
): Promise<void> {
  let scope = at
  while (type.place === 'subscription' && scope.parent?.subscriptionId) {
    if (scope.type.toLowerCase().endsWith('/locations')) refuseUnknownLocation(type, scope.name)
    scope = scope.parent
  }
  const stored = scope.subscriptionId !== undefined || isManagementGroup(scope)
  if (stored) await requireScope(call, storedScope(asking, scope))
}

/** @throws Failure invalid `NoRegisteredProviderFound` */
function refuseUnknownLocation({ name }: DerivedType, location: string): void {
  if (isLocation(locationName(location))) return
  throw new Failure(
    'invalid',
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' for type ` +
      `'${name.slice(name.indexOf('/') + 1)}'. The supported locations are ` +
      `'${LOCATIONS.map(({ name: known }) => known).join(', ')}'.`,
  )
}

/**
 * What lives in a resource's data plane (a vault's secret, an account's container) is a scope for
 * role assignments that Resource Manager does not know: the resource around it must exist.
 */
function storedScope({ registry }: Pick<Asking, 'registry'>, scope: ResourceId): ResourceId {
  const { parent, type } = scope
  const isChild = parent && type.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`)
  return isChild && registry.find(type)?.kind !== 'stored'
    ? storedScope({ registry }, parent)
    : scope
}

export function notAllowed(method: string, type: { readonly name: string }): Failure {
  return new Failure(
    'unsupported',
    'HttpMethodNotSupported',
    `The HTTP method '${method}' is not supported at scope '${type.name}'.`,
  )
}
