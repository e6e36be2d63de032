/**
 * Resources moved from one group to another, together: all of them or none.
 *
 * What moves keeps its principal, what it carries and who refers to it. Role assignments made on
 * it stay behind, on an id where nothing is any more, as in Azure. A machine starts anew under its
 * new id, with its files: the machines job compares ids. What a type keeps by an id, it moves.
 */
import { z } from 'zod'
import { Failure } from '../../../base/failure.ts'
import { parseResourceId, type ResourceId } from '../../../base/resource-id.ts'
import { record } from '../../../core/audit/audit.ts'
import type { Call } from '../../../core/call.ts'
import { moveHost } from '../../../core/identity/move.ts'
import { refuseLocked } from '../../../core/resources/locks.ts'
import { type Move, type Moved, moveResources } from '../../../core/resources/move.ts'
import {
  beginOperation,
  finishOperations,
  resourcesUnderWay,
} from '../../../core/resources/operations.ts'
import { findResource, resourceExists } from '../../../core/resources/resource.ts'
import { type Transaction, transaction } from '../../../core/transaction.ts'
import { type Route, route } from '../../../http/route.ts'
import type { Asking } from '../asking.ts'
import { missingScope, requireScope } from '../existence.ts'
import { operationHeaders } from '../operation-reply.ts'
import { permit, permitLinked } from '../permit.ts'
import { type Registry, readOwnApiVersion } from '../registry.ts'

const GROUP = '/subscriptions/:subscriptionId/resourceGroups/:resourceGroup'
const GROUP_ACTIONS = 'Microsoft.Resources/subscriptions/resourceGroups'
/** As many as Resource Manager moves at once. */
const MOST_MOVED = 800

const input = z.object({
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  body: z.strictObject({
    resources: z.array(z.string()).min(1).max(MOST_MOVED),
    targetResourceGroup: z.string(),
  }),
})
type Input = z.infer<typeof input>

export function moveRoutes(registry: Registry): Route[] {
  return (['moveResources', 'validateMoveResources'] as const).map((verb) =>
    route<Input>({
      method: 'POST',
      path: `${GROUP}/${verb}`,
      guard: { kind: 'principal' },
      input,
      async answer(call, { params, query, body }) {
        const apiVersion = readOwnApiVersion(query)
        const source = parseResourceId(
          `/subscriptions/${params.subscriptionId}/resourceGroups/${params.resourceGroup}`,
        )
        const operation = await answerMove(call, registry, source, body, verb)
        const asking = { apiVersion } as Asking
        const headers = operationHeaders(call, asking, source, operation, 'with location')
        return { status: 202, headers }
      },
    }),
  )
}

async function answerMove(
  call: Call,
  registry: Registry,
  source: ResourceId,
  body: Input['body'],
  verb: 'moveResources' | 'validateMoveResources',
): Promise<string> {
  // 1. May the caller take from here, is it here, and may they put it there?
  const action = `${GROUP_ACTIONS}/${verb}/action`
  await permit(call, action, source)
  const target = readTargetGroup(source, body.targetResourceGroup)
  return transaction(call, async (tx) => {
    await requireScope(tx, source)
    const moves = await readMoves(tx, source, target, body.resources)
    const write = { action: `${GROUP_ACTIONS}/write`, scope: target }
    await permitLinked(tx, { action, scope: source }, [write])
    // 2. Can all of them go, and is there room for all?
    await requireScope(tx, target)
    await refuseLocked(tx, source, 'write')
    await refuseLocked(tx, target, 'write')
    for (const { resource } of moves) await refuseLocked(tx, resource.id, 'delete')
    await refuseUnmovable(tx, registry, moves)
    // 3. They go, with what is below them and whom they carry.
    if (verb === 'moveResources') {
      for (const moved of await moveResources(tx, moves)) {
        await moveHost(tx, moved)
        await tellType(tx, registry, moved)
      }
      tx.wake('machines')
      await record(tx, { action, scope: source.text, outcome: 'done' })
    }
    const operation = await beginOperation(tx, source)
    await finishOperations(tx, source.key)
    return operation
  })
}

function readTargetGroup(source: ResourceId, text: string): ResourceId {
  const target = parseResourceId(text)
  if (target.type !== 'Microsoft.Resources/resourceGroups') {
    throw invalid(`The target resource group id '${text}' is invalid.`)
  }
  if (target.key !== source.key) return target
  throw invalid('The source and target resource groups of a move must not be the same.')
}

async function readMoves(
  tx: Transaction,
  source: ResourceId,
  target: ResourceId,
  texts: readonly string[],
): Promise<Move[]> {
  const ids = new Map(texts.map(parseResourceId).map((id) => [id.key, id]))
  const moves: Move[] = []
  for (const id of ids.values()) {
    if (id.parent?.key !== source.key) {
      throw invalid(`The resource '${id.text}' is not a resource of the group '${source.name}'.`)
    }
    const resource = await findResource(tx, id)
    if (!resource) throw missingScope(id)
    const to = parseResourceId(`${target.text}${resource.id.text.slice(source.text.length)}`)
    moves.push({ resource, to })
  }
  return moves
}

/** What the type keeps beside the row follows it. */
async function tellType(tx: Transaction, registry: Registry, { before, to }: Moved): Promise<void> {
  const type = registry.find(before.type)
  const after = await findResource(tx, to)
  if (type?.kind === 'stored' && after) await type.moved?.(tx, before, after)
}

/** @throws Failure conflict, with one detail for each resource that stays */
async function refuseUnmovable(
  tx: Transaction,
  registry: Registry,
  moves: readonly Move[],
): Promise<void> {
  const underWay = await resourcesUnderWay(tx)
  const refused: Failure[] = []
  for (const { resource, to } of moves) {
    const why = await refusal(tx, registry, resource.id, to, underWay)
    if (why) refused.push(why)
  }
  if (refused.length === 0) return
  throw new Failure(
    'conflict',
    'ResourceMoveProviderValidationFailed',
    'Resource move validation failed. Please see details.',
    { details: refused },
  )
}

async function refusal(
  tx: Transaction,
  registry: Registry,
  { text, type: name, key }: ResourceId,
  to: ResourceId,
  underWay: ReadonlySet<string>,
): Promise<Failure | undefined> {
  const type = registry.find(name)
  const refuse = (code: string, message: string) =>
    new Failure('conflict', code, message, { target: text })
  if (type?.kind !== 'stored' || type.place !== 'group' || type.unmovable) {
    return refuse(
      'ResourceMoveNotSupported',
      `Resource move is not supported for resource types '${type?.name ?? name}'.`,
    )
  }
  if (underWay.has(key)) {
    return refuse('ResourceNotInSucceededState', `The resource '${text}' is being changed.`)
  }
  if (await resourceExists(tx, to)) {
    return refuse('ResourceAlreadyExists', `The resource '${to.text}' exists already.`)
  }
  return undefined
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'InvalidMoveResourcesRequest', message)
}
