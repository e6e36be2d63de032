/**
 * Moving resources to another group: their rows and those below them get new keys, and whoever
 * refers to them refers to where they are now. Every id is rewritten by the one rule below.
 */
import { mapTexts } from '../../base/json.ts'
import { parseResourceId, type ResourceId, subscriptionResourceId } from '../../base/resource-id.ts'
import { type Param, statement } from '../../store/statement.ts'
import type { ResourceLinksTable } from '../../store/tables.ts'
import { callerObjectId } from '../call.ts'
import type { Transaction } from '../transaction.ts'
import { resourcesBelow } from './lists.ts'
import { putResource, type Resource, removeResource } from './resource.ts'

/** A resource as it was, and the id it gets; what is below it follows. */
export interface Move {
  readonly resource: Resource
  readonly to: ResourceId
}

export interface Moved {
  readonly before: Resource
  readonly from: ResourceId
  readonly to: ResourceId
}

/**
 * Moves the resources and all below them.
 * @returns every id that changed, those below included
 */
export async function moveResources(tx: Transaction, moves: readonly Move[]): Promise<Moved[]> {
  const rewrite = rewriter(moves)
  const moved: Moved[] = []
  for (const { resource } of moves) {
    for (const one of [...(await resourcesBelow(tx, resource.id)), resource]) {
      const to = parseResourceId(rewrite(one.id.text))
      await removeResource(tx, one.id)
      await putResource(tx, changed(tx, { ...one, id: to }))
      await moveLinks(tx, one.id.key, rewrite)
      moved.push({ before: one, from: one.id, to })
    }
  }
  const touched = moves.flatMap(({ resource, to }) => [resource.id, to])
  for (const subscription of new Set(touched.map(({ subscriptionId }) => subscriptionId ?? ''))) {
    await rewriteReferences(tx, subscription, rewrite)
  }
  return moved
}

type Rewrite = (text: string) => string

/** Ids of what moves, and of what is below it, become the new ones; any other text stays. */
function rewriter(moves: readonly Move[]): Rewrite {
  return (text) => {
    if (!text.startsWith('/')) return text
    const key = text.toLowerCase()
    const move = moves.find(
      ({ resource: { id } }) => key === id.key || key.startsWith(`${id.key}/`),
    )
    return move ? `${move.to.text}${text.slice(move.resource.id.text.length)}` : text
  }
}

/** Deployments tell what was; everything else refers to what is. */
const HISTORY = 'microsoft.resources/deployments'

async function rewriteReferences(
  tx: Transaction,
  subscription: string,
  rewrite: Rewrite,
): Promise<void> {
  for (const resource of await resourcesBelow(tx, subscriptionResourceId(subscription))) {
    if (resource.type === HISTORY) continue
    const { properties, envelope, state } = resource
    const before = JSON.stringify([properties, envelope, state])
    const after = JSON.stringify(mapTexts([properties, envelope, state], rewrite))
    if (before === after) continue
    const [newProperties, newEnvelope, newState] = JSON.parse(after)
    const next = { properties: newProperties, envelope: newEnvelope, state: newState }
    await putResource(tx, changed(tx, { ...resource, ...next }))
  }
}

function changed(tx: Transaction, resource: Resource): Resource {
  return {
    ...resource,
    version: resource.version + 1,
    changedAt: tx.now,
    changedBy: callerObjectId(tx),
  }
}

/** Links of a resource, to it, and to parts of it that are no resources of their own. */
const linksOf = statement(
  (query, param: Param<{ key: string; same: string; from: string; until: string }>) =>
    query
      .selectFrom('resource_links')
      .selectAll()
      .where(({ and, or, eb }) =>
        or([
          eb('owner_key', '=', param('key')),
          eb('to_key', '=', param('same')),
          and([eb('to_key', '>', param('from')), eb('to_key', '<', param('until'))]),
        ]),
      ),
)

const changeLink = statement(
  (query, param: Param<ResourceLinksTable & { owner: string; from: string; to: string }>) =>
    query
      .updateTable('resource_links')
      .set({ owner_key: param('owner'), from_id: param('from'), to_key: param('to') })
      .where('owner_key', '=', param('owner_key'))
      .where('from_id', '=', param('from_id'))
      .where('to_key', '=', param('to_key')),
)

async function moveLinks(tx: Transaction, key: string, rewrite: Rewrite): Promise<void> {
  // Every key below sorts between these: `/` is followed by `0` in ASCII.
  const below = { from: `${key}/`, until: `${key}0` }
  for (const link of await linksOf.all(tx.db, { key, same: key, ...below })) {
    await changeLink.run(tx.db, {
      ...link,
      owner: rewrite(link.owner_key).toLowerCase(),
      from: rewrite(link.from_id),
      to: rewrite(link.to_key).toLowerCase(),
    })
  }
}
